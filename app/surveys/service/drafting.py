"""Planning rounds ahead: as soon as the calendars know the day that a round hangs on, it is there to be looked at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.sql_functions import execute_many
from app.surveys import queries
from app.surveys.mails import name_round
from app.surveys.models import PlannedWave, SurveyPlan, SurveyRound
from app.surveys.queries import LOOK_BACK, Calendars
from app.surveys.types import Occurrence, RoundState, WaveDays


def draft_rounds(session: Session, municipality_id: UUID) -> int:
    """Plan every round that the calendars know the day of, and move those that are planned to where they now belong.

    Returns how many there are new. A round that has opened keeps its moments; a confirmed one keeps its days, and
    follows the calendars. The plans' row locks and the occurrence keys see to it that each is planned once.
    """
    at = clock.now()
    plans = queries.list_plans_to_draft(session, municipality_id, at)
    if not plans:
        return 0
    calendars, rounds = queries.get_calendars(session, municipality_id), queries.rounds_by_key(session, plans)
    made = [new for plan in plans for new in _draft_plan(plan, calendars, rounds, at)]
    session.add_all(made)
    session.flush()
    # Past the version: looking a plan over must not meet the person who edits it.
    execute_many(
        session, update(SurveyPlan).where(SurveyPlan.id.in_([plan.id for plan in plans])).values(drafted_at=at)
    )
    return len(made)


def redraft(session: Session, municipality_id: UUID) -> int:
    """Look the planned rounds over now, after a change of the plan or of a calendar; returns how many are new."""
    session.flush()
    execute_many(
        session, update(SurveyPlan).where(SurveyPlan.municipality_id == municipality_id).values(drafted_at=None)
    )
    return draft_rounds(session, municipality_id)


def _draft_plan(
    plan: SurveyPlan, calendars: Calendars, rounds: Mapping[str, SurveyRound], at: datetime
) -> Sequence[SurveyRound]:
    made: dict[str, SurveyRound] = {}
    for year in calendars.years(plan.kind, clock.local(at - LOOK_BACK).date()):
        for wave in plan.waves:
            occurrence = Occurrence(plan.municipality_id, plan.id, plan.kind, year, wave.number)
            survey_round = rounds.get(occurrence.key)
            if survey_round is None:
                before = Occurrence(plan.municipality_id, plan.id, plan.kind, year - 1, wave.number).key
                survey_round = _new_round(plan, wave, occurrence, made.get(before) or rounds.get(before), at)
                made[occurrence.key] = survey_round
            elif survey_round.state is RoundState.PLANNED:
                _take_over(survey_round, plan, wave, at)
            _move(survey_round, plan, calendars)
    return [new for new in made.values() if plan.begins_at is None or new.closes_at > plan.begins_at]


def _new_round(
    plan: SurveyPlan, wave: PlannedWave, occurrence: Occurrence, last: SurveyRound | None, at: datetime
) -> SurveyRound:
    return SurveyRound(
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        asks=plan.kind.asks,
        wave=wave.number,
        title=name_round(plan.title, occurrence.year, wave.number),
        term=occurrence.term,
        year=occurrence.year,
        occurrence_key=occurrence.key,
        days=_days(wave, last),
        state=RoundState.PLANNED,
        drafted_at=at,
    )


def _days(wave: PlannedWave, last: SurveyRound | None) -> WaveDays:
    """Return last year's days, or the plan's when there are none or a person has changed the plan since."""
    if last is None or last.days is None or (wave.changed_at is not None and wave.changed_at > last.opens_at):
        return wave.days
    return last.days


def _take_over(survey_round: SurveyRound, plan: SurveyPlan, wave: PlannedWave, at: datetime) -> None:
    """Give a planned round what has changed in its plan since; a person who has confirmed it has the last word."""
    survey_round.title = name_round(plan.title, survey_round.year, wave.number)
    has_changed = wave.changed_at is not None and (
        survey_round.drafted_at is None or wave.changed_at > survey_round.drafted_at
    )
    if has_changed and survey_round.confirmed_at is None:
        survey_round.days, survey_round.drafted_at = wave.days, at


def _move(survey_round: SurveyRound, plan: SurveyPlan, calendars: Calendars) -> None:
    """Put a planned round where the calendars have it. A confirmed one that moves is for a person to look at again."""
    if survey_round.state is not RoundState.PLANNED or survey_round.days is None:
        return
    schedules = calendars.schedules(plan.kind, survey_round.year, survey_round.days, plan.lead_days)
    opens_at = min(each.moments.opens_at for each in schedules)
    closes_at = max(each.moments.closes_at for each in schedules)
    if (survey_round.opens_at, survey_round.closes_at) != (opens_at, closes_at):
        survey_round.opens_at, survey_round.closes_at = opens_at, closes_at
        survey_round.withdraw_confirmation()
