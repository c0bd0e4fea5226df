"""Words of the school world, and the calendar that every deadline is reckoned by."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
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


class OrganiserKind(StrEnum):
    """Who runs a school (2 kap. skollagen 2010:800)."""

    MUNICIPAL = "municipal"
    INDEPENDENT = "independent"
    REGION = "region"
    STATE = "state"


class TermKind(StrEnum):
    """The two terms of a school year."""

    AUTUMN = "autumn"
    SPRING = "spring"


class BreakKind(StrEnum):
    """The breaks within and after a school year."""

    SUMMER = "summer"
    AUTUMN = "autumn"
    CHRISTMAS = "christmas"
    WINTER = "winter"
    EASTER = "easter"
    DAY_OFF = "day_off"
    """A study day or another day without teaching; a school year may have several, of each other kind only one."""


class Anchor(StrEnum):
    """The days of a school year that survey rounds are reckoned from."""

    AUTUMN_TERM = "autumn_term"
    """The first day of the autumn term."""
    SPRING_TERM = "spring_term"
    """The first day of the spring term."""
    AFTER_AUTUMN_BREAK = "after_autumn_break"
    """The first school day after the autumn break."""
    CHRISTMAS_BREAK = "christmas_break"
    """The first day of the Christmas break, or lacking it the day after the autumn term."""
    SUMMER_BREAK = "summer_break"
    """The first day of the summer break, or lacking it the day after the spring term."""


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


@dataclass(frozen=True, slots=True)
class YearDays:
    """The days of one school year: the whole, its terms, and its breaks with the first first."""

    name: str
    """As people write it: 2026/2027."""
    year: DaySpan
    terms: Mapping[TermKind, DaySpan]
    breaks: tuple[tuple[BreakKind, DaySpan], ...] = ()

    @property
    def closed(self) -> tuple[DaySpan, ...]:
        """The days of all breaks."""
        return tuple(span for _, span in self.breaks)

    def find_break(self, kind: BreakKind) -> DaySpan | None:
        """Return the break of a kind, or None when it is not set."""
        return next((span for each, span in self.breaks if each is kind), None)

    def find_anchor(self, anchor: Anchor, calendar: WorkingCalendar) -> date | None:
        """Return the day that rounds are reckoned from, or None when the year does not say."""
        if anchor is Anchor.AUTUMN_TERM or anchor is Anchor.SPRING_TERM:
            term = self.terms.get(TermKind.AUTUMN if anchor is Anchor.AUTUMN_TERM else TermKind.SPRING)
            return term.first if term else None
        if anchor is Anchor.AFTER_AUTUMN_BREAK:
            closed = self.find_break(BreakKind.AUTUMN)
            return calendar.add_working_days(closed.last, 1) if closed else None
        is_christmas = anchor is Anchor.CHRISTMAS_BREAK
        if closed := self.find_break(BreakKind.CHRISTMAS if is_christmas else BreakKind.SUMMER):
            return closed.first
        term = self.terms.get(TermKind.AUTUMN if is_christmas else TermKind.SPRING)
        return term.last + timedelta(days=1) if term else None


@dataclass(frozen=True, slots=True)
class EditEmergencyNumber:
    """What the page *Ring nu* shall say about one number; `version` is that of the row the person saw."""

    label: str
    number: str
    note: str
    is_urgent: bool
    version: int


@dataclass(frozen=True, slots=True)
class AddEmergencyNumber:
    """A further number for the page *Ring nu*, shown last."""

    label: str
    number: str
    note: str
    is_urgent: bool
