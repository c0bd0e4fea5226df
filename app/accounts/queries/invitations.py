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
    AccountInvitation,
    InvitedUnit,
)
from app.accounts.queries.accounts import email_index
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
        .where(AccountInvitation.municipality_id == visible_to.municipality_id, _is_pending())
        .order_by(AccountInvitation.sent_at.desc(), AccountInvitation.id)
    )
    found = session.scalars(statement).all()
    if visible_to.role in AT_SCHOOL:
        return [each for each in found if each.duty is Duty.DELEGATE and each.school_unit_id in visible_to.leads]
    return found


def list_pending_invitations(session: Session, municipality_id: UUID, email: str) -> Sequence[AccountInvitation]:
    """Return the invitations of an address in a municipality that have not been used or ended."""
    return session.scalars(_pending_invitations(municipality_id, email)).all()


def list_pending_for_update(session: Session, municipality_id: UUID, email: str) -> Sequence[AccountInvitation]:
    """Return the same as they are now, kept from others until the transaction ends."""
    pending = _pending_invitations(municipality_id, email).with_for_update()
    return session.scalars(pending.execution_options(populate_existing=True)).all()


def _pending_invitations(municipality_id: UUID, email: str) -> Select[AccountInvitation]:
    of_address = AccountInvitation.email_index == email_index(email)
    return (
        _invitations()
        .where(AccountInvitation.municipality_id == municipality_id, of_address, _is_pending())
        .order_by(AccountInvitation.id)
    )


def list_pending_delegations(session: Session, invited_by_id: UUID) -> Sequence[AccountInvitation]:
    """Return whom somebody has invited to answer in their place, who has not come yet."""
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
