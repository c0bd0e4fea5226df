"""Whom somebody has to ring, since nobody has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.access.actor import Actor
from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, PhoneNote, Reminder, SurveyRound
from app.surveys.queries.delivery import is_unasked
from app.surveys.types import RoundState, StepKind

CALLED_AFTER_CLOSING: Final = timedelta(days=60)
"""A unit that nobody has reached stays to be rung this long after its round has closed."""


@dataclass(frozen=True, slots=True)
class CallTask:
    """A unit that somebody has to ring: reminded, escalated, and still without an answer."""

    invitation: Invitation
    since: datetime
    attempt: PhoneNote | None
    """The last time nobody was reached."""


def list_call_tasks(
    session: Session, at: datetime, *, visible_to: Actor, in_round: SurveyRound | None = None
) -> Sequence[CallTask]:
    """Return the units that somebody has to ring, of one round or of all: those nobody has tried to reach, who waited
    longest first, and then those to try again.

    A unit leaves the list when it answers, when somebody has been reached, or when it is given more time; a call that
    nobody took keeps it there. That its round closes does not take it away: then it stays until the next round of the
    plan has asked it, and at most `CALLED_AFTER_CLOSING`.
    """
    calls = _calls(visible_to)
    is_reached = exists().where(
        PhoneNote.invitation_id == Invitation.id, PhoneNote.reached, PhoneNote.noted_at >= calls.c.since
    )
    in_rounds = [Invitation.round_id == in_round.id] if in_round is not None else []
    rows = session.execute(
        select(Invitation, calls.c.since)
        .join(calls, calls.c.invitation_id == Invitation.id)
        .join(Invitation.round)
        .join(Invitation.school_unit)
        .where(Invitation.municipality_id == visible_to.municipality_id, SchoolUnit.is_active)
        .where(_is_rung_about(at), Invitation.submitted_at.is_(None), Invitation.due_at <= at)
        .where(~is_reached, *in_rounds)
        .order_by(calls.c.since, Invitation.id)
        .options(contains_eager(Invitation.round), contains_eager(Invitation.school_unit))
    ).all()
    attempts = _attempts(session, [invitation.id for invitation, _ in rows])
    return sorted((CallTask(each, since, attempts.get(each.id)) for each, since in rows), key=_in_turn)


def _calls(visible_to: Actor) -> Subquery:
    """Return since when each invitation is to be rung about."""
    return (
        select(Reminder.invitation_id, func.max(Reminder.queued_at).label("since"))
        .where(Reminder.step == StepKind.CALL, Reminder.municipality_id == visible_to.municipality_id)
        .group_by(Reminder.invitation_id)
        .subquery()
    )


def _in_turn(task: CallTask) -> tuple[bool, datetime, tuple[str, str]]:
    last = task.since if task.attempt is None else task.attempt.noted_at
    return task.attempt is not None, last, swedish_key(task.invitation.school_unit.name)


def _is_rung_about(at: datetime) -> ColumnElement[bool]:
    """Tell whether the silence in a round is to be rung about: it is open, or closed and nothing newer has come."""
    later, later_round = aliased(Invitation), aliased(SurveyRound)
    is_asked_anew = exists().where(
        later.school_unit_id == Invitation.school_unit_id,
        later.opens_at > Invitation.opens_at,
        later.invited_at.is_not(None),
        later_round.id == later.round_id,
        later_round.plan_id == SurveyRound.plan_id,
        later_round.state != RoundState.CANCELLED,
        ~is_unasked(later),
    )
    is_lately_closed = and_(
        SurveyRound.state == RoundState.CLOSED, SurveyRound.closed_at > at - CALLED_AFTER_CLOSING, ~is_asked_anew
    )
    return or_(SurveyRound.state == RoundState.OPEN, is_lately_closed)


def _attempts(session: Session, invitation_ids: Sequence[UUID]) -> Mapping[UUID, PhoneNote]:
    notes = session.scalars(
        select(PhoneNote)
        .where(PhoneNote.invitation_id.in_(invitation_ids), ~PhoneNote.reached)
        .order_by(PhoneNote.noted_at, PhoneNote.id)
    )
    return {note.invitation_id: note for note in notes}
