"""Words of the survey, and the reckoning from the first day of a term to the days of a round."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.schools.types import OFFICE_CLOSES, OFFICE_OPENS, TermKind, WorkingCalendar

MOST_DAYS: Final = 60
"""School days from the first day of term to the last of a round: a third of a school year."""


class PlanKind(StrEnum):
    """Which return to school a round asks about."""

    AFTER_SUMMER = "after_summer"
    AFTER_CHRISTMAS = "after_christmas"

    @property
    def term(self) -> TermKind:
        """The term whose first day the round is reckoned from."""
        return TermKind.AUTUMN if self is PlanKind.AFTER_SUMMER else TermKind.SPRING


class RoundState(StrEnum):
    """Whether a round still takes answers."""

    OPEN = "open"
    CLOSED = "closed"


class InvitationState(StrEnum):
    """How far a school unit's answer has come."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    COMPLETED = "completed"
    """Everything is filled in, and nothing has been sent: to the municipality that is no answer."""
    SUBMITTED = "submitted"


class ReminderKind(StrEnum):
    """What the reminded unit had done until then."""

    SILENT = "silent"
    STARTED = "started"
    COMPLETED = "completed"


REMINDER_KINDS: Final = {
    InvitationState.NOT_STARTED: ReminderKind.SILENT,
    InvitationState.STARTED: ReminderKind.STARTED,
    InvitationState.COMPLETED: ReminderKind.COMPLETED,
}


@dataclass(frozen=True, slots=True)
class PlanDays:
    """When things happen, in school days after the first day of the organiser's term."""

    open: int
    remind: int
    due: int
    close: int

    def __post_init__(self) -> None:
        if not 0 <= self.open < self.remind < self.due < self.close:
            raise ValueError("a round opens, reminds, is due and closes in that order")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one school unit is asked, reminded, late and no longer asked."""

    opens_at: datetime
    remind_at: datetime
    due_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class EditSurveyPlan:
    """Other days for a plan, and whether it is to open rounds at all; `version` is that of the row the person saw."""

    days: PlanDays
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """That a plan is to open a round in a year."""

    municipality_id: UUID
    plan_id: UUID
    kind: PlanKind
    year: int

    @property
    def key(self) -> str:
        """What makes the occurrence happen once, whoever opens it and however often they try."""
        return f"{self.kind}:{self.year}"

    @property
    def term(self) -> str:
        """The term as people write it: HT 2026."""
        return term_label(self.kind.term, self.year)


def term_label(kind: TermKind, year: int) -> str:
    """Return a term as people write it: HT 2026, VT 2027."""
    return f"{'HT' if kind is TermKind.AUTUMN else 'VT'} {year}"


def schedule(calendar: WorkingCalendar, first_day: date, days: PlanDays) -> Schedule:
    """Reckon a unit's moments from the first day of its term; a round opens and reminds when offices open."""

    def morning(amount: int) -> datetime:
        return clock.at(calendar.add_working_days(start, amount), OFFICE_OPENS)

    def afternoon(amount: int) -> datetime:
        return clock.at(calendar.add_working_days(start, amount), OFFICE_CLOSES)

    start = calendar.add_working_days(first_day, 0)
    return Schedule(morning(days.open), morning(days.remind), afternoon(days.due), afternoon(days.close))


def late_schedule(calendar: WorkingCalendar, planned: Schedule, days: PlanDays, at: datetime) -> Schedule:
    """Return the moments of a unit that is asked only at `at`.

    Until the planned reminder the plan holds. Later than that it starts over from the day it happens, so that nobody is
    reminded together with being asked, or is late before having had the days the plan gives.
    """
    if at < planned.remind_at:
        return planned
    fresh = PlanDays(0, days.remind - days.open, days.due - days.open, days.close - days.open)
    moved = schedule(calendar, clock.local(at).date(), fresh)
    return Schedule(planned.opens_at, moved.remind_at, moved.due_at, moved.closes_at)


def invitation_key(invitation_id: UUID) -> str:
    """Return what makes the mail that asks a unit go once."""
    return f"invitation:{invitation_id}"


def reminder_key(invitation_id: UUID, number: int) -> str:
    """Return what makes a reminder go once."""
    return f"reminder:{invitation_id}:{number}"
