"""The case. The model guards its own transitions, the table guards the model."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.types import (
    Branch,
    CaseState,
    ContactSafety,
    OpenReason,
    Outcome,
)
from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed, SealedJson
from app.kernel.errors import InvalidTransition, Refused
from app.pupils.models import Child
from app.pupils.types import GradeBand
from app.schools.models import SchoolUnit

IS_OPEN = text("state <> 'closed'")


class Case(Model, Tenanted, Versioned):
    """One child that the municipality follows up. There is at most one open case per child."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("municipality_id", "reference"),
        Index("uq_case_one_open_per_child", "child_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_case_queue", "municipality_id", "next_due_at", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_case_closed", "municipality_id", "closed_at"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        CheckConstraint("(outcome IS NULL) = (outcome_evidence_sealed IS NULL)", name="outcome_has_evidence"),
        CheckConstraint("(state = 'closed') = (step_key IS NULL)", name="open_has_step"),
        CheckConstraint("state NOT IN ('investigating', 'waiting') OR branch IS NOT NULL", name="assessed_has_branch"),
        CheckConstraint("(state = 'waiting') = (waiting_for_sealed IS NOT NULL)", name="waiting_for_someone"),
        CheckConstraint("returned_on IS NULL OR located_at IS NOT NULL", name="returned_is_located"),
    )

    reference: Mapped[str] = mapped_column(String(20))
    """What people quote aloud: K-2026-014."""
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    state: Mapped[CaseState]
    branch: Mapped[Branch | None]
    routine_version_id: Mapped[UUID] = mapped_column(ForeignKey("routine_version.id"))
    step_key: Mapped[str | None] = mapped_column(String(40))
    """The step of the routine the case stands at."""
    interrupted_step_key: Mapped[str | None] = mapped_column(String(40))
    """The step a reported return interrupted, to go back to if it was not so."""
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    opened_because: Mapped[OpenReason]
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("survey_round.id"), index=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    school_class_sealed: Mapped[bytes | None]
    school_class = Sealed("school_class_sealed")
    grade_band: Mapped[GradeBand | None]
    """For the term's figures; None until a school has said."""
    contact_safety: Mapped[ContactSafety]
    contact_safety_on: Mapped[date | None]
    contact_safety_by_sealed: Mapped[bytes | None]
    contact_safety_by = Sealed("contact_safety_by_sealed")
    is_protected: Mapped[bool] = mapped_column(default=False)
    """The child's personal data are protected: they have gone from here, and the school is rung instead."""
    last_present_on: Mapped[date | None]
    waiting_for_sealed: Mapped[bytes | None]
    waiting_for = Sealed("waiting_for_sealed")
    """Whom the case waits for, set while it waits."""
    located_at: Mapped[datetime | None]
    returned_on: Mapped[date | None]
    reported_at: Mapped[datetime | None]
    """When a report of concern was first handed over; from then on a stronger secrecy holds."""
    concern_settled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    outcome_evidence_sealed: Mapped[bytes | None]
    outcome_evidence = SealedJson("outcome_evidence_sealed")
    review_on: Mapped[date | None] = mapped_column(index=True)
    """When somebody looks again at a case that was closed."""
    next_due_at: Mapped[datetime | None]
    """The earliest running deadline, kept here so that the queue sorts by an index."""

    child: Mapped[Child] = relationship(lazy="raise")
    school_unit: Mapped[SchoolUnit] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """Whether the case is still followed up."""
        return self.state is not CaseState.CLOSED

    @property
    def is_concern_open(self) -> bool:
        """Whether somebody fears for the child, or has reported it, and nobody has settled that."""
        return (self.opened_because.is_concern or self.reported_at is not None) and self.concern_settled_at is None

    def assess(self, branch: Branch, *, step_key: str, at: datetime) -> None:
        """Choose the way on; a child whose whereabouts are no longer known is no longer located."""
        self._require(CaseState.INVESTIGATING, CaseState.TO_ASSESS, CaseState.INVESTIGATING, CaseState.WAITING)
        self.state, self.branch, self.step_key, self.waiting_for = CaseState.INVESTIGATING, branch, step_key, None
        self.located_at = None if branch is Branch.NOT_FOUND else self.located_at or at

    def go_to(self, step_key: str) -> None:
        """Stand at the next step."""
        if not self.is_open:
            raise InvalidTransition("case", self.state, step_key)
        self.step_key = step_key

    def wait(self, waiting_for: str) -> None:
        """Let others have their time."""
        self._require(CaseState.WAITING, CaseState.INVESTIGATING)
        self.state, self.waiting_for = CaseState.WAITING, waiting_for

    def resume(self) -> None:
        """Take the case up again."""
        self._require(CaseState.INVESTIGATING, CaseState.WAITING)
        self.state, self.waiting_for = CaseState.INVESTIGATING, None

    def begin_return(self, *, step_key: str) -> None:
        """Turn to a return that a school has reported. It is a claim until it has been confirmed."""
        self._require(CaseState.RETURNING, CaseState.TO_ASSESS, CaseState.INVESTIGATING, CaseState.WAITING)
        self.interrupted_step_key, self.step_key = self.step_key, step_key
        self.state, self.waiting_for = CaseState.RETURNING, None

    def confirm_return(self, on: date, *, step_key: str, at: datetime) -> None:
        """Note that the child has been seen back."""
        self._require(CaseState.RETURNING, CaseState.RETURNING)
        self.returned_on, self.located_at, self.step_key = on, self.located_at or at, step_key

    def deny_return(self) -> None:
        """Go back to where the case stood when the return was reported."""
        self._require(CaseState.INVESTIGATING, CaseState.RETURNING)
        if self.interrupted_step_key is None or self.returned_on is not None:
            raise Refused("return_is_confirmed")
        self.state = CaseState.INVESTIGATING if self.branch else CaseState.TO_ASSESS
        self.step_key, self.interrupted_step_key = self.interrupted_step_key, None

    def settle_concern(self, at: datetime) -> None:
        """Note that nobody fears for the child any longer."""
        if not self.is_concern_open or not self.is_open:
            raise InvalidTransition("case concern", self.state, "settled")
        self.concern_settled_at = at

    def hear_concern(self, reason: OpenReason) -> None:
        """Take in a further source: what presses more rules, and a new concern reopens a settled one."""
        if reason.is_concern:
            self.concern_settled_at = None
        if reason.weight > self.opened_because.weight:
            self.opened_because = reason

    def close(self, outcome: Outcome, evidence: dict[str, str], *, at: datetime) -> None:
        """End the case with what explained it."""
        if not self.is_open:
            raise InvalidTransition("case", self.state, CaseState.CLOSED)
        self.state, self.outcome, self.outcome_evidence, self.closed_at = CaseState.CLOSED, outcome, evidence, at
        self.step_key = self.interrupted_step_key = self.waiting_for = None
        if outcome is not Outcome.UNKNOWN:
            self.located_at = self.located_at or at

    def reopen(self, *, step_key: str, routine_version_id: UUID) -> None:
        """Take up a closed case, or one whose child was seen back, from the beginning of the routine that now holds."""
        if self.is_open and self.returned_on is None:
            raise InvalidTransition("case", self.state, CaseState.TO_ASSESS)
        self.state, self.branch, self.step_key = CaseState.TO_ASSESS, None, step_key
        self.routine_version_id = routine_version_id
        self.interrupted_step_key = self.waiting_for = None
        self.outcome = self.outcome_evidence = self.closed_at = self.review_on = None
        self.returned_on = self.located_at = self.concern_settled_at = None

    def _require(self, wanted: CaseState, *allowed: CaseState) -> None:
        if self.state not in allowed:
            raise InvalidTransition("case", self.state, wanted)


class CaseCounter(Model, Tenanted):
    """The last number given to a case in a year; its lock puts those who open cases in one municipality in line."""

    __tablename__ = "case_counter"
    __table_args__ = (UniqueConstraint("municipality_id", "year"),)

    year: Mapped[int]
    last: Mapped[int]
