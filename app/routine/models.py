"""Versions of the routine, their steps, and the legal references."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted
from app.routine.types import Branch, Responsible, Routine, Step, StepAction, TimeUnit, Within


class RoutineVersion(Model, Tenanted):
    """A routine that the municipality adopted on a day. An adopted one is never changed: a new number follows."""

    __tablename__ = "routine_version"
    __table_args__ = (
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
    )

    number: Mapped[int]
    adopted_on: Mapped[date]
    adopted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    is_shipped: Mapped[bool] = mapped_column(default=False)
    """Came with the product, unchanged."""
    steps: Mapped[list["RoutineStep"]] = relationship(
        order_by="RoutineStep.position", back_populates="routine_version", lazy="raise"
    )

    def to_routine(self) -> Routine:
        """Return the version as a value. Raises `InvalidRoutine` when its steps do not hang together."""
        return Routine(self.id, self.number, self.adopted_on, tuple(step.to_step() for step in self.steps))


class RoutineStep(Model, Tenanted):
    """One step of one version."""

    __tablename__ = "routine_step"
    __table_args__ = (
        UniqueConstraint("routine_version_id", "key"),
        UniqueConstraint("routine_version_id", "position"),
        CheckConstraint("within_amount > 0", name="takes_time"),
        CheckConstraint("(urgent_amount IS NULL) = (urgent_unit IS NULL)", name="urgent_time_is_whole"),
    )

    routine_version_id: Mapped[UUID] = mapped_column(ForeignKey("routine_version.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    branch: Mapped[Branch | None]
    action: Mapped[StepAction]
    responsible: Mapped[Responsible]
    within_amount: Mapped[int]
    within_unit: Mapped[TimeUnit]
    urgent_amount: Mapped[int | None]
    urgent_unit: Mapped[TimeUnit | None]
    legal_reference_key: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    instruction: Mapped[str] = mapped_column(Text)
    next_key: Mapped[str | None] = mapped_column(String(40))
    routine_version: Mapped[RoutineVersion] = relationship(back_populates="steps", lazy="raise")

    def to_step(self) -> Step:
        """Return the step as a value."""
        return Step(
            key=self.key,
            branch=self.branch,
            action=self.action,
            responsible=self.responsible,
            within=Within(self.within_amount, self.within_unit),
            urgent_within=Within(self.urgent_amount, self.urgent_unit)
            if self.urgent_amount is not None and self.urgent_unit is not None
            else None,
            legal_reference_key=self.legal_reference_key,
            title=self.title,
            instruction=self.instruction,
            next_key=self.next_key,
        )


class LegalReference(Model):
    """A section of law in one wording: the same for every municipality, so it belongs to none."""

    __tablename__ = "legal_reference"
    __table_args__ = (
        UniqueConstraint("key", "valid_from"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_after_it_begins"),
    )

    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    """How the section is cited."""
    short_title: Mapped[str] = mapped_column(String(40))
    """How it is cited where there is little room."""
    summary: Mapped[str] = mapped_column(Text)
    """What it says, in our own words."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """The last day of this wording, None while it holds."""
