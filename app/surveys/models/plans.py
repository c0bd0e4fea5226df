"""The plan of rounds: how a municipality asks, year after year."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.surveys.models.columns import DaysColumn
from app.surveys.types import PlanKind, WaveDays


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
