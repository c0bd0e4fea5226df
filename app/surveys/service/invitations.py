"""Asking units, and what their answers tell the round."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, literal, null, select, update
from sqlalchemy.orm import Session, joinedload

from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.sql_functions import execute_many, id_text, json_pair
from app.outbox import service as outbox
from app.schools.types import WorkingCalendar
from app.surveys import queries
from app.surveys.models import Invitation, RoundSchedule, SurveyRound
from app.surveys.types import INVITATION_KEY, InvitationState, is_office_hour, late_schedule

_PUSHED: Final = (
    "state",
    "is_nil",
    "submitted_at",
    "last_activity_at",
    "missing_count",
    "protected_count",
    "next_at",
)


def send_due_invitations(session: Session, schedule_id: UUID) -> int:
    """Ask the units of a schedule whose hour has come, and return how many; 0 when another process does it.

    They are asked in office hours of a school day of theirs only. A unit that is asked much later than planned, since
    nothing ran, gets all the days that the round gives, from now.
    """
    at = clock.now()
    found = queries.find_schedule_to_send(session, schedule_id, at)
    if found is None:
        return 0
    row, survey_round = found
    calendar = _calendar_of(session, row)
    if not is_office_hour(calendar, at):
        return 0
    if survey_round.days is not None:
        row.moments = late_schedule(calendar, row.moments, survey_round.days, at)
    session.flush()
    execute_many(  # Past the version: units of other calendars may be asked by another process meanwhile.
        session,
        update(SurveyRound)
        .where(SurveyRound.id == survey_round.id, SurveyRound.closes_at < row.closes_at)
        .values(closes_at=row.closes_at),
    )
    asked = _ask(session, row, at)
    queue_invitations(session, Invitation.schedule_id == row.id, at)
    return asked


def _calendar_of(session: Session, row: RoundSchedule) -> WorkingCalendar:
    """Return the school days of the units that follow a schedule; they share them."""
    invitation = session.scalars(
        select(Invitation)
        .where(Invitation.schedule_id == row.id)
        .order_by(Invitation.id)
        .limit(1)
        .options(joinedload(Invitation.school_unit, innerjoin=True))
    ).one()
    return queries.get_unit_calendar(session, invitation.school_unit)


def _ask(session: Session, row: RoundSchedule, at: datetime) -> int:
    first_step = literal(row.moments.first_step_at, Invitation.next_at.type)
    next_at = case((Invitation.submitted_at.is_(None), first_step), else_=null())
    moments = {"due_at": row.due_at, "closes_at": row.closes_at, "next_step": 0, "next_at": next_at}
    return execute_many(
        session,
        update(Invitation)
        .where(Invitation.schedule_id == row.id, Invitation.invited_at.is_(None))
        .values(invited_at=at, **moments),
    )


def queue_invitations(session: Session, which: ColumnElement[bool], at: datetime) -> int:
    """Queue the mails of the invitations that were made `at` this moment, in one statement, and return how many."""
    invitation_id = id_text(Invitation.id)
    rows = select(
        Invitation.municipality_id.label("municipality_id"),
        (literal(INVITATION_KEY) + invitation_id).label("dedupe_key"),
        json_pair(literal("invitation_id"), invitation_id).label("payload"),
    ).where(which, Invitation.invited_at == at, Invitation.submitted_at.is_(None))
    return outbox.enqueue_from(session, "surveys.invitation", rows)


def lock_invitation(session: Session, invitation_id: UUID) -> None:
    """Wait until nobody else changes the invitation or what hangs on it, and let nobody until the transaction ends.

    Raises `NotFound`.
    """
    if session.scalar(select(Invitation.id).where(Invitation.id == invitation_id).with_for_update()) is None:
        raise NotFound("invitation")


def push_response_state(
    session: Session,
    invitation: Invitation,
    *,
    state: InvitationState,
    at: datetime,
    is_nil: bool = False,
    missing_count: int = 0,
    protected_count: int = 0,
    back_count: int | None = None,
    new_count: int | None = None,
) -> None:
    """Take over how far the unit's answer has come, under the same lock that reminding takes.

    Once submitted, an answer stands until a new version replaces it: a change that has only been begun leaves it so.
    """
    session.flush()
    session.refresh(invitation, _PUSHED, with_for_update=True)
    invitation.last_activity_at = at
    if invitation.has_answered and state is not InvitationState.SUBMITTED:
        return
    invitation.state, invitation.is_nil = state, is_nil
    invitation.missing_count, invitation.protected_count = missing_count, protected_count
    invitation.back_count, invitation.new_count = back_count, new_count
    if state is InvitationState.SUBMITTED:
        invitation.next_at = None
        invitation.submitted_at = invitation.submitted_at or at
