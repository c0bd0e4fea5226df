"""Reading school years out of a file: a row for each period, of an organiser or of one of its units."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.kernel.csv_files import NO_DAY, Column, Row, require_unique
from app.schools.types import CalendarOwner, DaySpan, Fault, Period, YearDays, find_faults

COLUMNS: Final = (
    Column("huvudman", ("huvudman",)),
    Column("skolenhetskod", ("skolenhetskod", "kod"), is_required=False),
    Column("lasar", ("lasar",)),
    Column("period", ("period", "typ")),
    Column("borjar", ("borjar", "startar", "fran")),
    Column("slutar", ("slutar", "till")),
)
_SCHOOL_YEAR: Final = re.compile(r"20[0-9]{2}/20[0-9]{2}")
_PERIODS: Final = {
    "lasar": Period.YEAR,
    "hosttermin": Period.AUTUMN_TERM,
    "vartermin": Period.SPRING_TERM,
    "hostlov": Period.AUTUMN_BREAK,
    "jullov": Period.CHRISTMAS_BREAK,
    "sportlov": Period.WINTER_BREAK,
    "pasklov": Period.EASTER_BREAK,
    "sommarlov": Period.SUMMER_BREAK,
    "studiedag": Period.DAY_OFF,
    "lovdag": Period.DAY_OFF,
}
"""Folded Swedish words for the periods, as they stand in the file."""

FindOwner = Callable[[Row], CalendarOwner | None]
"""Finds whose the row is, and notes a problem when it is nobody's."""
OwnedYear = tuple[CalendarOwner, YearDays, Row]
"""A school year, whose it is, and the row of the whole year."""


def read_school_years(rows: Sequence[Row], find_owner: FindOwner) -> list[OwnedYear]:
    """Return the school years that the rows make up; what is wrong is noted at its row."""
    require_unique([row for row in rows if _period(row) is not Period.DAY_OFF], *_KEY)
    require_unique([row for row in rows if _period(row) is Period.DAY_OFF], *_KEY, "borjar")
    by_year: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        row.matching("lasar", _SCHOOL_YEAR, "not_a_school_year")
        by_year[tuple(row.text(column).casefold() for column in _KEY[:-1])].append(row)
    found = [_read_year(each, find_owner) for each in by_year.values()]
    return [each for each in found if each]


_KEY: Final = ("huvudman", "skolenhetskod", "lasar", "period")


def _period(row: Row) -> Period:
    return row.choice("period", _PERIODS)


def _read_year(rows: Sequence[Row], find_owner: FindOwner) -> OwnedYear | None:
    owners = [find_owner(row) for row in rows]
    spans = [(row, _period(row), _span(row)) for row in rows]
    whole = next((row for row, period, _ in spans if period is Period.YEAR), None)
    if whole is None:
        for row in rows:
            row.problem("lasar", "school_year_without_a_row_of_its_own")
    if whole is None or owners[0] is None or any(span is None for _, _, span in spans):
        return None
    known = [(row, period, span) for row, period, span in spans if span]
    days = YearDays.of_periods(
        whole.text("lasar"),
        {period: span for _, period, span in known if period is not Period.DAY_OFF},
        [span for _, period, span in known if period is Period.DAY_OFF],
    )
    for fault in find_faults(days):
        note_fault(fault, ((row, period, span) for row, period, span in known), whole)
    return owners[0], days, whole


def note_fault(fault: Fault, rows: Iterable[tuple[Row, Period, DaySpan]], whole: Row) -> None:
    """Note what is wrong at the row of the period, or at that of the whole year when the period has none."""
    place = next((row for row, period, span in rows if (period, span) == (fault.period, fault.span)), whole)
    place.problem("borjar", fault.code.value)


def _span(row: Row) -> DaySpan | None:
    first, last = row.day("borjar"), row.day("slutar")
    if NO_DAY in {first, last}:
        return None
    if last < first:
        row.problem("slutar", "ends_before_it_begins")
        return None
    return DaySpan(first, last)
