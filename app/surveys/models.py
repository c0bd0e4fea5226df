"""The plan of rounds, the rounds, who is asked in them and who was reminded. Every moment at which something is due is
a column of a row, so that a stopped process, a second one and the nights of changed clocks make no difference."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.errors import InvalidTransition
from app.surveys.types import InvitationState, PlanDays, PlanKind, ReminderKind, RoundState, Schedule

if TYPE_CHECKING:
    from app.schools.models import SchoolUnit


class SurveyPlan(Model, Tenanted, Versioned):
    """How a municipality asks after a break, year after year."""

    __tablename__ = "survey_plan"
    __table_args__ = (
        UniqueConstraint("municipality_id", "kind"),
        CheckConstraint(
            "0 <= open_after_days AND open_after_days < remind_after_days AND remind_after_days < due_after_days"
            " AND due_after_days < close_after_days",
            name="days_come_in_order",
        ),
    )

    kind: Mapped[PlanKind]
    title: Mapped[str] = mapped_column(String(120))
    """What its rounds are called, before the year."""
    open_after_days: Mapped[int]
    remind_after_days: Mapped[int]
    due_after_days: Mapped[int]
    close_after_days: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def days(self) -> PlanDays:
        """The days as one value."""
        return PlanDays(self.open_after_days, self.remind_after_days, self.due_after_days, self.close_after_days)

    @days.setter
    def days(self, days: PlanDays) -> None:
        self.open_after_days, self.remind_after_days = days.open, days.remind
        self.due_after_days, self.close_after_days = days.due, days.close


class SurveyRound(Model, Tenanted):
    """One asking of every school unit. It comes into being when it opens."""

    __tablename__ = "survey_round"
    __table_args__ = (
        UniqueConstraint("municipality_id", "occurrence_key"),
        UniqueConstraint("plan_id", "year"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        Index(
            "ix_survey_round_open",
            "state",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("survey_plan.id"))
    title: Mapped[str] = mapped_column(String(120))
    term: Mapped[str] = mapped_column(String(7))
    year: Mapped[int]
    occurrence_key: Mapped[str] = mapped_column(String(40))
    state: Mapped[RoundState] = mapped_column(default=RoundState.OPEN)
    opens_at: Mapped[datetime]
    """When it was to open; `opened_at` is when it did."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    plan: Mapped[SurveyPlan] = relationship(lazy="raise")

    def close(self, *, at: datetime) -> None:
        """Take no more answers. Those who have not answered stay without an answer: silence is never made a zero."""
        if self.state is not RoundState.OPEN:
            raise InvalidTransition("survey round", self.state, RoundState.CLOSED)
        self.state, self.closed_at = RoundState.CLOSED, at


_WAITS_FOR_INVITATION = text("invited_at IS NULL")
_WAITS_FOR_REMINDER = text("reminded_at IS NULL AND submitted_at IS NULL")


class Invitation(Model, Tenanted):
    """One school unit's part in a round, by its own organiser's calendar.

    It has no version column: jobs and answers change it at the same time, always under its row lock, and never each
    other's columns.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("round_id", "school_unit_id"),
        CheckConstraint(
            "opens_at <= remind_at AND remind_at < due_at AND due_at < closes_at", name="moments_come_in_order"
        ),
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_has_a_time"),
        CheckConstraint("0 <= protected_count AND protected_count <= missing_count", name="counts_are_counts"),
        Index(
            "ix_invitation_to_open",
            "opens_at",
            sqlite_where=_WAITS_FOR_INVITATION,
            postgresql_where=_WAITS_FOR_INVITATION,
        ),
        Index(
            "ix_invitation_to_remind",
            "remind_at",
            sqlite_where=_WAITS_FOR_REMINDER,
            postgresql_where=_WAITS_FOR_REMINDER,
        ),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"))
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    opens_at: Mapped[datetime]
    remind_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.NOT_STARTED)
    is_nil: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    """When the unit first answered. Never taken back: who has answered once is not reminded."""
    last_activity_at: Mapped[datetime | None]
    missing_count: Mapped[int] = mapped_column(default=0)
    """All who are missing, `protected_count` of them with protected identity."""
    protected_count: Mapped[int] = mapped_column(default=0)

    round: Mapped[SurveyRound] = relationship(lazy="raise")
    school_unit: Mapped["SchoolUnit"] = relationship("SchoolUnit", lazy="raise")

    @property
    def has_answered(self) -> bool:
        """Whether the unit has submitted an answer, a nil return included."""
        return self.submitted_at is not None

    def accepts_answers(self, at: datetime) -> bool:
        """Whether the unit may answer or change its answer at `at`; late is better than never, until it closes."""
        return self.opens_at <= at < self.closes_at

    def is_silent(self, at: datetime) -> bool:
        """Whether the unit should have answered by `at` and has not."""
        return not self.has_answered and at >= self.due_at

    def follow(self, moments: Schedule) -> None:
        """Take over other moments for what has not happened yet."""
        self.opens_at, self.remind_at = moments.opens_at, moments.remind_at
        self.due_at, self.closes_at = moments.due_at, moments.closes_at


class Reminder(Model, Tenanted):
    """That a unit was reminded, and what it had done until then. The key makes each reminder happen once."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("invitation_id", "number"),)

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    number: Mapped[int]
    kind: Mapped[ReminderKind]
    due_at: Mapped[datetime]
    """When it was to go; `queued_at` is when it did."""
    queued_at: Mapped[datetime]
