"""Finding accounts."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor, Role
from app.accounts.models import (
    Account,
    Membership,
)
from app.kernel.encryption import blind_index
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key


def email_index(email: str) -> bytes:
    """Return what a look-up of a mail address compares."""
    return blind_index(None, "account-email", email.strip().casefold())


def find_by_email(session: Session, email: str) -> Account | None:
    """Return the account of a mail address, whatever its letters' case."""
    return session.scalar(select(Account).where(Account.email_index == email_index(email)))


def get_account_for_update(session: Session, account_id: UUID) -> Account:
    """Return an account as it is now; what others do with it waits until the transaction ends."""
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def get_account(session: Session, account_id: UUID, *, visible_to: Actor) -> Account:
    """Return an account of the actor's municipality. Raises `NotFound`."""
    account = session.scalar(
        select(Account)
        .where(Account.id == account_id, Account.municipality_id == visible_to.municipality_id)
        .options(selectinload(Account.memberships).joinedload(Membership.school_unit))
    )
    if account is None:
        raise NotFound
    return account


def list_accounts(session: Session, *, visible_to: Actor) -> Sequence[Account]:
    """Return the accounts of the actor's municipality with their units, by name."""
    accounts = session.scalars(
        select(Account)
        .where(Account.municipality_id == visible_to.municipality_id)
        .options(selectinload(Account.memberships).joinedload(Membership.school_unit))
    ).all()
    return sorted(accounts, key=lambda account: swedish_key(account.name))


def list_by_role(session: Session, municipality_id: UUID, role: Role) -> Sequence[Account]:
    """Return the active accounts with a role, by name."""
    accounts = session.scalars(
        select(Account).where(
            Account.municipality_id == municipality_id, Account.role == role, Account.is_active.is_(True)
        )
    ).all()
    return sorted(accounts, key=lambda account: swedish_key(account.name))


def list_demo_accounts(session: Session) -> Sequence[Account]:
    """Return the accounts of a rehearsal that its sign-in page offers: one of each role, and a second respondent."""
    wanted = dict.fromkeys(Role, 1) | {Role.RESPONDENT: 2, Role.SYSTEM: 0}
    accounts = session.scalars(
        select(Account)
        .where(Account.password_hash.is_not(None), Account.is_active.is_(True))
        .options(selectinload(Account.memberships).joinedload(Membership.school_unit))
        .order_by(Account.activated_at, Account.id)
    ).all()
    chosen = []
    for account in accounts:
        if wanted[account.role] > 0:
            wanted[account.role] -= 1
            chosen.append(account)
    return sorted(chosen, key=lambda account: list(Role).index(account.role))


def names_by_id(session: Session, account_ids: Collection[UUID], *, visible_to: Actor) -> Mapping[UUID, str]:
    """Return the names of accounts in the actor's municipality by id."""
    accounts = session.scalars(
        select(Account).where(Account.municipality_id == visible_to.municipality_id, Account.id.in_(account_ids))
    )
    return {account.id: account.name for account in accounts}
