"""What a working day is, and the periods that every deadline is reckoned by."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

import holidays

from app.kernel import clock

OFFICE_OPENS: Final = time(8)
OFFICE_CLOSES: Final = time(16)
"""What is due on a day is due when offices close, so that somebody is there to act on the last hour."""

SATURDAY: Final = 5


class TimeUnit(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Within:
    """A period in which something must be done, such as five working days."""

    amount: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a period is never negative")


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Some days in a row, the last one included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a span of days ends before it begins")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def length(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    def is_within(self, other: "DaySpan") -> bool:
        """Tell whether all of them are among the other days."""
        return other.first <= self.first and self.last <= other.last

    def overlaps(self, other: "DaySpan") -> bool:
        """Tell whether some of them are among the other days."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days count: not week-ends, Swedish public holidays, or the breaks of a school that has its own.

    Midsummer's Eve, Christmas Eve and New Year's Eve count as holidays, as they do when the law reckons time
    (2 § lagen 1930:173).
    """

    breaks: tuple[DaySpan, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Tell whether people are at work on `day`."""
        return (
            day.weekday() < SATURDAY
            and day not in _holidays_of(day.year)
            and not any(day in closed for closed in self.breaks)
        )

    def add_working_days(self, day: date, amount: int) -> date:
        """Return the working day `amount` working days after `day`, or before it when negative.

        `day` itself is not counted; 0 gives `day`, or the first working day after it when it is none.
        """
        if amount == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        step = timedelta(days=1 if amount > 0 else -1)
        left = abs(amount)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def count_working_days(self, after: date, until: date) -> int:
        """Return how many working days there are after the day `after`, `until` included."""
        return sum(self.is_working_day(day) for day in _days(after + timedelta(days=1), until))

    def due(self, start: datetime, within: Within) -> datetime:
        """Return the moment, in UTC, when what began at `start` must be done; it is never before `start`.

        Hours are elapsed hours, whatever the clocks on the wall do. Everything longer ends when offices close: after so
        many working days, on the date so many days later, or on the same date so many months later and on the last of
        the month where there is no such date (1 § lagen 1930:173). A period that would end on a day off ends on the
        next working day (2 §).
        """
        if within.unit is TimeUnit.HOURS:
            return start.astimezone(UTC) + timedelta(hours=within.amount)
        day = self._last_day(clock.local(start).date(), within)
        due = clock.at(day, OFFICE_CLOSES)
        return due if due >= start else clock.at(self.add_working_days(day, 1), OFFICE_CLOSES)

    def _last_day(self, day: date, within: Within) -> date:
        if within.unit is TimeUnit.WORKING_DAYS:
            return self.add_working_days(day, within.amount)
        later = day + timedelta(days=within.amount) if within.unit is TimeUnit.DAYS else add_months(day, within.amount)
        return self.add_working_days(later, 0)


def is_office_hour(moment: datetime) -> bool:
    """Tell whether offices are open at a moment: what is written then finds somebody there."""
    at = clock.local(moment)
    return WorkingCalendar().is_working_day(at.date()) and OFFICE_OPENS <= at.time() < OFFICE_CLOSES


def add_months(day: date, months: int) -> date:
    """Return the same date `months` later, or the last of that month where it has no such date."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


@cache
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


@cache
def easter_of(year: int) -> date:
    """Return Easter Sunday of a year."""
    names = holidays.country_holidays("SE", years=year, language="en_US")
    return next(day for day, name in names.items() if "Easter Sunday" in name)
