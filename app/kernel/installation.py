"""What a database is and whether this process may use it: its tables, its keys, its clock."""

from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import Final
from uuid import UUID

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.database import Database, Installation
from app.kernel.encryption import KeyRing, WrongKey, new_key_ring, read_key_ring, use_key_ring, write_key_ring
from app.kernel.errors import DomainError

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"
FARTHEST: Final = timedelta(days=3653)
"""How far a rehearsal's clock may go in one move, ten years: it never goes back, and a slip of the year would stay."""
_CANARY, _CANARY_PLACE = b"aterkomst", "installation.key_canary"
_ONLY_ROW: Final = UUID(int=1)
"""The id of the one row, always the same, so that no two can be made."""


class Readiness(StrEnum):
    """Whether a database can be used."""

    EMPTY = "empty"
    OUTDATED = "outdated"
    READY = "ready"


class NotReady(DomainError):
    """The database cannot be used as it is; the text says what to do."""


def check(database: Database, keys: Path) -> Readiness:
    """Take the keys into use and tell what state the database is in.

    Raises `WrongKey` when there are tables and the keys are missing or not the ones they were written with: a new key
    would make everything unreadable and look like a fresh start.
    """
    ring = read_key_ring(keys)
    if ring is not None:
        use_key_ring(ring)
    with database.connect() as connection:
        if not inspect(connection).has_table(Installation.__tablename__):
            return Readiness.EMPTY
        _check_canary(connection, ring)
        is_current = MigrationContext.configure(connection).get_current_revision() == _head()
    return Readiness.READY if is_current else Readiness.OUTDATED


def _check_canary(connection: Connection, ring: KeyRing | None) -> None:
    if ring is None:
        raise WrongKey("the database has tables, but the folder of keys is empty: restore instance/keys")
    canary = connection.scalar(select(Installation.key_canary))
    if canary is None:
        return  # Tables that were made without `prepare`: no key has written anything yet.
    try:
        ring.open(canary, _CANARY_PLACE)
    except WrongKey:
        raise WrongKey("the keys are not those this database was written with: restore instance/keys") from None


def prepare(database: Database, keys: Path) -> None:
    """Migrate the database and, when it is new, give it keys. Raises `WrongKey` as `check` does.

    The keys are kept before there are tables, and the tables come with the row that tells which keys they belong to:
    wherever this is cut short, and however many do it at once, the next one can go on from there.
    """
    check(database, keys)
    ring = _find_or_make_keys(keys)
    use_key_ring(ring)
    with database.engine.begin() as connection:
        _upgrade(connection, "head")
        if connection.scalar(select(Installation.id)) is None:
            canary = ring.seal(_CANARY, _CANARY_PLACE)
            connection.execute(insert(Installation).values(id=_ONLY_ROW, key_canary=canary))


def _find_or_make_keys(keys: Path) -> KeyRing:
    if (ring := read_key_ring(keys)) is None:
        with suppress(FileExistsError):  # Another process was quicker: its keys are the ones.
            write_key_ring(keys, new_key_ring())
        ring = read_key_ring(keys)
    if ring is None:
        raise WrongKey("the keys could not be kept")
    return ring


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision."""
    with database.engine.begin() as connection:
        _upgrade(connection, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def alembic_config() -> AlembicConfig:
    """Return alembic's configuration, which needs no file."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _head() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def is_rehearsal(session: Session) -> bool:
    """Whether the database holds invented data only."""
    return bool(session.scalar(select(Installation.is_rehearsal)))


def mark_as_rehearsal(session: Session) -> None:
    """Make the database a rehearsal, for good."""
    session.scalars(select(Installation)).one().is_rehearsal = True


def require_rehearsal(session: Session) -> None:
    """Raise `NotReady` unless the database holds invented data only."""
    if not is_rehearsal(session):
        raise NotReady(
            "this database is not a rehearsal: the clock, the demo data and the demo accounts are not for it"
        )


def move_clock(session: Session, to: datetime) -> None:
    """Move a rehearsal's clock forward.

    Raises `NotReady` in any other database, and for a move backward or farther than `FARTHEST`.
    """
    require_rehearsal(session)
    if to < clock.now():
        raise NotReady(f"the clock shows {clock.local(clock.now()):%Y-%m-%d %H:%M} and only moves forward")
    if to > clock.now() + FARTHEST:
        raise NotReady(f"{clock.local(to):%Y-%m-%d} is more than ten years away, and the clock never goes back")
    set_clock(session, to)


def set_clock(session: Session, to: datetime) -> None:
    """Let the domain's clock show `to` from now on, in every process."""
    installation = session.scalars(select(Installation).with_for_update()).one()
    installation.clock_offset = ceil((to - clock.wall()).total_seconds())
    session.flush()
    clock.synchronise(timedelta(seconds=installation.clock_offset))
