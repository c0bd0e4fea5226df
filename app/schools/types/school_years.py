"""A school year: its days, what can be wrong with them, and the same days a year later."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final
from uuid import UUID

from app.schools.types.calendar import DaySpan, WorkingCalendar, easter_of
from app.schools.types.words import Anchor, BreakKind, TermKind

LONGEST_BREAK: Final = 35
LONGEST_SUMMER: Final = 100
LONGEST_YEAR: Final = 366
"""Days; what is longer is a slip of the keyboard."""


class Period(StrEnum):
    """What a school year consists of."""

    YEAR = "year"
    AUTUMN_TERM = "autumn_term"
    SPRING_TERM = "spring_term"
    AUTUMN_BREAK = "autumn_break"
    CHRISTMAS_BREAK = "christmas_break"
    WINTER_BREAK = "winter_break"
    EASTER_BREAK = "easter_break"
    SUMMER_BREAK = "summer_break"
    DAY_OFF = "day_off"

    @property
    def term(self) -> TermKind | None:
        """The term it is, if it is one."""
        return TermKind(self.removesuffix("_term")) if self.endswith("_term") else None

    @property
    def closed(self) -> BreakKind | None:
        """The break it is, if it is one."""
        if self is Period.DAY_OFF:
            return BreakKind.DAY_OFF
        return BreakKind(self.removesuffix("_break")) if self.endswith("_break") else None

    @classmethod
    def of(cls, kind: TermKind | BreakKind) -> "Period":
        """Return the period of a term or a break: the two have members of the same value."""
        if isinstance(kind, TermKind):
            return cls(f"{kind}_term")
        return cls.DAY_OFF if kind is BreakKind.DAY_OFF else cls(f"{kind}_break")


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

    @classmethod
    def of_periods(cls, name: str, spans: Mapping[Period, DaySpan], days_off: Sequence[DaySpan] = ()) -> "YearDays":
        """Make a school year of its periods, the whole among them."""
        closed = [(period.closed, span) for period, span in spans.items()]
        breaks = [(kind, span) for kind, span in closed if kind] + [(BreakKind.DAY_OFF, span) for span in days_off]
        return cls(
            name=name,
            year=spans[Period.YEAR],
            terms={period.term: span for period, span in spans.items() if period.term},
            breaks=tuple(sorted(breaks, key=lambda each: each[1].first)),
        )

    @property
    def spans(self) -> Mapping[Period, DaySpan]:
        """The days of each period but the days off."""
        terms = {Period.of(kind): span for kind, span in self.terms.items()}
        breaks = {Period.of(kind): span for kind, span in self.breaks if kind is not BreakKind.DAY_OFF}
        return {Period.YEAR: self.year, **terms, **breaks}

    @property
    def days_off(self) -> tuple[DaySpan, ...]:
        """The days off outside the breaks."""
        return tuple(span for kind, span in self.breaks if kind is BreakKind.DAY_OFF)

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
class CalendarOwner:
    """Whose school years they are: an organiser's, or a unit's where it differs."""

    id: UUID
    name: str
    organiser_id: UUID
    is_unit: bool


@dataclass(frozen=True, slots=True)
class SetSchoolYear:
    """The days of a school year; `version` is that of the row the person saw, None for one to be added."""

    days: YearDays
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedYear:
    """A school year out of a file, and whether one of the same name is there already."""

    owner: CalendarOwner
    days: YearDays
    replaces: bool


class FaultCode(StrEnum):
    """What can be wrong with the days of a school year."""

    NOT_ITS_NAME = "not_the_years_of_its_name"
    TOO_LONG = "too_long"
    TERM_IS_MISSING = "term_is_missing"
    OUTSIDE_THE_YEAR = "outside_the_school_year"
    TERMS_OVERLAP = "terms_overlap"
    BREAKS_OVERLAP = "breaks_overlap"
    NOT_IN_ITS_TERM = "break_outside_its_term"
    IN_A_TERM = "break_in_a_term"
    OVERLAPS_ANOTHER_YEAR = "overlaps_another_school_year"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a period; of several periods of a kind, with the one that has these days."""

    period: Period
    code: FaultCode
    span: DaySpan | None = field(default=None, compare=False)


def school_year_name(first_year: int) -> str:
    """Return what a school year is called by the calendar year in which it begins: 2026/2027."""
    return f"{first_year}/{first_year + 1}"


def find_faults(days: YearDays) -> Sequence[Fault]:
    """Return everything that is wrong with the days of a school year; each period ends no sooner than it begins."""
    return [*_find_faults_of_year(days), *_find_faults_of_terms(days), *_find_faults_of_breaks(days)]


def _find_faults_of_year(days: YearDays) -> Iterator[Fault]:
    if days.name != school_year_name(days.year.first.year) or days.year.last.year != days.year.first.year + 1:
        yield Fault(Period.YEAR, FaultCode.NOT_ITS_NAME, days.year)
    elif days.year.length > LONGEST_YEAR:
        yield Fault(Period.YEAR, FaultCode.TOO_LONG, days.year)


def _find_faults_of_terms(days: YearDays) -> Iterator[Fault]:
    for kind in TermKind:
        if kind not in days.terms:
            yield Fault(Period.of(kind), FaultCode.TERM_IS_MISSING)
        elif not days.terms[kind].is_within(days.year):
            yield Fault(Period.of(kind), FaultCode.OUTSIDE_THE_YEAR, days.terms[kind])
    autumn, spring = days.terms.get(TermKind.AUTUMN), days.terms.get(TermKind.SPRING)
    if autumn and spring and autumn.last >= spring.first:
        yield Fault(Period.SPRING_TERM, FaultCode.TERMS_OVERLAP, spring)


def _find_faults_of_breaks(days: YearDays) -> Iterator[Fault]:
    for kind, span in days.breaks:
        if span.length > (LONGEST_SUMMER if kind is BreakKind.SUMMER else LONGEST_BREAK):
            yield Fault(Period.of(kind), FaultCode.TOO_LONG, span)
        elif code := _misplacement(days, kind, span):
            yield Fault(Period.of(kind), code, span)
    for (_, earlier), (kind, later) in combinations(sorted(days.breaks, key=lambda each: each[1].first), 2):
        if earlier.overlaps(later):
            yield Fault(Period.of(kind), FaultCode.BREAKS_OVERLAP, later)


_TERM_OF: Final = {
    BreakKind.AUTUMN: TermKind.AUTUMN,
    BreakKind.WINTER: TermKind.SPRING,
    BreakKind.EASTER: TermKind.SPRING,
}


def _misplacement(days: YearDays, kind: BreakKind, span: DaySpan) -> FaultCode | None:
    if kind in {BreakKind.CHRISTMAS, BreakKind.SUMMER}:
        if any(span.overlaps(term) for term in days.terms.values()):
            return FaultCode.IN_A_TERM
        if kind is BreakKind.SUMMER:
            return None if span.first > days.year.first else FaultCode.OUTSIDE_THE_YEAR
    if not span.is_within(days.year):
        return FaultCode.OUTSIDE_THE_YEAR
    term = days.terms.get(_TERM_OF[kind]) if kind in _TERM_OF else None
    return FaultCode.NOT_IN_ITS_TERM if term and not span.is_within(term) else None


def find_fault_beside(days: YearDays, others: Sequence[YearDays]) -> Fault | None:
    """Return what is wrong with a school year beside the others of the same owner, its own earlier self left out."""
    for other in others:
        if other.name == days.name:
            continue
        earlier, later = sorted((other, days), key=lambda each: each.year.first)
        summer = earlier.find_break(BreakKind.SUMMER)
        if earlier.year.overlaps(later.year) or (summer and summer.overlaps(later.year)):
            return Fault(Period.YEAR, FaultCode.OVERLAPS_ANOTHER_YEAR, days.year)
    return None


def move_a_year(days: YearDays) -> YearDays:
    """Return a school year as it would be a year later, on the corresponding weekdays: a draft for somebody to check.

    Autumn and winter breaks keep their week of the year, Easter's follows Easter, everything else is 52 weeks later.
    Days off are left out: each year has its own.
    """
    return YearDays(
        name=school_year_name(int(days.name[:4]) + 1),
        year=_later(days.year),
        terms={kind: _later(span) for kind, span in days.terms.items()},
        breaks=tuple(
            (kind, _MOVES.get(kind, _later)(span)) for kind, span in days.breaks if kind is not BreakKind.DAY_OFF
        ),
    )


def _later(span: DaySpan, days: int = 364) -> DaySpan:
    return DaySpan(span.first + timedelta(days=days), span.last + timedelta(days=days))


def _same_week(span: DaySpan) -> DaySpan:
    year, week, _ = span.first.isocalendar()
    return _later(span, (date.fromisocalendar(year + 1, week, 1) - date.fromisocalendar(year, week, 1)).days)


def _same_easter(span: DaySpan) -> DaySpan:
    year = span.first.year
    return _later(span, (easter_of(year + 1) - easter_of(year)).days)


_MOVES: Final = {BreakKind.AUTUMN: _same_week, BreakKind.WINTER: _same_week, BreakKind.EASTER: _same_easter}
