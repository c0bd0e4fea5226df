"""Fixtures of databases and keys."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.database import Database
from app.kernel.encryption import new_key_ring, use_key_ring, write_key_ring
from tests.machine import postgresql
from tests.machine.databases import PostgresqlStore, SqliteStore, Store

Counter = Callable[[], AbstractContextManager[list[str]]]


def pytest_configure(config: pytest.Config) -> None:
    """Name the run after the process that started it, so that its workers share one PostgreSQL cluster."""
    if not hasattr(config, "workerinput"):
        os.environ[postgresql.RUN] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster when the workers are done."""
    if not hasattr(config, "workerinput"):
        postgresql.stop(os.getpid())


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of the tests' installation."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session", autouse=True)
def keys(instance: Path) -> Path:
    """The folder of this run's keys; encrypted columns can be written and read in every test."""
    ring = new_key_ring()
    write_key_ring(instance / "keys", ring)
    use_key_ring(ring)
    return instance / "keys"


@pytest.fixture(scope="session")
def stores(keys: Path, instance: Path) -> Iterator[Callable[[str], Store]]:
    """Give the store of a kind of database, made when it is first asked for."""
    made: dict[str, Store] = {}
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")

    def store(kind: str) -> Store:
        if kind not in made:
            made[kind] = SqliteStore(instance, keys) if kind == "sqlite" else PostgresqlStore(worker, keys)
        return made[kind]

    yield store
    for each in made.values():
        each.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kinds of database that a test runs on; a folder may choose one."""
    return str(request.param)


@pytest.fixture
def database(kind: str, stores: Callable[[str], Store]) -> Iterator[Database]:
    """A database with the schema and nothing in it."""
    made = Database(stores(kind).fresh().render_as_string(hide_password=False))
    yield made
    made.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what it did is gone after the test unless the test commits."""
    with database.session(writing=True) as opened:
        yield opened


@pytest.fixture
def count_queries(database: Database) -> Counter:
    """Count what is asked of the database: `with count_queries() as queries: …; assert len(queries) == 2`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(*args: object) -> None:
            statements.append(str(args[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting
