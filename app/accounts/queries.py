"""Finding accounts, sessions and links."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor, Role
from app.accounts.models import Account, Membership, OneTimeLink, SignInAttempt, SignInSession
from app.accounts.types import LinkPurpose
from app.kernel.encryption import blind_index
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key
from app.kernel.tokens import read_token
from app.kernel.typed_forms import KEPT_FOR


def email_index(email: str) -> bytes:
    """Return what a look-up of a mail address compares."""
    return blind_index(None, "account-email", email.strip().casefold())


def token_hash(token: str) -> bytes:
    """Return what is stored of a session's token."""
    return sha256(token.encode()).digest()


def find_session(session: Session, token: str) -> SignInSession | None:
    """Return the sign-in session of a cookie with its account, memberships and municipality, alive or not."""
    return session.scalar(
        select(SignInSession)
        .where(SignInSession.token_hash == token_hash(token))
        .options(
            joinedload(SignInSession.account).options(
                joinedload(Account.municipality),
                selectinload(Account.memberships).joinedload(Membership.school_unit),
            )
        )
    )


def is_long_ended(at: datetime) -> ColumnElement[bool]:
    """Keep the sessions that nobody can have used, nor sent anything by, for longer than what is typed is kept."""
    return SignInSession.last_seen_at < at - KEPT_FOR


def exists_long_ended(session: Session, at: datetime) -> bool:
    """Tell whether there is a session that may be forgotten."""
    return session.scalar(select(SignInSession.id).where(is_long_ended(at)).limit(1)) is not None


def find_by_email(session: Session, email: str) -> Account | None:
    """Return the account of a mail address, whatever its letters' case."""
    return session.scalar(select(Account).where(Account.email_index == email_index(email)))


def find_usable_link(session: Session, token: str, at: datetime) -> OneTimeLink | None:
    """Return the link of a token when it may be used at `at`, with its account; else None."""
    for purpose in LinkPurpose:
        if (link_id := read_token(purpose.value, token)) is not None:
            link = session.scalar(
                select(OneTimeLink).where(OneTimeLink.id == link_id).options(joinedload(OneTimeLink.account))
            )
            return link if link is not None and link.is_usable(at) else None
    return None


def count_links(session: Session, account_id: UUID, purpose: LinkPurpose, since: datetime) -> int:
    """Return how many links of a kind were made for an account since a moment."""
    made = OneTimeLink.made_at > since
    statement = select(func.count()).where(OneTimeLink.account_id == account_id, OneTimeLink.purpose == purpose, made)
    return session.scalar(statement) or 0


def count_attempts(session: Session, key: bytes, since: datetime) -> int:
    """Return how often a pair of account and address was tried since a moment."""
    return (
        session.scalar(
            select(func.count()).select_from(SignInAttempt).where(SignInAttempt.key == key, SignInAttempt.at > since)
        )
        or 0
    )


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
