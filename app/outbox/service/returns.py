"""What comes back after a server took it."""

import logging
import re
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.delivery_reports import DeliveryReport
from app.kernel.errors import NotFound
from app.outbox.models import OutboxMessage
from app.outbox.types import MESSAGE_DOMAIN, MessageState

_OURS: Final = re.compile(rf"([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})@{re.escape(MESSAGE_DOMAIN)}", re.I)

logger = logging.getLogger(__name__)


def take_back(session: Session, report: DeliveryReport) -> OutboxMessage | None:
    """Give up the message that has come back, and return it; None when that was known, or when it may yet arrive.

    Raises `NotFound` when the report is about no mail that left here.
    """
    message = _find_returned(session, report)
    if message is None or not message.attempts or message.state is MessageState.DROPPED:
        raise NotFound("message")
    if not report.has_failed or message.state is MessageState.DEAD:
        return None
    message.give_up(f"returned {report.status}".strip())
    logger.warning("message %s of kind %s came back: %s", message.id, message.kind, report.status)
    return message


def _find_returned(session: Session, report: DeliveryReport) -> OutboxMessage | None:
    ids = [UUID(found[1]) for found in map(_OURS.search, report.identifiers) if found is not None]
    return session.scalar(select(OutboxMessage).where(OutboxMessage.id.in_(ids[:1])).with_for_update())
