from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.surveys.models import Invitation, SurveyRound
from tests.factories.cases import Desk, make_desk
from tests.factories.surveys import make_invitation, make_plan, make_round

TUESDAY = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
"""10.00 in Sweden, three school days before the answer is due."""


@dataclass(frozen=True, slots=True)
class School:
    """A school unit that has been asked."""

    desk: Desk
    survey_round: SurveyRound
    invitation: Invitation

    @property
    def actor(self) -> Actor:
        """Who answers for the unit."""
        return self.desk.respondent


@pytest.fixture(autouse=True)
def on_tuesday(set_clock: Callable[[datetime], None]) -> None:
    """Every test begins on Tuesday 25 August 2026, when the round is open."""
    set_clock(TUESDAY)


@pytest.fixture
def school(on_tuesday: None, session: Session) -> School:
    """A school unit in an open round, with a coordinator and a routine."""
    desk = make_desk(session)
    survey_round = make_round(session, make_plan(session, desk.municipality))
    return School(desk, survey_round, make_invitation(session, survey_round, desk.unit))
