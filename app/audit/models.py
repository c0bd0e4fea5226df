"""The chain of audit rows, its head, and an index of who was shown what."""

from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted


class AuditRow(Model, Tenanted):
    """One thing that was done or seen. Triggers refuse every change; `hash` covers every other column.

    Times and ids are text: what is hashed is exactly what is stored, whatever the database makes of dates.
    """

    __tablename__ = "audit_row"
    __table_args__ = (UniqueConstraint("municipality_id", "sequence"), Index(None, "municipality_id", "object_id"))

    sequence: Mapped[int]
    recorded_at: Mapped[str] = mapped_column(String(32))
    """The domain's clock, ISO 8601 in UTC with microseconds."""
    actor_id: Mapped[str | None] = mapped_column(String(36))
    actor_role: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    object_id: Mapped[str | None] = mapped_column(String(36))
    details: Mapped[str] = mapped_column(Text)
    """Canonical JSON of ids, codes and field names."""
    request_id: Mapped[str | None] = mapped_column(String(36))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Model, Tenanted):
    """The last link of a municipality's chain: locked by whoever adds the next, and the proof that none was cut off."""

    __tablename__ = "audit_head"
    __table_args__ = (UniqueConstraint("municipality_id"),)

    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditShown(Model, Tenanted):
    """Which rows a list or export showed: an index over `details`, so that "who has seen this" needs no scan."""

    __tablename__ = "audit_shown"
    __table_args__ = (Index(None, "municipality_id", "object_id"),)

    sequence: Mapped[int]
    object_id: Mapped[UUID]
