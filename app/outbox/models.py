"""A queued message."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted
from app.outbox.types import MESSAGE_DOMAIN, MessageState


class OutboxMessage(Model, Tenanted):
    """A mail to be composed and sent. The payload holds ids only; text and address are found when its turn comes."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "state", "due_at"),)

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    is_repeatable: Mapped[bool]
    """False when a second copy would do harm: after an uncertain attempt such a message dies instead."""
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    """Machine time, like the lease: they rule the sending, not the domain."""
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(String(80))
    """The class of the last failure and the server's code, or that it came back, never their text: servers quote
    addresses."""

    @property
    def message_id(self) -> str:
        """The `Message-ID`, the same at every attempt (RFC 5322, 3.6.4), by which a mail that comes back is known."""
        return f"<{self.id}@{MESSAGE_DOMAIN}>"

    def give_up(self, failure: str) -> None:
        """Try no more, and let people see that it did not arrive."""
        self.state, self.leased_until, self.failure = MessageState.DEAD, None, failure
