"""The frozen figures of a term."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted
from app.kernel.errors import InvalidTransition
from app.summaries.types import PublishedTerm, term_order


class TermSnapshot(Model, Tenanted):
    """What everybody sees of a term.

    It holds what may be printed and nothing else: counts that are hidden are not kept, so there is nothing to leak, and
    an earlier state is replaced, so there is nothing to compare with.
    """

    __tablename__ = "term_snapshot"
    __table_args__ = (
        UniqueConstraint("municipality_id", "term"),
        CheckConstraint("sort_key > 0", name="sort_key_is_an_order"),
    )

    term: Mapped[str] = mapped_column(String(7))
    """As rounds write it: HT 2026."""
    sort_key: Mapped[int]
    frozen_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_final: Mapped[bool] = mapped_column(default=False)
    """The term is over and counted for the last time."""

    @property
    def published(self) -> PublishedTerm:
        """The figures as values."""
        return PublishedTerm.from_dict(self.figures)

    def freeze(self, published: PublishedTerm, *, at: datetime, is_final: bool) -> None:
        """Take over new figures. Raises `InvalidTransition` once they are final."""
        if self.is_final:
            raise InvalidTransition("term snapshot", "final", "frozen")
        self.sort_key = term_order(self.term)
        self.figures, self.frozen_at, self.is_final = published.to_dict(), at, is_final
