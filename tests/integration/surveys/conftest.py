"""A town and its clock; a municipality and its coordinator."""

from collections.abc import Iterator

import pytest

from app.access.actor import Role
from app.kernel.database import Database
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality
from tests.integration.surveys.town import Ticker, Town, build_town, swedish


@pytest.fixture
def town(database: Database) -> Town:
    """A municipality, see `town.py`."""
    return build_town(database)


@pytest.fixture
def tick(database: Database) -> Iterator[Ticker]:
    """Move the clock and run the jobs of surveys."""
    ticker = Ticker(database)
    yield ticker
    ticker.stop()


@pytest.fixture
def municipality(session):
    return make_municipality(session)


@pytest.fixture
def account(session, municipality, survey_round):
    """The coordinator of the municipality whose round the test has made."""
    made = make_account(session, municipality, Role.COORDINATOR)
    session.commit()
    return made


@pytest.fixture
def coordinator_at(account, sign_in, set_clock):
    """Give the coordinator's browser at a Swedish time: nobody stays signed in for days."""

    def signed_in(at: str):
        set_clock(swedish(at))
        return sign_in(account)

    return signed_in


@pytest.fixture
def coordinator(coordinator_at):
    return coordinator_at("2026-08-20T10:00")
