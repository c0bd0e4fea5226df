"""Guards look at the app as a whole; where they need a database, SQLite will do."""

import pytest


@pytest.fixture
def kind() -> str:
    """The migrations' guards choose for themselves."""
    return "sqlite"
