from datetime import UTC, datetime

import pytest

from tests.factories.cases import Desk, make_desk

TUESDAY = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
"""10.00 in Sweden."""


@pytest.fixture(autouse=True)
def on_tuesday(set_clock):
    """Every test begins on Tuesday 25 August 2026, when schools have begun."""
    set_clock(TUESDAY)


@pytest.fixture
def desk(on_tuesday, session) -> Desk:
    """A municipality where cases can be opened."""
    return make_desk(session)
