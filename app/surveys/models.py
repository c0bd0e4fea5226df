"""The plan of rounds, the rounds, who is asked in them and what was done about those who did not answer.

Every moment at which something is due is a column of a row, so that a stopped process, a second one and the nights of
changed clocks make no difference.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed
from app.kernel.errors import InvalidTransition
from app.surveys.types import (
    Asks,
    InvitationState,
    PlanKind,
    ReminderKind,
    RoundState,
    Schedule,
    Step,
    StepKind,
    WaveDays,
)

if TYPE_CHECKING:
    from app.schools.models import SchoolUnit


class DaysColumn(TypeDecorator[WaveDays]):
    """The days of a wave as plain JSON; no days are no value, and not JSON's null."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: WaveDays | None, dialect: Dialect) -> Any:
        return None if value is None else value.as_json

    def process_result_value(self, value: Any, dialect: Dialect) -> WaveDays | None:
        return None if value is None else WaveDays.of_json(value)


class StepsColumn(TypeDecorator[tuple[Step, ...]]):
    """Steps as plain JSON, their moments in UTC."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Step, ...] | None, dialect: Dialect) -> Any:
        return None if value is None else [{"kind": step.kind.value, "at": step.at.isoformat()} for step in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Step, ...] | None:
        if value is None:
            return None
        return tuple(Step(StepKind(each["kind"]), datetime.fromisoformat(each["at"])) for each in value)


class SurveyPlan(Model, Tenanted, Versioned):
    """How a municipality asks at one time of the school year, year after year."""

    __tablename__ = "survey_plan"
    __table_args__ = (
        UniqueConstraint("municipality_id", "kind"),
        CheckConstraint("lead_days >= 0", name="leads_forward"),
    )

    kind: Mapped[PlanKind]
    title: Mapped[str] = mapped_column(String(120))
    """What its rounds are called, before the year."""
    is_active: Mapped[bool] = mapped_column(default=True)
    letter: Mapped[str | None] = mapped_column(Text)
    """The director's letter in the municipality's own words; None is the shipped example."""
    lead_days: Mapped[int] = mapped_column(default=0)
    """School days before the break that a round before a break hangs on."""
    begins_at: Mapped[datetime | None]
    """When the municipality began with it: what was over by then was never anybody's to open, and is not missed."""
    drafted_at: Mapped[datetime | None]
    """When its rounds were last looked over against the calendars; written past the version, for no person edits it."""

    waves: Mapped[list["PlannedWave"]] = relationship(
        lazy="selectin", order_by="PlannedWave.number", cascade="all, delete-orphan"
    )

    @property
    def days(self) -> WaveDays:
        """The days of the first wave."""
        return self.waves[0].days


class PlannedWave(Model, Tenanted):
    """One asking of a plan: the first, or a follow-up some weeks later."""

    __tablename__ = "planned_wave"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("survey_plan.id"))
    number: Mapped[int]
    """0 is the first asking."""
    days: Mapped[WaveDays] = mapped_column(DaysColumn)
    changed_at: Mapped[datetime | None]
    """When a person last gave it other days: they then hold before those of last year's round."""


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
