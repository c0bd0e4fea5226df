"""Storage: the base of every model, and the one way to a transaction on SQLite and PostgreSQL."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Engine,
    Enum,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from app.kernel import clock
from app.kernel.errors import Conflict

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SETTINGS_OF_SQLITE: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # Some builds leave what was deleted in the file, and a destroyed class list with it.
    "recursive_triggers=ON",  # Or INSERT OR REPLACE would slip past the triggers against deletion.
    "busy_timeout=30000",
)
STATEMENT_TIMEOUT: Final = 60
"""Seconds after which PostgreSQL gives up a statement, so that a slow one becomes a page that says so."""
CONNECT_TIMEOUT: Final = 10
"""Seconds to wait for a server that does not answer at all."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite has no time zones, so they are taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """A row with an id that exists from the moment the object does, since encrypted fields are bound to it."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: UtcDateTime(),
        bytes: LargeBinary(),
        str: String(),
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=40,
            validate_strings=True,
            values_callable=lambda members: [member.value for member in members],
        ),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or uuid4()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name!r}")
            setattr(self, name, value)


class Tenanted:
    """Belongs to one municipality."""

    @declared_attr
    def municipality_id(cls) -> Mapped[UUID]:  # noqa: N805 - a declared attribute is called with the class
        return mapped_column(ForeignKey("municipality.id"), index=True, sort_order=-9)


class Versioned:
    """Edited by people: the version goes out with the form and must still hold when it comes back."""

    @declared_attr
    def version(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(sort_order=-8)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def require_version(row: Versioned, version: int) -> None:
    """Raise `Conflict` when the row is no longer the one that the person had before them."""
    if row.version != version:
        raise Conflict(type(row).__name__)


class Installation(Model):
    """The one row that says what this database is."""

    __tablename__ = "installation"

    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    """Invented data only. Set once, when demo data goes into an empty database, and never taken back."""
    clock_offset: Mapped[int] = mapped_column(default=0)
    """Seconds to add to the machine's clock; other than 0 in a rehearsal only."""
    key_canary: Mapped[bytes]
    """A known text under the installation's keys: opened at every start, to tell the wrong keys from the right ones."""


class Database:
    """An engine set up so that what is committed stays, and the sessions on it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._readers = self.engine.execution_options(sqlite_begin="BEGIN") if self.is_sqlite else self.engine
        steady = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._steady_readers = self._readers.execution_options(**steady)

    def session(self, *, writing: bool) -> Session:
        """Return a session; on SQLite a writing one takes the write lock when it begins, or updates could be lost."""
        return self._begin(self.engine if writing else self._readers)

    def _begin(self, engine: Engine) -> Session:
        session = Session(engine, expire_on_commit=False)
        try:
            _synchronise_clock(session)
        except BaseException:
            session.close()  # Nobody else could: the lock it took would be held until the garbage is collected.
            raise
        return session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that is committed at the end, or rolled back when anything is raised."""
        with self.session(writing=True) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose changes, if any, are dropped."""
        with self.session(writing=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session that reads the database as it was at one moment, whatever is written meanwhile."""
        with self._begin(self._steady_readers) as session:
            yield session

    def connect(self) -> Connection:
        """Return a connection to look with, which waits for no writer, tables or none."""
        return self._readers.connect()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _synchronise_clock(session: Session) -> None:
    offset = session.scalar(select(Installation.clock_offset))
    clock.synchronise(timedelta(seconds=offset or 0))


def _sqlite_engine(url: URL) -> Engine:
    if url.database and not url.database.startswith((":memory:", "file:")):
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)  # The log files beside it get the same mode.
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # The driver would begin late and lose updates; `begin` below does it.
        cursor = connection.cursor()
        for setting in SETTINGS_OF_SQLITE:
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"))

    return engine


def _postgresql_engine(url: URL) -> Engine:
    settings = f"-c timezone=UTC -c statement_timeout={STATEMENT_TIMEOUT * 1000}"
    options = " ".join([settings, *url.normalized_query.get("options", ())])
    return create_engine(
        url.difference_update_query(["options"]),
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": CONNECT_TIMEOUT},
        hide_parameters=True,  # An error says what failed, not about whom.
    )
