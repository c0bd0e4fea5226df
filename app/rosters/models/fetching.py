"""Where a municipality's register is, and what was ordered from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed
from app.rosters.types.fetching import FetchFailure, FetchResult, FetchState, FetchStep

UNFINISHED = "state IN ('ordered', 'fetching')"


class RegisterConnection(Model, Tenanted, Versioned):
    """The pupil register of a municipality, which speaks SS 12000."""

    __tablename__ = "register_connection"
    __table_args__ = (UniqueConstraint("municipality_id"),)

    base_url: Mapped[str] = mapped_column(String(300))
    token_url: Mapped[str] = mapped_column(String(300))
    """Where a token is asked for; empty when the secret is itself a token."""
    client_id: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(200))
    secret_sealed: Mapped[bytes]
    secret = Sealed("secret_sealed")
    omits_unmarked: Mapped[bool]
    """Whether the register leaves out the marking of those who have none; otherwise its absence means protected."""
    known_units: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The unit code of each organisation id as they were last time; empty before the first."""

    @property
    def has_answered(self) -> bool:
        """Whether the register has been read since the connection was last saved, which forgets its units."""
        return bool(self.known_units)


class RosterFetch(Model, Tenanted):
    """An order to fetch class lists for a round, or only to try. What it finds is counts; pupils stand in rosters."""

    __tablename__ = "roster_fetch"
    __table_args__ = (
        CheckConstraint("is_dry_run OR round_id IS NOT NULL", name="class_lists_have_a_round"),
        CheckConstraint("(state IN ('fetched', 'failed')) = (finished_at IS NOT NULL)", name="finished_has_a_time"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_has_a_cause"),
        CheckConstraint("(state = 'fetched') = (result IS NOT NULL)", name="fetched_has_a_result"),
        Index("ix_roster_fetch_round_id", "round_id", "ordered_at"),
        Index(
            "uq_roster_fetch_unfinished",
            "municipality_id",
            unique=True,
            sqlite_where=text(UNFINISHED),
            postgresql_where=text(UNFINISHED),
        ),
    )

    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("survey_round.id"))
    is_dry_run: Mapped[bool]
    state: Mapped[FetchState] = mapped_column(default=FetchState.ORDERED)
    step: Mapped[FetchStep | None]
    ordered_at: Mapped[datetime]
    ordered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    leased_until: Mapped[datetime | None]
    """Machine time. While it lasts one worker has the fetch; when it has run out that worker is dead."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How many workers have begun; the number is also what a worker proves itself by when it is done."""
    finished_at: Mapped[datetime | None]
    failure: Mapped[FetchFailure | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    upload_id: Mapped[UUID | None]
    """What the rosters it staged are confirmed or dropped by."""

    @property
    def is_unfinished(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in (FetchState.ORDERED, FetchState.FETCHING)

    @property
    def found(self) -> FetchResult | None:
        """What it found, or None before and without."""
        return None if self.result is None else FetchResult.from_json(self.result)

    def finish(self, found: FetchResult, at: datetime, upload_id: UUID | None = None) -> None:
        """Note what was found."""
        self.state, self.finished_at, self.result = FetchState.FETCHED, at, found.to_json()
        self.upload_id, self.leased_until, self.step = upload_id, None, None

    def fail(self, failure: FetchFailure, at: datetime) -> None:
        """Note why nothing came of it."""
        self.state, self.finished_at, self.failure = FetchState.FAILED, at, failure
        self.leased_until = None
