"""Nobody keeps a register of all pupils: no name and no number can be read in the database, the log or a file."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.kernel.database import Database, Model
from app.rosters import jobs
from app.rosters.models import RosterClass
from app.surveys.models import SurveyRound
from tests.factories.registers import NOON, Registry
from tests.machine.register_data import FAMILY_NAMES, MARKED

OFF_THE_FILE = 60
"""Bytes of a sealed class that lie together on a page of the file; the rest may be elsewhere."""


def read_everything(database: Database) -> bytes:
    """Return the whole of a SQLite database's files, or every row of every table of PostgreSQL's as text."""
    if database.url.database and database.engine.dialect.name == "sqlite":
        file = Path(database.url.database)
        return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))
    with database.reading() as session:
        tables = [text(f'SELECT each::text FROM "{table}" AS each') for table in Model.metadata.tables]  # noqa: S608
        return "\n".join(row for table in tables for row in session.scalars(table)).encode()


def list_secrets(registry: Registry) -> list[bytes]:
    """Return every name and number that the register told, also as PostgreSQL writes bytes."""
    numbers = [person["civicNo"]["value"] for person in registry.server.data.persons]
    plain = [each.encode() for each in (*FAMILY_NAMES, "Hemligsson", *numbers)]
    return [*plain, *(each.hex().encode() for each in plain)]


def find_secrets(registry: Registry) -> list[bytes]:
    """Return the names and numbers that stand anywhere in the database."""
    everything = read_everything(registry.database)
    assert b"Maria Ekblad" in everything
    return [secret for secret in list_secrets(registry) if secret in everything]


def test_no_name_and_no_number_can_be_read_at_any_time(
    registry: Registry, caplog: pytest.LogCaptureFixture, instance: Path
) -> None:
    caplog.set_level("DEBUG")
    data = registry.server.data
    data.add_pupil(data.organisations[-1]["id"], marking=MARKED, familyName="Hemligsson")
    fetch = registry.fetch()
    assert find_secrets(registry) == []
    registry.confirm(fetch)
    assert find_secrets(registry) == []
    with registry.database.reading() as session:
        sealed = session.scalars(select(RosterClass.pupils_sealed)).all()
        assert any(pupil.name for each in session.scalars(select(RosterClass)) for pupil in each.pupils)
    _end_the_round(registry)
    everything = read_everything(registry.database)
    assert [each for each in sealed if each[:OFF_THE_FILE] in everything or each.hex().encode() in everything] == []
    assert find_secrets(registry) == []
    files = [each.read_bytes() for each in instance.rglob("*") if each.is_file()]
    said = [secret for secret in list_secrets(registry) if secret in b"".join(files) or secret in caplog.text.encode()]
    assert said == []


def _end_the_round(registry: Registry) -> None:
    with registry.database.transaction() as session:
        session.get_one(SurveyRound, registry.round_id).close(at=NOON)
    jobs.destroy_needless(registry.database)
    registry.database.dispose()  # SQLite takes its write-ahead log away with the last connection.
