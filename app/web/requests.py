"""A request's session and actor, and its one transaction: GET rolls back, a successful POST commits."""

from collections.abc import Callable, Iterable
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import Database

Recorder = Callable[[Session], None]

WRITING_METHODS = frozenset({"POST"})
FIRST_ERROR_STATUS = 400


def init_app(app: Flask) -> None:
    """Close the session of each request, whatever happened in it: closing rolls back what was not committed."""

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        if (session := g.pop("db_session", None)) is not None:
            session.close()


def database() -> Database:
    """Return the application's database."""
    return cast(Database, current_app.extensions["database"])


def db_session() -> Session:
    """Return this request's session, opened on first use; only a POST may write."""
    if "db_session" not in g:
        g.db_session = database().session(writing=is_writing())
    return cast(Session, g.db_session)


def is_writing() -> bool:
    """Whether this request may change anything."""
    return request.method in WRITING_METHODS


def find_actor() -> Actor | None:
    """Return who is signed in, or None."""
    return cast("Actor | None", g.get("actor"))


def find_lapsed() -> Actor | None:
    """Return whose session this browser had before it ended, when nobody is signed in; it may do nothing."""
    return cast("Actor | None", g.get("lapsed"))


def load_actor() -> None:
    """Set who is signed in, or whose session has ended; before the guard where a request fails early."""
    if "actor" not in g:
        current_app.extensions["load_actor"]()


def current_actor() -> Actor:
    """Return who is signed in. Raises `Unauthorized` when nobody is."""
    if (actor := find_actor()) is None:
        raise Unauthorized
    return actor


def trace(action: AuditAction, object_id: UUID | None) -> None:
    """Record that this request shows one object. No trace, no page: it is committed before the page is built."""
    _leave(lambda session: audit.record(session, current_actor(), action, object_id))


def trace_shown(action: AuditAction, shown: Iterable[UUID]) -> None:
    """Record that this request shows these objects, before they are shown; nothing is recorded for an empty list."""
    ids = list(dict.fromkeys(shown))
    if ids:
        _leave(lambda session: audit.record_shown(session, current_actor(), action, ids))


def _leave(record: Recorder) -> None:
    """In a GET the trace has a transaction of its own, since the request's is rolled back.

    In a POST it goes with the request's transaction; should that be rolled back because the page is shown again, the
    trace is written after it (see `end_transaction`), since SQLite lets nobody write beside an open writer.
    """
    if is_writing():
        g.setdefault("traces", []).append(record)
        return
    with database().transaction() as session:
        record(session)


def after_commit(action: Callable[[], None]) -> None:
    """Let something happen when this request's transaction has been committed, in transactions of its own."""
    g.setdefault("after_commit", []).append(action)


def end_transaction(*, succeeded: bool) -> None:
    """Commit or roll back this request's transaction, and see that its traces are kept either way."""
    traces = g.pop("traces", [])
    session = g.get("db_session")
    if session is not None and succeeded and is_writing():
        for record in traces:
            record(session)
        session.commit()
        session.close()
        for action in g.pop("after_commit", ()):
            action()
        return
    if session is not None:
        session.rollback()
    if traces:
        with database().transaction() as own:
            for record in traces:
                record(own)
