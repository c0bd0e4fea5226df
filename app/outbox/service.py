"""Queueing and sending.

A message is claimed with a lease in one short transaction, sent outside any, and marked in another. A process that dies
in between leaves a lease that runs out: the message is then sent again under the same `Message-ID`, or, where a copy
would do harm, becomes dead and visible.
"""

import logging
import smtplib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.database import Database
from app.kernel.email import Email, Transport
from app.outbox import queries
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState

Composer = Callable[[Session, Mapping[str, str], str], Email | None]
"""Turns a payload and the public address into a mail, or into None when there is no longer a reason to send it."""

logger = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 5
LEASE: Final = timedelta(minutes=2)
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""How long to wait after each failed attempt: a mail server that restarts is back soon, one that is down is not."""


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
    at = clock.wall()
    message = OutboxMessage(
        municipality_id=municipality_id,
        kind=kind,
        payload=dict(payload),
        dedupe_key=dedupe_key,
        is_repeatable=is_repeatable,
        queued_at=clock.now(),
        due_at=at,
        state=MessageState.QUEUED,
        attempts=0,
    )
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    columns = {c.key: getattr(message, c.key) for c in OutboxMessage.__table__.columns}
    session.execute(insert(OutboxMessage).values(columns).on_conflict_do_nothing(index_elements=["dedupe_key"]))


def deliver_due(database: Database, transport: Transport, composers: Mapping[str, Composer], public_url: str) -> int:
    """Send every message whose turn it is, and return how many were; a failure stops only the message itself."""
    with database.reading() as session:
        due = queries.list_due(session, clock.wall())
    return sum(_deliver(database, message_id, transport, composers, public_url) for message_id in due)


def _deliver(
    database: Database, message_id: UUID, transport: Transport, composers: Mapping[str, Composer], public_url: str
) -> bool:
    claimed = _claim(database, message_id)
    if claimed is None:
        return False
    try:
        with database.reading() as session:
            email = composers[claimed.kind](session, claimed.payload, public_url)
        if email is not None:
            transport.send(email, claimed.message_id)
    except Exception as error:  # Whatever stops one message stops no other.
        logger.warning("message %s of kind %s failed: %s", message_id, claimed.kind, type(error).__name__)
        _note_failure(database, message_id, error)
        return False
    with database.transaction() as session:
        message = session.get_one(OutboxMessage, message_id)
        message.leased_until = None
        message.state, message.sent_at = (MessageState.SENT, clock.now()) if email else (MessageState.DROPPED, None)
    return email is not None


def _claim(database: Database, message_id: UUID) -> OutboxMessage | None:
    with database.transaction() as session:
        message = queries.claim(session, message_id, clock.wall())
        if message is None:
            return None
        if message.leased_until is not None and not message.is_repeatable:
            _give_up(message, "uncertain")  # Somebody died with it in hand: it may have gone, and must not go twice.
            return None
        message.leased_until = clock.wall() + LEASE
        message.attempts += 1
        return message


def _note_failure(database: Database, message_id: UUID, error: Exception) -> None:
    with database.transaction() as session:
        message = session.get_one(OutboxMessage, message_id)
        code = getattr(error, "smtp_code", "")
        message.failure, message.leased_until = f"{type(error).__name__} {code}".strip(), None
        if message.attempts >= MOST_ATTEMPTS or _is_final(error) or not (message.is_repeatable or _is_refusal(error)):
            _give_up(message, message.failure)
        else:
            message.due_at = clock.wall() + WAITS[min(message.attempts, len(WAITS)) - 1]


def _give_up(message: OutboxMessage, failure: str) -> None:
    message.state, message.leased_until, message.failure = MessageState.DEAD, None, failure


def _is_final(error: Exception) -> bool:
    """Whether the server refused for good: 5xx (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())  # noqa: PLR2004
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500  # noqa: PLR2004


def _is_refusal(error: Exception) -> bool:
    """Whether the mail certainly did not go: the server said so, or was never reached."""
    return isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ConnectionRefusedError)
