"""Who is asked in a round, and what was done about those who did not answer."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.kernel.database import Model, Tenanted
from app.kernel.encryption import Sealed
from app.surveys.models.rounds import RoundSchedule, SurveyRound
from app.surveys.types import Asks, InvitationState, ReminderKind, RoundState, Schedule, StepKind

if TYPE_CHECKING:
    from app.schools.models import SchoolUnit

_WAITS_FOR_INVITATION = text("invited_at IS NULL")
_WAITS_FOR_STEP = text("next_at IS NOT NULL")


class Invitation(Model, Tenanted):
    """One school unit's part in a round, by its own calendar.

    It has no version column: jobs and answers change it at the same time, always under its row lock, and never each
    other's columns, but for the next step, which an answer takes away.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("round_id", "school_unit_id", "number"),
        CheckConstraint("opens_at < due_at AND due_at <= closes_at", name="moments_come_in_order"),
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_has_a_time"),
        CheckConstraint("submitted_at IS NULL OR next_at IS NULL", name="answered_is_left_alone"),
        CheckConstraint("0 <= protected_count AND protected_count <= missing_count", name="counts_are_counts"),
        Index(
            "ix_invitation_to_open",
            "opens_at",
            sqlite_where=_WAITS_FOR_INVITATION,
            postgresql_where=_WAITS_FOR_INVITATION,
        ),
        Index("ix_invitation_next", "next_at", sqlite_where=_WAITS_FOR_STEP, postgresql_where=_WAITS_FOR_STEP),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"))
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    """Counts up where a unit may begin several, as reports at any time."""
    asks: Mapped[Asks] = mapped_column(default=Asks.RETURN)
    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("round_schedule.id"))
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    next_step: Mapped[int] = mapped_column(default=0)
    """Which of the schedule's steps is next."""
    next_at: Mapped[datetime | None]
    """When it is to be taken; None when nothing more is to be done: answered, cancelled, or all steps taken."""
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.NOT_STARTED)
    is_nil: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    """When the unit first answered. Never taken back: who has answered once is not reminded."""
    last_activity_at: Mapped[datetime | None]
    missing_count: Mapped[int] = mapped_column(default=0)
    """All who are missing, `protected_count` of them with protected identity."""
    protected_count: Mapped[int] = mapped_column(default=0)
    back_count: Mapped[int | None]
    """Pupils who are back since the unit last answered; None while there is nothing to compare with."""
    new_count: Mapped[int | None]
    """Pupils who are missing and were not then."""
    extended_because_sealed: Mapped[bytes | None]
    extended_because = Sealed("extended_because_sealed")
    """Why a person gave this unit more time or let it answer again."""
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Who began it without answering for the unit, and reaches it alone of what the unit answers; else None."""

    round: Mapped[SurveyRound] = relationship()
    """Looked up where it is not loaded with the invitation: whether a unit may answer hangs on it."""
    school_unit: Mapped["SchoolUnit"] = relationship("SchoolUnit", lazy="raise")
    schedule: Mapped[RoundSchedule] = relationship(lazy="raise")

    @validates("submitted_at")
    def _leave_alone(self, _name: str, at: datetime | None) -> datetime | None:
        """Take the next step away from a unit that answers, whoever writes down that it does."""
        if at is not None:
            self.next_at = None
        return at

    @property
    def has_answered(self) -> bool:
        """Whether the unit has submitted an answer, a nil return included."""
        return self.submitted_at is not None

    def accepts_answers(self, at: datetime) -> bool:
        """Whether the unit may answer or change its answer at `at`; late is better than never, until it closes."""
        return self.opens_at <= at < self.closes_at and not self.is_cancelled

    @property
    def is_cancelled(self) -> bool:
        """Whether a person has called the round off."""
        return self.round is not None and self.round.state is RoundState.CANCELLED

    def is_silent(self, at: datetime) -> bool:
        """Whether the unit should have answered by `at` and has not."""
        return not self.has_answered and at >= self.due_at

    def follow(self, moments: Schedule) -> None:
        """Take over other moments for what has not happened yet, from the first step on."""
        self.opens_at, self.due_at, self.closes_at = moments.opens_at, moments.due_at, moments.closes_at
        self.next_step, self.next_at = 0, None if self.has_answered else moments.first_step_at


class Reminder(Model, Tenanted):
    """That something was done about a silent unit, and what it had done until then. The key makes each happen once."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("invitation_id", "number"),)

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    number: Mapped[int]
    step: Mapped[StepKind] = mapped_column(default=StepKind.REMINDER)
    kind: Mapped[ReminderKind]
    is_manual: Mapped[bool] = mapped_column(default=False)
    """Whether a person sent it, beside the plan."""
    is_late: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime]
    """When it was to go; `queued_at` is when it did."""
    queued_at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class PhoneNote(Model, Tenanted):
    """That the coordinator phoned a unit that has not answered, and what was said."""

    __tablename__ = "phone_note"

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"), index=True)
    text_sealed: Mapped[bytes]
    text = Sealed("text_sealed")
    reached: Mapped[bool]
    noted_at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
