"""A town and its clock."""

from collections.abc import Iterator

import pytest

from app.kernel.database import Database
from tests.integration.surveys.town import Ticker, Town, build_town


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
