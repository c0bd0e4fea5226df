"""What a school begins by itself, at any time of the year: a report of missing pupils, or a worry."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.schools.types import TermKind
from app.surveys.mails import name_round
from app.surveys.models import Invitation, RoundSchedule, SurveyPlan, SurveyRound
from app.surveys.service.plans import add_any_time_plan
from app.surveys.types import Asks, InvitationState, PlanKind, RoundState, Schedule, term_label

FIRST_MONTH = 7
"""From July on it is the next school year: what is reported in the summer belongs to the return in August."""


def start_any_time_invitation(session: Session, actor: Actor, school_unit_id: UUID, asks: Asks) -> Invitation:
    """Let a unit answer outside every round: an invitation of its own, open now, with no mail, reminder or last day.

    The round of the school year is made when its first unit needs it; the unit may begin as many as it has to tell.
    Whoever does not answer for the unit reaches what was begun, and nothing else of what the unit answers.
    """
    at = clock.now()
    survey_round, schedule = _find_or_make_round(session, actor.municipality_id, asks, at)
    last = session.scalar(
        select(func.max(Invitation.number)).where(
            Invitation.round_id == survey_round.id, Invitation.school_unit_id == school_unit_id
        )
    )
    invitation = Invitation(
        municipality_id=survey_round.municipality_id,
        round_id=survey_round.id,
        school_unit_id=school_unit_id,
        number=(last or 0) + 1,
        asks=asks,
        schedule_id=schedule.id,
        opens_at=at,
        due_at=schedule.due_at,
        closes_at=schedule.closes_at,
        invited_at=at,
        next_step=0,
        state=InvitationState.NOT_STARTED,
        is_nil=False,
        missing_count=0,
        protected_count=0,
        begun_by_id=None if school_unit_id in actor.answers_for else actor.account_id,
        round=survey_round,
    )
    session.add(invitation)
    session.flush()
    return invitation


def _find_or_make_round(
    session: Session, municipality_id: UUID, asks: Asks, at: datetime
) -> tuple[SurveyRound, RoundSchedule]:
    """Return the school year's round, locked so that two who begin at once get a number each."""
    today = clock.local(at).date()
    year = today.year if today.month >= FIRST_MONTH else today.year - 1
    key = f"{PlanKind.ANY_TIME}:{year}:{asks}"
    found = _find(session, municipality_id, key)
    if found is None:
        try:
            with session.begin_nested():
                _make(session, municipality_id, asks, year, key)
        except IntegrityError:
            pass  # Another school began the same one meanwhile.
        found = _find(session, municipality_id, key)
    if found is None:
        raise LookupError(key)
    return found


def _find(session: Session, municipality_id: UUID, key: str) -> tuple[SurveyRound, RoundSchedule] | None:
    row = session.execute(
        select(SurveyRound, RoundSchedule)
        .join(RoundSchedule, RoundSchedule.round_id == SurveyRound.id)
        .where(SurveyRound.municipality_id == municipality_id, SurveyRound.occurrence_key == key)
        .with_for_update(of=SurveyRound)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _make(session: Session, municipality_id: UUID, asks: Asks, year: int, key: str) -> None:
    """Open the round of a school year; it closes a year after it, since what is begun in June is finished in autumn."""
    is_any_time = (SurveyPlan.municipality_id == municipality_id, SurveyPlan.kind == PlanKind.ANY_TIME)
    plan = session.scalar(select(SurveyPlan).where(*is_any_time)) or add_any_time_plan(session, municipality_id)
    session.flush()
    opens_at, closes_at = (clock.at(date(when, FIRST_MONTH, 1), time()) for when in (year, year + 2))
    survey_round = SurveyRound(
        municipality_id=municipality_id,
        plan_id=plan.id,
        asks=asks,
        wave=0,
        title=name_round(plan.title, year, 0),
        term=term_label(TermKind.AUTUMN, year),
        year=year,
        occurrence_key=key,
        days=None,
        state=RoundState.OPEN,
        opens_at=opens_at,
        opened_at=clock.now(),
        closes_at=closes_at,
    )
    session.add(survey_round)
    session.flush()
    schedule = RoundSchedule(municipality_id=municipality_id, round_id=survey_round.id)
    schedule.moments = Schedule(opens_at, closes_at, closes_at)
    session.add(schedule)
    session.flush()
