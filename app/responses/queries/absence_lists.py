"""Absence lists that wait to be confirmed. Each is its maker's own: a colleague has another, or none."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.errors import NotFound
from app.responses.models import AbsenceList
from app.surveys.models import Invitation

KEPT: Final = timedelta(days=1)
"""How long a list waits to be confirmed: over lunch or a night, not until the next survey."""


def get_absence_list(session: Session, absence_list_id: UUID, *, visible_to: Actor) -> AbsenceList:
    """Return an absence list with its invitation. Raises `NotFound`."""
    found = session.scalar(_lists().where(_is_visible(visible_to), AbsenceList.id == absence_list_id))
    if found is None:
        raise NotFound("absence list")
    return found


def find_own_absence_list(session: Session, invitation_id: UUID, *, visible_to: Actor) -> AbsenceList | None:
    """Return the list that the actor has pasted or uploaded for an invitation and not confirmed, or None."""
    return session.scalar(_lists().where(_is_visible(visible_to), AbsenceList.invitation_id == invitation_id))


def exists_old_absence_list(session: Session) -> bool:
    """Tell whether a list is kept that should not be: nobody has confirmed it in a day, or its round has closed."""
    return session.scalar(select(AbsenceList.id).where(is_old()).limit(1)) is not None


def is_old() -> ColumnElement[bool]:
    """Hold for the lists that should not be kept any longer."""
    now = clock.now()
    closed = select(Invitation.id).where(Invitation.closes_at <= now)
    return or_(AbsenceList.previewed_at <= now - KEPT, AbsenceList.invitation_id.in_(closed))


def _lists() -> Select[AbsenceList]:
    invitation = joinedload(AbsenceList.invitation)
    return select(AbsenceList).options(
        invitation.options(joinedload(Invitation.school_unit), joinedload(Invitation.round))
    )


def _is_visible(actor: Actor) -> ColumnElement[bool]:
    return and_(
        AbsenceList.municipality_id == actor.municipality_id,
        AbsenceList.previewed_by_id == actor.account_id,
        AbsenceList.school_unit_id.in_(actor.unit_ids),
    )
