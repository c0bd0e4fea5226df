"""Guards look at the app as a whole; where they need a database, SQLite will do."""

import pytest
from flask import Flask

from app.kernel.database import Database
from tests.guards.walk import Walker


@pytest.fixture
def kind() -> str:
    """The migrations' guards choose for themselves."""
    return "sqlite"


@pytest.fixture
def walker(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """Somebody of every role."""
    return Walker(app, database, monkeypatch)
