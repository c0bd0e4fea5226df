"""The director's letter as a school gets it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.schools.queries import get_municipality
from app.surveys import queries
from app.surveys.mails import fill_letter, shipped_letter
from app.surveys.models import Invitation, SurveyPlan, SurveyRound

_EXAMPLE_DAYS: Final = timedelta(days=14)
"""How far off the due day of an example is when no round is planned."""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter to be edited, and how it reads for one of the schools."""

    letter: str
    """What stands in the box until somebody types."""
    unit_name: str
    preview: str
    has_own: bool


def make_plan_letter(session: Session, plan: SurveyPlan, typed: str | None) -> LetterPage:
    """Return the letter of a plan, or what somebody has typed in its place, filled in for its next round."""
    shipped = shipped_letter(plan.kind.asks)
    coming = queries.find_next_round(session, plan)
    example = coming or SurveyRound(municipality_id=plan.municipality_id, title=plan.title)
    return _make(session, example, plan.letter, shipped, typed)


def make_round_letter(session: Session, survey_round: SurveyRound, typed: str | None) -> LetterPage:
    """Return the letter of one round, or what somebody has typed in its place."""
    behind = survey_round.plan.letter or shipped_letter(survey_round.asks)
    return _make(session, survey_round, survey_round.letter, behind, typed)


def _make(session: Session, survey_round: SurveyRound, own: str | None, behind: str, typed: str | None) -> LetterPage:
    letter, municipality = own or behind, get_municipality(session, survey_round.municipality_id)
    example = _find_example(session, survey_round)
    preview = fill_letter(typed or letter, example, municipality) if example is not None else ""
    name = example.school_unit.name if example is not None else ""
    return LetterPage(letter, name, preview, has_own=own is not None and own != behind)


def _find_example(session: Session, survey_round: SurveyRound) -> Invitation | None:
    """Return an invitation as the first of the municipality's schools would get it; it is not kept."""
    units = session.scalars(
        select(SchoolUnit).where(SchoolUnit.municipality_id == survey_round.municipality_id, SchoolUnit.is_active)
    )
    unit = min(units, key=lambda each: (swedish_key(each.name), each.id), default=None)
    if unit is None:
        return None
    due_at = clock.now() + _EXAMPLE_DAYS
    if survey_round.days is not None:
        schedules = queries.list_schedules(session, survey_round)
        due_at = min((each.moments.due_at for each in schedules), default=due_at)
    return Invitation(round=survey_round, school_unit=unit, due_at=due_at)
