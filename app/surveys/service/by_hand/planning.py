"""Drafted rounds: confirmed, given other days, or the days and letter of last year.

Only what has not happened is changed: of a round that is open, what its units have been told and done stands.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.schools.models import SchoolUnit
from app.surveys import queries
from app.surveys.models import Invitation, RoundSchedule, SurveyRound
from app.surveys.types import ChangeRoundDays, RoundState, Schedule, WaveDays, changed_schedule, late_schedule


def confirm_round(session: Session, actor: Actor, survey_round: SurveyRound, version: int) -> None:
    """Say that a planned round is right as it stands; it would open all the same. Raises `Conflict` and `Refused`."""
    require_version(survey_round, version)
    if survey_round.state is not RoundState.PLANNED:
        raise Refused("round_not_planned")
    survey_round.confirmed_at, survey_round.confirmed_by_id = clock.now(), actor.account_id
    audit.record(session, actor, AuditAction.SURVEY_CONFIRMED, survey_round.id)


def copy_last_year(session: Session, actor: Actor, survey_round: SurveyRound, version: int) -> None:
    """Give a planned round the days and the letter of the same round last year. Raises `Conflict` and `Refused`."""
    require_version(survey_round, version)
    last = queries.find_last_year(session, survey_round)
    if last is None or last.days is None:
        raise Refused("nothing_to_copy")
    survey_round.letter = last.letter
    _change_planned(session, survey_round, last.days)
    audit.record(session, actor, AuditAction.SURVEY_ROUND_CHANGED, survey_round.id, fields=["days", "letter"])


def change_round_days(session: Session, actor: Actor, survey_round: SurveyRound, command: ChangeRoundDays) -> None:
    """Give one round other days for what has not happened. Raises `Conflict`, and `Refused` for days gone by."""
    require_version(survey_round, command.version)
    if survey_round.state is RoundState.PLANNED:
        _change_planned(session, survey_round, command.days)
    elif survey_round.state is RoundState.OPEN and survey_round.days is not None:
        _change_open(session, survey_round, command.days)
    else:
        raise Refused("round_not_open")
    audit.record(session, actor, AuditAction.SURVEY_ROUND_CHANGED, survey_round.id, fields=["days"])


def _change_planned(session: Session, survey_round: SurveyRound, days: WaveDays) -> None:
    at = clock.now()
    survey_round.days, survey_round.drafted_at = days, at
    schedules = queries.list_schedules(session, survey_round)
    if not schedules:
        raise Refused("calendar_missing")
    survey_round.opens_at = min(each.moments.opens_at for each in schedules)
    survey_round.closes_at = max(each.moments.closes_at for each in schedules)
    if survey_round.opens_at <= at:
        raise Refused("moment_has_passed")
    survey_round.withdraw_confirmation()


def _change_open(session: Session, survey_round: SurveyRound, days: WaveDays) -> None:
    survey_round.days, at = days, clock.now()
    wanted = {(each.organiser_id, each.unit_id): each for each in queries.list_schedules(session, survey_round)}
    for row, invitation in _list_shared(session, survey_round):
        unit = invitation.school_unit
        each = wanted.get((unit.organiser_id, unit.id)) or wanted.get((unit.organiser_id, None))
        if each is not None:
            planned = each.moments
            if invitation.invited_at is not None:
                planned = late_schedule(each.calendar, planned, days, invitation.invited_at)
            _change_schedule(session, row, planned, at)
    session.flush()
    survey_round.closes_at = max(
        session.scalars(select(Invitation.closes_at).where(Invitation.round_id == survey_round.id).distinct())
    )


def _list_shared(session: Session, survey_round: SurveyRound) -> Sequence[tuple[RoundSchedule, Invitation]]:
    """Return the schedules that units share, each with one of them; who has been given more time keeps it."""
    invitations = session.scalars(
        select(Invitation)
        .join(Invitation.school_unit)
        .where(Invitation.round_id == survey_round.id, Invitation.extended_because_sealed.is_(None))
        .order_by(SchoolUnit.id)
        .options(joinedload(Invitation.schedule, innerjoin=True), joinedload(Invitation.school_unit, innerjoin=True))
    )
    return [(each.schedule, each) for each in {each.schedule_id: each for each in invitations}.values()]


def _change_schedule(session: Session, row: RoundSchedule, planned: Schedule, at: datetime) -> None:
    try:
        moments = changed_schedule(row.moments, planned, at)
    except ValueError as error:
        raise Refused("moment_has_passed") from error
    row.moments = moments
    gone = sum(step.at <= at for step in moments.steps)
    next_at = moments.steps[gone].at if gone < len(moments.steps) else None
    session.flush()
    followers = update(Invitation).where(Invitation.schedule_id == row.id, Invitation.extended_because_sealed.is_(None))
    times = {"opens_at": moments.opens_at, "due_at": moments.due_at, "closes_at": moments.closes_at}
    session.execute(followers.values(**times), execution_options={"synchronize_session": False})
    # A step that is due and waits for the unit's next school morning is left where it is.
    session.execute(
        followers.where(Invitation.submitted_at.is_(None), Invitation.next_step >= gone).values(
            next_step=gone, next_at=next_at
        ),
        execution_options={"synchronize_session": False},
    )
