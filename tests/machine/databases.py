"""Databases that are quick to make anew: a template with the schema once a worker, a copy of it for each test."""

import importlib
import os
import pkgutil
import shutil
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import URL

import app
from app.kernel import installation
from app.kernel.database import Database
from tests.machine import postgresql


def set_up(url: URL, keys: Path) -> None:
    """Make the schema by the migrations and mark the database as a rehearsal."""
    database = Database(url.render_as_string(hide_password=False))
    installation.prepare(database, keys)
    with database.transaction() as session:
        installation.mark_as_rehearsal(session)
    database.dispose()


def import_models() -> None:
    """Import every module with tables, so that the metadata knows them all."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if ".models" in module.name:
            importlib.import_module(module.name)
    for name in ("app.kernel.scheduling", "app.kernel.submitted_forms", "app.kernel.typed_forms"):
        importlib.import_module(name)


class Store(Protocol):
    """A kind of database."""

    def fresh(self) -> URL:
        """Return the address of a database that has the schema and nothing in it; the one before it is gone."""

    def close(self) -> None:
        """Remove what was made."""


class SqliteStore:
    """A file, copied."""

    def __init__(self, folder: Path, keys: Path, name: str = "test") -> None:
        self._template, self._file = folder / f"{name}-template.sqlite3", folder / f"{name}.sqlite3"
        set_up(_sqlite(self._template), keys)

    def fresh(self) -> URL:
        """Return a copy of the template."""
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)
        return _sqlite(self._file)

    def close(self) -> None:
        """Leave the files to pytest, which keeps those of the last runs."""


SHAPE = """
    SELECT md5(coalesce(string_agg(line, ',' ORDER BY line), '')) FROM (
        SELECT relname || relkind::text AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT tgrelid::text || tgname || tgenabled::text FROM pg_trigger
        UNION ALL SELECT conrelid::text || conname FROM pg_constraint
        UNION ALL SELECT id::text || encode(key_canary, 'hex') FROM installation
    ) AS lines
"""
"""What of a database a test must not have changed for the next one to be given it, emptied."""


class PostgresqlStore:
    """A database cloned by the server once, and then emptied for each test, which takes a tenth of the time."""

    def __init__(self, worker: str, keys: Path) -> None:
        self._server = postgresql.server()
        name = f"aterkomst_{os.environ[postgresql.RUN]}_{worker}"
        self._template, self._name = f"{name}_template", name
        set_up(postgresql.recreate(self._server, self._template, "template0"), keys)
        self._shape: object = None
        self._tables: list[str] = []

    def fresh(self) -> URL:
        """Return a database that is as the template: the last one, emptied, or a clone when a test has reshaped it."""
        if self._shape is None or not self._empty():
            return self._clone()
        return self._server.set(database=self._name)

    def _clone(self) -> URL:
        url = postgresql.recreate(self._server, self._name, self._template)
        with postgresql.connect(url) as connection:
            self._shape = _one(connection, SHAPE)
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            self._tables = [str(name) for (name,) in tables if name not in ("alembic_version", "installation")]
        return url

    def _empty(self) -> bool:
        try:
            with postgresql.connect(self._server.set(database=self._name)) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                if _one(connection, SHAPE) != self._shape:
                    return False
                connection.execute(
                    "SET session_replication_role = replica"
                )  # Neither triggers nor foreign keys object.
                for table in self._tables:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                connection.execute("UPDATE installation SET is_rehearsal = true, clock_offset = 0")
        except psycopg.Error:
            return False  # Whatever a test did to it, a clone is sound.
        return True

    def close(self) -> None:
        """Drop both: a server from $TEST_DATABASE_URL outlives the run."""
        postgresql.drop(self._server, self._name)
        postgresql.drop(self._server, self._template)


def _one(connection: "psycopg.Connection[tuple[object, ...]]", statement: LiteralString) -> object:
    row = connection.execute(statement).fetchone()
    return None if row is None else row[0]


def _sqlite(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))
