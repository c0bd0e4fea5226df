"""What a round and an invitation know about themselves."""

from datetime import timedelta

import pytest

from app.kernel.errors import InvalidTransition
from app.surveys.models import Invitation, PlannedWave, SurveyPlan, SurveyRound
from app.surveys.types import RoundState, WaveDays
from tests.factories.surveys import MOMENTS

MINUTE = timedelta(minutes=1)


def invitation(**values) -> Invitation:
    made = Invitation(submitted_at=None, **values)
    made.follow(MOMENTS)
    return made


def test_a_unit_may_answer_from_the_opening_until_the_closing():
    unit = invitation()
    assert not unit.accepts_answers(MOMENTS.opens_at - MINUTE)
    assert unit.accepts_answers(MOMENTS.opens_at)
    assert unit.accepts_answers(MOMENTS.due_at + MINUTE)
    assert not unit.accepts_answers(MOMENTS.closes_at)


def test_a_unit_is_silent_from_the_due_moment_unless_it_has_answered():
    unit = invitation()
    assert not unit.is_silent(MOMENTS.due_at - MINUTE)
    assert unit.is_silent(MOMENTS.due_at)
    unit.submitted_at = MOMENTS.due_at + MINUTE
    assert not unit.is_silent(MOMENTS.closes_at)


def test_a_round_closes_once():
    survey_round = SurveyRound(state=RoundState.OPEN)
    survey_round.close(at=MOMENTS.closes_at)
    assert (survey_round.state, survey_round.closed_at) == (RoundState.CLOSED, MOMENTS.closes_at)
    with pytest.raises(InvalidTransition):
        survey_round.close(at=MOMENTS.closes_at)


def test_the_days_of_a_plan_are_those_of_its_first_wave():
    days = WaveDays(1, (2,), 3, 4, 5, 6)
    assert SurveyPlan(waves=[PlannedWave(number=0, days=days)]).days == days
