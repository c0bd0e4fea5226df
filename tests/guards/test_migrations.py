"""The migrations make the schema that the models say, one step at a time, there and back, on both databases."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect, text

from app.kernel import installation
from app.kernel.database import Database, Model
from tests.guards.source import short
from tests.machine import postgresql
from tests.machine.databases import import_models

VERSIONS = sorted((installation.MIGRATIONS / "versions").glob("*.py"))
LONGEST_REVISION = 32
"""Characters that alembic's version column holds."""
TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it, not even tables."""
    name = f"aterkomst_{os.environ[postgresql.RUN]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_empty"
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    else:
        url = postgresql.recreate(postgresql.server(), name, "template0")
        made = Database(url.render_as_string(hide_password=False))
    yield made
    made.dispose()
    if request.param == "postgresql":
        postgresql.drop(postgresql.server(), name)


def _scripts() -> list[Script]:
    """Return the revisions, oldest first."""
    return list(ScriptDirectory.from_config(installation.alembic_config()).walk_revisions())[::-1]


def _downgrade(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        config = installation.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _schema(database: Database) -> dict[str, Any]:
    """Return everything about the schema that two versions of it can differ in."""
    with database.engine.connect() as connection:
        found = inspect(connection)
        tables = {
            table: {
                # In any order: a column that comes back stands last.
                "columns": _sorted([{**column, "type": str(column["type"])} for column in found.get_columns(table)]),
                "primary key": found.get_pk_constraint(table),
                "foreign keys": _sorted(found.get_foreign_keys(table)),
                "indexes": _sorted(found.get_indexes(table)),
                "unique": _sorted(found.get_unique_constraints(table)),
                "checks": _sorted(found.get_check_constraints(table)),
            }
            for table in sorted(found.get_table_names())
            if table != "alembic_version"
        }
        return {"tables": tables, "triggers": _triggers(connection)}


def _sorted(things: Any) -> list[dict[str, Any]]:
    """Return what was found in a fixed order, its SQL as text: two equal conditions are not the same object."""
    plain = [{**thing, "dialect_options": _as_text(thing.get("dialect_options", {}))} for thing in things]
    return sorted(plain, key=repr)


def _as_text(options: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


def _triggers(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(TRIGGERS[connection.dialect.name]))]


def test_there_is_one_head_and_it_is_the_pinned_one() -> None:
    heads = ScriptDirectory.from_config(installation.alembic_config()).get_heads()
    assert heads == [(installation.MIGRATIONS / "CURRENT").read_text(encoding="ascii").strip()]


@pytest.mark.parametrize("path", VERSIONS, ids=short)
def test_a_migration_is_numbered_and_stands_alone(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert re.fullmatch(r"\d{4}_[a-z0-9_]+", path.stem)
    assert len(path.stem) <= LONGEST_REVISION
    assert re.search(rf'^revision(: str)? = "{path.stem}"$', source, re.MULTILINE), "a revision is called as its file"
    assert not re.search(r"^\s*(from|import) (app|config|tests)\b", source, re.MULTILINE), "the app will have moved on"


def test_up_then_down_leaves_the_schema_as_it_was(empty: Database) -> None:
    scripts = _scripts()
    assert [script.revision for script in scripts] == [path.stem for path in VERSIONS]
    for script in scripts:
        before = _schema(empty)
        installation.migrate(empty, script.revision)
        _downgrade(empty, str(script.down_revision or "base"))
        assert _schema(empty) == before, script.revision
        installation.migrate(empty, script.revision)


def test_all_the_way_down_leaves_nothing(empty: Database) -> None:
    nothing = _schema(empty)
    installation.migrate(empty)
    _downgrade(empty, "base")
    assert _schema(empty) == nothing


def test_the_head_is_what_the_models_say(empty: Database) -> None:
    import_models()
    installation.migrate(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []
        assert _checks(connection) == {
            name: {str(check.name) for check in table.constraints if type(check).__name__ == "CheckConstraint"}
            for name, table in Model.metadata.tables.items()
        }


def _checks(connection: Connection) -> dict[str, set[str]]:
    """Return the check constraints by table: alembic compares everything but these."""
    found = inspect(connection)
    return {
        table: {str(check["name"]) for check in found.get_check_constraints(table)}
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_the_audit_cannot_be_changed(empty: Database) -> None:
    installation.migrate(empty)
    with empty.engine.connect() as connection:
        assert [name for name, _definition in _triggers(connection) if "audit" in name]
