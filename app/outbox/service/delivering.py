"""Sending.

A message is claimed with a lease in one short transaction, sent outside any, and marked in another. A process that dies
in between leaves a lease that runs out: the message is then sent again under the same `Message-ID`, or, where a copy
would do harm, becomes dead and visible.
"""

import logging
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import Final
from uuid import UUID

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
LEASE: Final = timedelta(minutes=10)
"""Longer than the slowest delivery there is: a dozen commands, each with a mail server silent almost to the limit."""
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""How long to wait after each failed attempt: a mail server that restarts is back soon, one that is down is not."""
PERMANENT: Final = 500
"""Answers from here on mean never (RFC 5321, 4.2.1)."""
LOST_IN_A_ROW: Final = 3
"""After so many messages for which there was no server, the rest waits: a tick has other things to do than to hang."""


def deliver_due(database: Database, transport: Transport, composers: Mapping[str, Composer], public_url: str) -> int:
    """Send every message whose turn it is, and return how many were; a failure stops only the message itself.

    When the mail server cannot be reached for several in a row, the rest is left for the next time.
    """
    with database.reading() as session:
        due = queries.list_due(session, clock.wall())
    sent = lost = 0
    for message_id in due:
        outcome = _deliver(database, message_id, transport, composers, public_url)
        sent += outcome is Outcome.SENT
        lost = lost + 1 if outcome is Outcome.LOST else 0
        if lost == LOST_IN_A_ROW:
            break
    return sent


class Outcome(Enum):
    """What became of one attempt."""

    SENT = auto()
    NOT_SENT = auto()
    LOST = auto()
    """There was no server, or it fell silent."""


def _deliver(
    database: Database, message_id: UUID, transport: Transport, composers: Mapping[str, Composer], public_url: str
) -> Outcome:
    claimed = _claim(database, message_id)
    if claimed is None:
        return Outcome.NOT_SENT
    email, is_sending = None, False
    try:
        with database.reading() as session:
            written_at = clock.now()  # An answer that comes after this moment, while the mail is on its way, is later.
            email = composers[claimed.kind](session, claimed.payload, public_url)
        if email is not None:
            is_sending = True
            transport.send(email, claimed.message_id)
    except Exception as error:  # Whatever stops one message stops no other.
        logger.warning("message %s of kind %s failed: %s", message_id, claimed.kind, type(error).__name__)
        _note_failure(database, message_id, error, is_uncertain=is_sending and not _is_refusal(error))
        return Outcome.LOST if is_sending and _is_loss(error) else Outcome.NOT_SENT
    with database.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        message.leased_until = None
        message.sent_at = written_at if email else None
        if message.state is MessageState.QUEUED:  # Else it has come back already.
            message.state = MessageState.SENT if email else MessageState.DROPPED
    return Outcome.SENT if email is not None else Outcome.NOT_SENT


def _claim(database: Database, message_id: UUID) -> OutboxMessage | None:
    with database.transaction() as session:
        message = queries.claim(session, message_id, clock.wall())
        if message is None:
            return None
        # A lease that has run out: somebody died with the message in hand, and it may or may not have gone.
        if message.leased_until is not None and (not message.is_repeatable or message.attempts >= MOST_ATTEMPTS):
            message.give_up("uncertain")
            return None
        message.leased_until = clock.wall() + LEASE
        message.attempts += 1
        return message


def _note_failure(database: Database, message_id: UUID, error: Exception, *, is_uncertain: bool) -> None:
    with database.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.state is not MessageState.QUEUED:
            return  # The lease ran out meanwhile, and whoever took over has finished with it.
        message.failure, message.leased_until = f"{type(error).__name__} {_code_of(error)}".strip(), None
        if message.attempts >= MOST_ATTEMPTS or _is_final(error) or (is_uncertain and not message.is_repeatable):
            message.give_up(message.failure)
        else:
            message.due_at = clock.wall() + WAITS[min(message.attempts, len(WAITS)) - 1]


def _codes_of(error: Exception) -> Sequence[int]:
    """Return what the server answered (RFC 5321, 4.2.1), nothing when it did not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _code_of(error: Exception) -> str:
    return " ".join(str(code) for code in _codes_of(error)[:1])


def _is_final(error: Exception) -> bool:
    """Whether the server refused this message for good; one that refuses to speak with us at all may be mended."""
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return False
    codes = _codes_of(error)
    return bool(codes) and min(codes) >= PERMANENT


def _is_refusal(error: Exception) -> bool:
    """Whether the mail certainly did not go: the server said so, or was never reached."""
    return isinstance(
        error,
        smtplib.SMTPResponseException
        | smtplib.SMTPRecipientsRefused
        | smtplib.SMTPNotSupportedError
        | ConnectionRefusedError
        | socket.gaierror
        | ssl.SSLCertVerificationError,
    )


def _is_loss(error: Exception) -> bool:
    """Whether there was no server to speak with."""
    return isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError) or (
        isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    )
