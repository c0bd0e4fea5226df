"""An office where reports are written, on a Tuesday in August."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.factories.referrals import Office, make_office

TUESDAY = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
"""10.00 in Sweden."""


@pytest.fixture(autouse=True)
def on_tuesday(set_clock: Clock) -> None:
    """Every test begins on Tuesday 25 August 2026, when schools have begun."""
    set_clock(TUESDAY)


@pytest.fixture
def office(on_tuesday: None, session: Session) -> Office:
    """A municipality where reports can be written."""
    return make_office(session)
