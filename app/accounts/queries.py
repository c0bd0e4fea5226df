"""Finding accounts, sessions and links."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access.actor import Actor, Role
from app.accounts.models import (
    AT_SCHOOL,
    INVITATION_TOKEN,
    Account,
    AccountInvitation,
    InvitedUnit,
    Membership,
    OneTimeLink,
    SignInAttempt,
    SignInSession,
)
from app.accounts.types import Duty, LinkPurpose
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


def find_invitation_by_token(session: Session, token: str) -> AccountInvitation | None:
    """Return the invitation of a token with its units, usable or not; None when the token was not made here."""
    invitation_id = read_token(INVITATION_TOKEN, token)
    if invitation_id is None:
        return None
    return session.scalar(_invitations().where(AccountInvitation.id == invitation_id))


def get_account_invitation(session: Session, account_invitation_id: UUID, *, visible_to: Actor) -> AccountInvitation:
    """Return an invitation of the actor's municipality, of a unit it leads if it is at a school. Raises `NotFound`."""
    found = next(
        (each for each in list_account_invitations(session, visible_to=visible_to) if each.id == account_invitation_id),
        None,
    )
    if found is None:
        raise NotFound("account invitation")
    return found


def list_account_invitations(session: Session, *, visible_to: Actor) -> Sequence[AccountInvitation]:
    """Return the invitations that no newer one has replaced and nobody has used, the latest first.

    A coordinator or administrator sees the municipality's, a principal the delegations of the units they lead.
    """
    statement = (
        _invitations()
        .where(AccountInvitation.municipality_id == visible_to.municipality_id)
        .where(AccountInvitation.ended_at.is_(None), AccountInvitation.used_at.is_(None))
        .order_by(AccountInvitation.sent_at.desc(), AccountInvitation.id)
    )
    found = session.scalars(statement).all()
    if visible_to.role in AT_SCHOOL:
        return [each for each in found if each.duty is Duty.DELEGATE and each.school_unit_id in visible_to.leads]
    return found


def list_pending_invitations(session: Session, municipality_id: UUID, email: str) -> Sequence[AccountInvitation]:
    """Return the invitations of an address in a municipality that have not been used or ended."""
    return session.scalars(
        _invitations()
        .where(
            AccountInvitation.municipality_id == municipality_id, AccountInvitation.email_index == email_index(email)
        )
        .where(AccountInvitation.ended_at.is_(None), AccountInvitation.used_at.is_(None))
    ).all()


def count_account_invitations(session: Session, municipality_id: UUID, email: str, since: datetime) -> int:
    """Return how many invitations a municipality has sent to an address since a moment."""
    statement = select(func.count()).where(
        AccountInvitation.municipality_id == municipality_id,
        AccountInvitation.email_index == email_index(email),
        AccountInvitation.sent_at > since,
    )
    return session.scalar(statement) or 0


def _invitations() -> Select[AccountInvitation]:
    return select(AccountInvitation).options(
        selectinload(AccountInvitation.invited_units).joinedload(InvitedUnit.school_unit)
    )


def list_standing(session: Session, account_id: UUID) -> Sequence[Membership]:
    """Return what an account is or will be at school units, what was withdrawn left out."""
    return session.scalars(
        select(Membership).where(Membership.account_id == account_id, Membership.withdrawn_at.is_(None))
    ).all()


def get_membership(session: Session, membership_id: UUID, *, visible_to: Actor) -> Membership:
    """Return what somebody is at a school unit of the actor's municipality. Raises `NotFound`."""
    found = session.scalar(
        select(Membership).where(
            Membership.id == membership_id, Membership.municipality_id == visible_to.municipality_id
        )
    )
    if found is None:
        raise NotFound("membership")
    return found


def get_delegation(session: Session, membership_id: UUID, *, visible_to: Actor) -> Membership:
    """Return a delegation; what a principal is by appointment is not theirs to end. Raises `NotFound`."""
    found = get_membership(session, membership_id, visible_to=visible_to)
    if found.duty is not Duty.DELEGATE:
        raise NotFound("delegation")
    return found


def list_memberships(session: Session, *, visible_to: Actor, on: date) -> Sequence[Membership]:
    """Return who is or will be what at school units, with their accounts, by name; closed accounts left out.

    A coordinator or administrator sees the municipality's, a principal those of the units they lead.
    """
    statement = (
        select(Membership)
        .join(Membership.account)
        .where(Membership.municipality_id == visible_to.municipality_id, Account.is_active)
        .where(Membership.withdrawn_at.is_(None), or_(Membership.ends_on.is_(None), Membership.ends_on >= on))
        .options(contains_eager(Membership.account))
    )
    if visible_to.role in AT_SCHOOL:
        statement = statement.where(Membership.school_unit_id.in_(visible_to.leads))
    return sorted(session.scalars(statement), key=lambda each: (swedish_key(each.account.name), each.id))


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
