"""Queueing: a message is written with the change that causes it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.sql_functions import execute_many, new_id
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState, NewMessage


def enqueue(
    session: Session,
    *,
    municipality_id: UUID,
    kind: str,
    dedupe_key: str,
    payload: Mapping[str, str],
    is_repeatable: bool = True,
) -> None:
    """Queue a message with the change that causes it. A second one with the same key is the same message."""
    enqueue_all(session, [NewMessage(municipality_id, kind, dedupe_key, payload, is_repeatable)])


def enqueue_all(session: Session, messages: Sequence[NewMessage]) -> None:
    """Queue many messages at the cost of few statements, each as `enqueue` does."""
    due_at, queued_at = clock.wall(), clock.now()
    rows = [
        {
            "id": uuid4(),
            "municipality_id": message.municipality_id,
            "kind": message.kind,
            "payload": dict(message.payload),
            "dedupe_key": message.dedupe_key,
            "is_repeatable": message.is_repeatable,
            "state": MessageState.QUEUED,
            "queued_at": queued_at,
            "due_at": due_at,
            "attempts": 0,
        }
        for message in messages
    ]
    if rows:
        session.execute(_insert(session).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)


def enqueue_from(session: Session, kind: str, rows: Select[Any]) -> int:
    """Queue a repeatable message for each row of a statement, and return how many there were that were not queued yet.

    The rows have `municipality_id`, `dedupe_key` and `payload`. They never leave the database: a round for thousands of
    schools costs one statement.
    """
    each = rows.subquery()
    values = {
        "id": new_id(),
        "municipality_id": each.c.municipality_id,
        "kind": literal(kind, OutboxMessage.kind.type),
        "payload": each.c.payload,
        "dedupe_key": each.c.dedupe_key,
        "is_repeatable": literal(True),
        "state": literal(MessageState.QUEUED, OutboxMessage.state.type),
        "queued_at": literal(clock.now(), OutboxMessage.queued_at.type),
        "due_at": literal(clock.wall(), OutboxMessage.due_at.type),
        "attempts": literal(0),
    }
    # The condition tells SQLite where the source of the rows ends (https://sqlite.org/lang_upsert.html, 2.1).
    source = select(*values.values()).select_from(each).where(each.c.dedupe_key.is_not(None))
    statement = _insert(session).from_select(list(values), source, include_defaults=False)
    return execute_many(session, statement.on_conflict_do_nothing(index_elements=["dedupe_key"]))


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(OutboxMessage)
