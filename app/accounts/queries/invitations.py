"""Finding invitations to an account of one's own."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.accounts.models import (
    AT_SCHOOL,
    INVITATION_TOKEN,
    Account,
    AccountInvitation,
    InvitedUnit,
)
from app.accounts.queries.accounts import email_index, find_by_email
from app.accounts.types import INVITATION_KEPT_FOR, MOST_FORGOTTEN, UNANSWERED_KEPT_FOR, Duty
from app.kernel.errors import NotFound
from app.kernel.tokens import read_token


def find_invitation_by_token(session: Session, token: str) -> AccountInvitation | None:
    """Return the invitation of a token with all it says, usable or not; None when the token was not made here."""
    invitation_id = read_token(INVITATION_TOKEN, token)
    if invitation_id is None:
        return None
    statement = _invitations().where(AccountInvitation.id == invitation_id)
    return session.scalar(statement.options(joinedload(AccountInvitation.municipality)))


def get_account_invitation(session: Session, account_invitation_id: UUID, *, visible_to: Actor) -> AccountInvitation:
    """Return an invitation of the actor's municipality, of a unit it leads if it is at a school. Raises `NotFound`.

    It may be over: whoever had it on the page is told so, rather than that there is none.
    """
    of_municipality = AccountInvitation.municipality_id == visible_to.municipality_id
    found = session.scalar(_invitations().where(AccountInvitation.id == account_invitation_id, of_municipality))
    if found is None or not _is_shown_to(found, visible_to):
        raise NotFound("account invitation")
    return found


def list_account_invitations(session: Session, *, visible_to: Actor) -> Sequence[AccountInvitation]:
    """Return the invitations that no newer one has replaced and nobody has used, the latest first.

    A coordinator or administrator sees the municipality's, a principal the delegations of the units they lead.
    """
    statement = (
        _invitations()
        .where(AccountInvitation.municipality_id == visible_to.municipality_id, _is_pending())
        .order_by(AccountInvitation.sent_at.desc(), AccountInvitation.id)
    )
    found = session.scalars(statement).all()
    return [each for each in found if _is_shown_to(each, visible_to)]


def _is_shown_to(invitation: AccountInvitation, actor: Actor) -> bool:
    is_theirs = invitation.duty is Duty.DELEGATE and invitation.school_unit_id in actor.leads
    return is_theirs or actor.role not in AT_SCHOOL


def _lock(session: Session, municipality_id: UUID) -> None:
    """Let one at a time send, accept or take back invitations of a municipality, until the transaction ends.

    Before any other row is changed, or two could wait for each other. The municipality's row stands for them: those of
    an address cannot be locked before there are any. Rows that point at it may still be added.
    """
    municipality = AccountInvitation.metadata.tables["municipality"]
    its_row = select(municipality.c.id).where(municipality.c.id == municipality_id)
    session.execute(its_row.with_for_update(key_share=True))


def list_pending_for_update(session: Session, municipality_id: UUID, email: str) -> Sequence[AccountInvitation]:
    """Return an address's invitations in a municipality that nobody has used or ended, kept from others as they are."""
    _lock(session, municipality_id)
    of_address = AccountInvitation.email_index == email_index(email)
    statement = _invitations().where(AccountInvitation.municipality_id == municipality_id, of_address, _is_pending())
    for known in session.scalars(statement):
        session.expire(known, ["invited_units"])  # All that another may have changed of one that is still pending.
    return session.scalars(statement.order_by(AccountInvitation.id)).all()


def find_invited_account(session: Session, invitation: AccountInvitation) -> Account | None:
    """Return the account that the address has got in the municipality that invited it, or None."""
    account = find_by_email(session, invitation.email)
    return account if account is not None and account.municipality_id == invitation.municipality_id else None


def list_delegations_for_update(
    session: Session, municipality_id: UUID, invited_by_id: UUID
) -> Sequence[AccountInvitation]:
    """Return whom somebody has invited to answer in their place, who has not come yet, kept from others."""
    _lock(session, municipality_id)
    by_them = AccountInvitation.invited_by_id == invited_by_id
    statement = _invitations().where(by_them, AccountInvitation.duty == Duty.DELEGATE, _is_pending())
    return session.scalars(statement.order_by(AccountInvitation.id)).all()


def count_account_invitations(session: Session, municipality_id: UUID, email: str, since: datetime) -> int:
    """Return how many invitations a municipality has sent to an address since a moment."""
    statement = select(func.count()).where(
        AccountInvitation.municipality_id == municipality_id,
        AccountInvitation.email_index == email_index(email),
        AccountInvitation.sent_at > since,
    )
    return session.scalar(statement) or 0


def list_forgettable_invitations(session: Session, at: datetime, on: date) -> Sequence[UUID]:
    """Return the ids of the invitations that have been over, or unused, for so long that they may be forgotten."""
    long_over = at - INVITATION_KEPT_FOR
    return session.scalars(
        select(AccountInvitation.id)
        .where(
            or_(
                AccountInvitation.used_at < long_over,
                AccountInvitation.ended_at < long_over,
                AccountInvitation.ends_on < on - INVITATION_KEPT_FOR,
                AccountInvitation.sent_at < at - UNANSWERED_KEPT_FOR,
            )
        )
        .order_by(AccountInvitation.id)
        .limit(MOST_FORGOTTEN)
    ).all()


def _is_pending() -> ColumnElement[bool]:
    return and_(AccountInvitation.ended_at.is_(None), AccountInvitation.used_at.is_(None))


def _invitations() -> Select[AccountInvitation]:
    return select(AccountInvitation).options(
        selectinload(AccountInvitation.invited_units).joinedload(InvitedUnit.school_unit)
    )
