"""What an installation of the first version holds is there after the second, and back again."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, insert, select

from app.kernel import installation
from app.kernel.database import Database
from tests.machine import postgresql

BEFORE, AFTER = "0014_calendars", "0015_waves"
AT = {
    name: datetime(2026, 8, day, 6, tzinfo=UTC)
    for name, day in (("opens_at", 19), ("remind_at", 24), ("due_at", 28), ("closes_at", 31), ("invited_at", 19))
}


@pytest.fixture
def empty(kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    name = f"aterkomst_{os.environ[postgresql.RUN]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_waves"
    url = f"sqlite:///{tmp_path / 'waves.sqlite3'}"
    if kind == "postgresql":
        made = postgresql.recreate(postgresql.server(), name, "template0")
        url = made.render_as_string(hide_password=False)
    database = Database(url)
    yield database
    database.dispose()
    if kind == "postgresql":
        postgresql.drop(postgresql.server(), name)


class Rows:
    """Plain rows of whatever tables there are, since the models are those of the newest version."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def table(self, name: str) -> Table:
        """Return a table as it is now."""
        return Table(name, MetaData(), autoload_with=self.database.engine)

    def add(self, name: str, /, **values: Any) -> UUID:
        """Add a row and return its id."""
        table, row_id = self.table(name), uuid4()
        plain = {key: self.plain(value) for key, value in {"id": row_id, **values}.items()}
        with self.database.engine.begin() as connection:
            connection.execute(insert(table).values(plain))
        return row_id

    def plain(self, value: Any) -> Any:
        """Return a value as the database keeps it: SQLite has neither ids nor time zones."""
        if not self.database.is_sqlite:
            return value
        if isinstance(value, UUID):
            return value.hex
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value

    def all(self, name: str) -> list[dict[str, Any]]:
        """Return every row."""
        table = self.table(name)
        with self.database.engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c.id))]


def downgrade(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        config = installation.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


@pytest.fixture
def first_version(empty: Database) -> Rows:
    """An autumn round of the first version with a silent, a reminded and an answered school."""
    installation.migrate(empty, BEFORE)
    rows = Rows(empty)
    names = ("name", "department", "board_name", "coordinator_name", "coordinator_phone")
    town = {"municipality_id": rows.add("municipality", code="0199", **dict.fromkeys(names, "x"))}
    organiser = rows.add("school_organiser", **town, name="x", kind="municipal", organisation_number="x")
    days = {"open_after_days": 0, "remind_after_days": 3, "due_after_days": 7, "close_after_days": 17}
    plan = rows.add("survey_plan", **town, version=4, kind="after_summer", title="Höst", is_active=True, **days)
    opened = {"opens_at": AT["opens_at"], "opened_at": AT["opens_at"]}
    names = {"title": "Höst 2026", "term": "HT 2026", "year": 2026, "occurrence_key": "after_summer:2026"}
    asked = rows.add("survey_round", **town, plan_id=plan, state="open", **names, **opened)
    for number, (reminded_at, submitted_at) in enumerate(
        [(None, None), (AT["remind_at"], None), (None, AT["invited_at"])]
    ):
        sealed = dict.fromkeys(("principal_name_sealed", "email_sealed", "phone_sealed"), b"x")
        unit = rows.add(
            "school_unit",
            **town,
            **sealed,
            version=1,
            organiser_id=organiser,
            school_unit_code=f"{number:08}",
            name="x",
            school_forms="x",
            is_active=True,
        )
        invitation = rows.add(
            "invitation",
            **town,
            **AT,
            round_id=asked,
            school_unit_id=unit,
            reminded_at=reminded_at,
            submitted_at=submitted_at,
            state="submitted" if submitted_at else "not_started",
            is_nil=False,
            missing_count=0,
            protected_count=0,
        )
        if reminded_at:
            moments = {"due_at": reminded_at, "queued_at": reminded_at}
            rows.add("reminder", **town, invitation_id=invitation, number=1, kind="silent", **moments)
    return rows


KEPT = ("municipality", "school_unit", "survey_plan", "survey_round", "invitation", "reminder")


def test_there_and_back_everything_is_as_it_was(first_version):
    before = {name: first_version.all(name) for name in KEPT}
    installation.migrate(first_version.database, AFTER)
    downgrade(first_version.database, BEFORE)
    assert {name: first_version.all(name) for name in KEPT} == before


def test_after_it_the_reminder_that_was_told_is_the_only_step(first_version):
    installation.migrate(first_version.database, AFTER)
    (schedule,) = first_version.all("round_schedule")
    assert schedule["steps"] == [{"kind": "reminder", "at": "2026-08-24T06:00:00+00:00"}]
    invitations = first_version.all("invitation")
    assert {each["schedule_id"] for each in invitations} == {schedule["id"]}
    steps = sorted((each["next_step"], each["next_at"] is None) for each in invitations)
    assert steps == [(0, False), (0, True), (1, True)]
    (survey_round,) = first_version.all("survey_round")
    assert (survey_round["occurrence_key"], survey_round["wave"]) == ("after_summer:2026:0", 0)
    assert survey_round["days"]["reminders"] == [3]


def test_after_it_a_plan_has_its_follow_ups_and_the_optional_ones_are_off(first_version):
    installation.migrate(first_version.database, AFTER)
    plans = {each["kind"]: each for each in first_version.all("survey_plan")}
    assert [kind for kind, each in plans.items() if each["is_active"]] == ["after_summer"]
    assert set(plans) == {"after_summer", "after_autumn", "before_christmas", "before_summer"}
    waves = [each for each in first_version.all("planned_wave") if each["plan_id"] == plans["after_summer"]["id"]]
    days = {each["number"]: each["days"] for each in waves}
    assert (days[0]["due"], days[0]["close"], days[1]["open"]) == (7, 17, 35)
