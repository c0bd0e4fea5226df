"""A school that has been asked, and a register for these tests to read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.database import Database
from app.surveys.models import Invitation, SurveyRound
from tests.conftest import Clock
from tests.factories.cases import Desk, make_desk
from tests.factories.registers import NOON, Registry, make_registry
from tests.factories.surveys import make_invitation, make_plan, make_round
from tests.machine.register_data import make_register
from tests.machine.register_server import RegisterServer, running

TUESDAY = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
"""10.00 in Sweden, three school days before the answer is due."""


@dataclass(frozen=True, slots=True)
class School:
    """A school unit that has been asked."""

    desk: Desk
    survey_round: SurveyRound
    invitation: Invitation

    @property
    def respondent(self) -> Actor:
        """Who answers for the unit."""
        return self.desk.respondent

    @property
    def coordinator(self) -> Actor:
        """Who follows the round."""
        return self.desk.coordinator


@pytest.fixture
def school(set_clock: Callable[[datetime], None], session: Session) -> School:
    """A school unit in an open round, on Tuesday 25 August 2026."""
    set_clock(TUESDAY)
    desk = make_desk(session)
    survey_round = make_round(session, make_plan(session, desk.municipality))
    return School(desk, survey_round, make_invitation(session, survey_round, desk.unit))


@pytest.fixture
def register_server() -> Iterator[RegisterServer]:
    """A register with two schools."""
    with running(RegisterServer(make_register({"01990011": "Strandängsskolan", "01990012": "Hagtornsskolan"}))) as own:
        yield own


@pytest.fixture
def registry(set_clock: Clock, database: Database, register_server: RegisterServer) -> Registry:
    """A municipality whose two schools stand in a register, at noon on the day its round opened."""
    set_clock(NOON)
    return make_registry(database, register_server)
