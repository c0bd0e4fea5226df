"""Databases that are quick to make anew: a template with the schema once a worker, a copy of it for each test."""

import importlib
import os
import pkgutil
import shutil
from pathlib import Path
from typing import Protocol

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
    for name in ("app.kernel.scheduling", "app.web.idempotency"):
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


class PostgresqlStore:
    """A database cloned by the server."""

    def __init__(self, worker: str, keys: Path) -> None:
        self._server = postgresql.server()
        name = f"aterkomst_{os.environ[postgresql.RUN]}_{worker}"
        self._template, self._name = f"{name}_template", name
        set_up(postgresql.recreate(self._server, self._template, "template0"), keys)

    def fresh(self) -> URL:
        """Return a clone of the template."""
        return postgresql.recreate(self._server, self._name, self._template)

    def close(self) -> None:
        """Drop both: a server from $TEST_DATABASE_URL outlives the run."""
        postgresql.drop(self._server, self._name)
        postgresql.drop(self._server, self._template)


def _sqlite(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))
