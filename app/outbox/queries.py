"""Finding messages."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState

BATCH = 100


def list_due(session: Session, at: datetime) -> Sequence[UUID]:
    """Return the ids of messages whose turn it is, oldest first; one that somebody is sending is left alone."""
    return session.scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.state == MessageState.QUEUED, OutboxMessage.due_at <= at, _is_free(at))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(BATCH)
    ).all()


def claim(session: Session, message_id: UUID, at: datetime) -> OutboxMessage | None:
    """Return the message locked, or None when somebody else has it or it is done."""
    return session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.QUEUED, _is_free(at))
        .with_for_update(skip_locked=True)
    )


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < at)


def find_by_key(session: Session, dedupe_key: str) -> OutboxMessage | None:
    """Return the message with this key, or None."""
    return session.scalar(select(OutboxMessage).where(OutboxMessage.dedupe_key == dedupe_key))


def states_by_key(session: Session, keys: Collection[str], *, visible_to: Actor) -> Mapping[str, MessageState]:
    """Return the state of each message by its dedupe key, for pages that show what was delivered."""
    rows = session.execute(
        select(OutboxMessage.dedupe_key, OutboxMessage.state).where(
            OutboxMessage.municipality_id == visible_to.municipality_id, OutboxMessage.dedupe_key.in_(keys)
        )
    )
    return dict(rows.all())


def count_by_state(session: Session, municipality_id: UUID | None = None) -> Mapping[MessageState, int]:
    """Return how many messages are in each state, of one municipality or of all."""
    statement = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    if municipality_id is not None:
        statement = statement.where(OutboxMessage.municipality_id == municipality_id)
    return dict(session.execute(statement).all())
