"""The reckoning from the day a round hangs on to its days, and how moments move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.kernel import clock
from app.schools.types import OFFICE_CLOSES, OFFICE_OPENS, WorkingCalendar
from app.surveys.types.words import MOST_REMINDERS, StepKind


@dataclass(frozen=True, slots=True)
class WaveDays:
    """When things happen, in school days after the day the round hangs on."""

    open: int
    reminders: tuple[int, ...]
    """The last one may fall on the morning of the due day."""
    due: int
    escalate: int
    call: int
    close: int

    def __post_init__(self) -> None:
        reminders = self.reminders
        if not 0 <= self.open < self.due < self.escalate < self.call < self.close:
            raise ValueError("a round opens, is due, is escalated, phoned about and closed in that order")
        if not 1 <= len(reminders) <= MOST_REMINDERS or list(reminders) != sorted(set(reminders)):
            raise ValueError("a round has one to three reminders in order")
        if not self.open < reminders[0] <= reminders[-1] <= self.due:
            raise ValueError("a round reminds after it has opened and before it is due, in that order")

    @property
    def as_json(self) -> Mapping[str, Any]:
        """The days as plain values."""
        days = {"open": self.open, "reminders": list(self.reminders), "due": self.due}
        return {**days, "escalate": self.escalate, "call": self.call, "close": self.close}

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> "WaveDays":
        """Return the days from plain values."""
        return cls(**{**values, "reminders": tuple(values["reminders"])})

    @property
    def from_opening(self) -> "WaveDays":
        """The same days, reckoned from the day it opens."""
        moved = tuple(each - self.open for each in self.reminders)
        due, escalate, call, close = (day - self.open for day in (self.due, self.escalate, self.call, self.close))
        return WaveDays(0, moved, due, escalate, call, close)

    def later(self, amount: int) -> "WaveDays":
        """Return the same days so many school days later."""
        moved = tuple(each + amount for each in self.reminders)
        opens, due, escalate, call, close = (
            day + amount for day in (self.open, self.due, self.escalate, self.call, self.close)
        )
        return WaveDays(opens, moved, due, escalate, call, close)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do about a unit that has not answered by then."""

    kind: StepKind
    at: datetime

    def taken_as(self, *, has_head: bool) -> StepKind:
        """Return what it comes to: where nobody is known whom the principal answers to, the coordinator phones."""
        return StepKind.CALL if self.kind is StepKind.ESCALATION and not has_head else self.kind


@dataclass(frozen=True, slots=True)
class Schedule:
    """When units of one calendar are asked, reminded, late and no longer asked."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    steps: tuple[Step, ...] = ()

    @property
    def first_step_at(self) -> datetime | None:
        """When the first step is due; None when there is none."""
        return self.steps[0].at if self.steps else None

    def moments_of(self, kind: StepKind) -> Sequence[datetime]:
        """Return when the steps of one kind are due."""
        return [step.at for step in self.steps if step.kind is kind]


def schedule(calendar: WorkingCalendar, anchor: date, days: WaveDays) -> Schedule:
    """Reckon a unit's moments from the day its round hangs on, by its own school days.

    A round opens, reminds, escalates and has somebody phone when offices open; it is due and closes when they close.
    """
    start = calendar.add_working_days(anchor, 0)

    def morning(amount: int) -> datetime:
        return clock.at(calendar.add_working_days(start, amount), OFFICE_OPENS)

    def afternoon(amount: int) -> datetime:
        return clock.at(calendar.add_working_days(start, amount), OFFICE_CLOSES)

    steps = [Step(StepKind.REMINDER, morning(amount)) for amount in days.reminders]
    steps += [Step(StepKind.ESCALATION, morning(days.escalate)), Step(StepKind.CALL, morning(days.call))]
    return Schedule(morning(days.open), afternoon(days.due), afternoon(days.close), tuple(steps))


def late_schedule(calendar: WorkingCalendar, planned: Schedule, days: WaveDays, at: datetime) -> Schedule:
    """Return the moments of a unit that is asked only at `at`.

    Until the first planned reminder the plan holds. Later than that it starts over from the day it happens, so that
    nobody is reminded together with being asked, or is late before having had the days the plan gives.
    """
    if planned.first_step_at is None or at < planned.first_step_at:
        return planned
    moved = schedule(calendar, clock.local(at).date(), days.from_opening)
    return Schedule(planned.opens_at, moved.due_at, moved.closes_at, moved.steps)


def extended_schedule(
    calendar: WorkingCalendar, current: Schedule, days: WaveDays, due_on: date, at: datetime
) -> Schedule:
    """Return the moments of a unit that is given until `due_on`, from what has happened on.

    Reminders that have not gone move as many school days as the due day does; when none is left, one goes on the last
    morning. The next in the chain is told, somebody phones and the unit is closed as many school days after it as the
    plan says, and never earlier than before.
    """
    moved = calendar.count_working_days(clock.local(current.due_at).date(), due_on)
    left = [each for each in current.moments_of(StepKind.REMINDER) if each > at]
    days_left = [calendar.add_working_days(clock.local(each).date(), moved) for each in left] or [due_on]
    steps = [(StepKind.REMINDER, day) for day in days_left]
    for kind, amount in ((StepKind.ESCALATION, days.escalate), (StepKind.CALL, days.call)):
        steps.append((kind, calendar.add_working_days(due_on, amount - days.due)))
    closes_on = calendar.add_working_days(due_on, days.close - days.due)
    ahead = [Step(kind, clock.at(day, OFFICE_OPENS)) for kind, day in steps]
    return Schedule(
        current.opens_at,
        clock.at(due_on, OFFICE_CLOSES),
        max(current.closes_at, clock.at(closes_on, OFFICE_CLOSES)),
        tuple(step for step in ahead if step.at > at),
    )


def changed_schedule(current: Schedule, wanted: Schedule, at: datetime) -> Schedule:
    """Return `current` with what has not happened by `at` taken over from `wanted`. What has happened stands.

    Raises `ValueError` when something that has not happened would be moved to before `at`.
    """
    if at < current.opens_at:
        moments = wanted
    else:
        gone = [step for step in current.steps if step.at <= at]
        left: list[Step] = []
        for kind in StepKind:
            left += [step for step in wanted.steps if step.kind is kind][sum(one.kind is kind for one in gone) :]
        steps = gone + sorted(left, key=lambda step: step.at)
        due_at, closes_at = (
            old if old <= at else new
            for old, new in ((current.due_at, wanted.due_at), (current.closes_at, wanted.closes_at))
        )
        moments = Schedule(current.opens_at, due_at, closes_at, tuple(steps))
    ahead = {moments.opens_at, moments.due_at, moments.closes_at, *(step.at for step in moments.steps)}
    behind = {current.opens_at, current.due_at, current.closes_at, *(step.at for step in current.steps)}
    if any(each <= at and each not in behind for each in ahead):
        raise ValueError("what has not happened cannot be moved to the past")
    return moments


def is_office_hour(calendar: WorkingCalendar, at: datetime) -> bool:
    """Tell whether it is a school day with offices open: no other time is one for mail to schools."""
    there = clock.local(at)
    return calendar.is_working_day(there.date()) and OFFICE_OPENS <= there.time() < OFFICE_CLOSES
