"""The rounds, and when each calendar's units are asked in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed
from app.kernel.errors import InvalidTransition
from app.surveys.models.columns import DaysColumn, StepsColumn
from app.surveys.models.plans import SurveyPlan
from app.surveys.types import Asks, RoundState, Schedule, Step, WaveDays


class SurveyRound(Model, Tenanted, Versioned):
    """One asking of every school unit: a wave of a plan in a year. It is there, planned, long before it opens."""

    __tablename__ = "survey_round"
    __table_args__ = (
        UniqueConstraint("municipality_id", "occurrence_key"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_has_a_time"),
        CheckConstraint("state NOT IN ('open', 'closed') OR opened_at IS NOT NULL", name="open_has_a_time"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        Index("ix_survey_round_plan", "plan_id", "year", "wave"),
        Index(
            "ix_survey_round_open",
            "state",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_survey_round_planned",
            "opens_at",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("survey_plan.id"))
    asks: Mapped[Asks] = mapped_column(default=Asks.RETURN)
    wave: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(160))
    term: Mapped[str] = mapped_column(String(7))
    year: Mapped[int]
    occurrence_key: Mapped[str] = mapped_column(String(40))
    days: Mapped[WaveDays | None] = mapped_column(DaysColumn)
    """None for what schools begin at any time."""
    letter: Mapped[str | None] = mapped_column(Text)
    """The director's letter of this round; None is the plan's, or the shipped example."""
    state: Mapped[RoundState] = mapped_column(default=RoundState.PLANNED)
    opens_at: Mapped[datetime]
    """When the first units are to be asked, kept up to date while it is planned; `opened_at` is when it opened."""
    closes_at: Mapped[datetime]
    """When the last unit may no longer answer, kept up to date while it is planned."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    drafted_at: Mapped[datetime | None]
    """When its days were last taken over from its plan or from last year."""
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    state_reason_sealed: Mapped[bytes | None]
    state_reason = Sealed("state_reason_sealed")
    """Why a person cancelled or reopened it."""

    plan: Mapped[SurveyPlan] = relationship(lazy="raise")

    def open(self, *, at: datetime) -> None:
        """Begin to take answers."""
        self._leave(RoundState.PLANNED, to=RoundState.OPEN)
        self.opened_at = at

    def close(self, *, at: datetime) -> None:
        """Take no more answers. Those who have not answered stay without an answer: silence is never made a zero."""
        self._leave(RoundState.OPEN, to=RoundState.CLOSED)
        self.closed_at = at

    def cancel(self, *, because: str) -> None:
        """Stop before it opens, or while it is open."""
        self._leave(RoundState.PLANNED, RoundState.OPEN, to=RoundState.CANCELLED)
        self.state_reason = because

    def restore(self, *, because: str) -> None:
        """Take a cancelling back: it is planned or open, as it was."""
        self._leave(RoundState.CANCELLED, to=RoundState.PLANNED if self.opened_at is None else RoundState.OPEN)
        self.state_reason = because

    def reopen(self, *, because: str) -> None:
        """Take answers again after closing."""
        self._leave(RoundState.CLOSED, to=RoundState.OPEN)
        self.closed_at, self.state_reason = None, because

    def withdraw_confirmation(self) -> None:
        """Ask to be confirmed anew, since something of what was confirmed is other now."""
        self.confirmed_at = self.confirmed_by_id = None

    def _leave(self, *states: RoundState, to: RoundState) -> None:
        if self.state not in states:
            raise InvalidTransition("survey round", self.state, to)
        self.state = to


class RoundSchedule(Model, Tenanted):
    """The moments of a round by one calendar; units that were given more time have one of their own."""

    __tablename__ = "round_schedule"
    __table_args__ = (CheckConstraint("opens_at < due_at AND due_at <= closes_at", name="moments_come_in_order"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    steps: Mapped[tuple[Step, ...]] = mapped_column(StepsColumn)

    @property
    def moments(self) -> Schedule:
        """The moments as one value."""
        return Schedule(self.opens_at, self.due_at, self.closes_at, self.steps)

    @moments.setter
    def moments(self, moments: Schedule) -> None:
        self.opens_at, self.due_at, self.closes_at = moments.opens_at, moments.due_at, moments.closes_at
        self.steps = moments.steps
