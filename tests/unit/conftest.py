"""Units have no database: whoever asks for one is told so."""

from typing import NoReturn

import pytest
from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every connection fail."""

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise AssertionError("a unit test reached for a database: it belongs in tests/integration")

    monkeypatch.setattr(Engine, "connect", refuse)
    monkeypatch.setattr(Engine, "raw_connection", refuse)
