"""Cancelling a round, taking that back, closing it early and opening it again. Each with a reason.

A person's answer to one round has nothing to do with a child's case: no case is closed, and none is opened, by any of
these.
"""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.schools.types import OFFICE_CLOSES
from app.surveys.models import Invitation, RoundSchedule, SurveyRound
from app.surveys.types import ReopenRound, StateRound


def cancel_round(session: Session, actor: Actor, survey_round: SurveyRound, command: StateRound) -> None:
    """Stop a round before it opens or while it is open: nobody is asked or reminded any more. Answers given stand."""
    _require_planned(survey_round, command.version)
    survey_round.cancel(because=command.reason)
    session.flush()
    session.execute(update(Invitation).where(Invitation.round_id == survey_round.id).values(next_at=None))
    audit.record(session, actor, AuditAction.SURVEY_CANCELLED, survey_round.id)


def restore_round(session: Session, actor: Actor, survey_round: SurveyRound, command: StateRound) -> None:
    """Take a cancelling back. What would have happened meanwhile is passed over; what lies ahead happens.

    Raises `Refused` when the whole time of the round has passed.
    """
    _require_planned(survey_round, command.version)
    at = clock.now()
    if survey_round.closes_at <= at:
        raise Refused("moment_has_passed")
    survey_round.restore(because=command.reason)
    session.flush()
    for schedule in session.scalars(select(RoundSchedule).where(RoundSchedule.round_id == survey_round.id)):
        _resume(session, schedule, at)
    audit.record(session, actor, AuditAction.SURVEY_RESTORED, survey_round.id)


def _require_planned(survey_round: SurveyRound, version: int) -> None:
    """Raise `Refused` for what schools begin by themselves, at any time: nobody stops them from reporting."""
    if survey_round.days is None:
        raise Refused("round_is_always_open")
    require_version(survey_round, version)


def _resume(session: Session, schedule: RoundSchedule, at: datetime) -> None:
    number, next_at = next(
        ((number, step.at) for number, step in enumerate(schedule.steps) if step.at > at), (len(schedule.steps), None)
    )
    session.execute(
        update(Invitation)
        .where(Invitation.schedule_id == schedule.id, Invitation.submitted_at.is_(None))
        .values(next_step=number, next_at=next_at)
    )


def close_round_now(session: Session, actor: Actor, survey_round: SurveyRound, command: StateRound) -> None:
    """Take no more answers, once every unit has had its time. Raises `Refused` while some unit's answer is not due."""
    _require_planned(survey_round, command.version)
    at = clock.now()
    last_due_at = session.scalar(select(func.max(Invitation.due_at)).where(Invitation.round_id == survey_round.id))
    if last_due_at is not None and last_due_at > at:
        raise Refused("not_due_yet")
    survey_round.close(at=at)
    survey_round.state_reason = command.reason
    session.flush()
    session.execute(
        update(Invitation)
        .where(Invitation.round_id == survey_round.id, Invitation.closes_at > at)
        .values(closes_at=at, next_at=None)
    )
    audit.record(session, actor, AuditAction.SURVEY_CLOSED, survey_round.id)


def reopen_round(session: Session, actor: Actor, survey_round: SurveyRound, command: ReopenRound) -> None:
    """Take answers again until offices close on a day. No mail goes by itself. Raises `Refused` for a day gone by."""
    _require_planned(survey_round, command.version)
    closes_at = clock.at(command.close_on, OFFICE_CLOSES)
    if closes_at <= clock.now():
        raise Refused("moment_has_passed")
    survey_round.reopen(because=command.reason)
    survey_round.closes_at = closes_at
    session.flush()
    session.execute(
        update(Invitation).where(Invitation.round_id == survey_round.id).values(closes_at=closes_at, next_at=None)
    )
    # Its days can be changed again, and then what has not happened is what the schedules say.
    session.execute(update(RoundSchedule).where(RoundSchedule.round_id == survey_round.id).values(closes_at=closes_at))
    audit.record(session, actor, AuditAction.SURVEY_REOPENED, survey_round.id)
