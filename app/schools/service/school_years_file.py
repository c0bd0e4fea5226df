"""Reading school years out of a file: a row for each period, of an organiser or of one of its units."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.csv_files import NO_DAY, Column, Row, fold, require_unique
from app.schools.types import CalendarOwner, DaySpan, Fault, FaultCode, Period, YearDays, find_faults

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
    """Return the school years that the rows make up; what is wrong is noted at its row.

    What does not fit together is only told of years whose rows could all be read: the rest may follow from a slip.
    """
    read = [_ReadRow(row, find_owner(row), _period(row), _span(row)) for row in rows]
    require_unique([each.row for each in read if each.period not in {None, Period.DAY_OFF}], *_KEY)
    require_unique([each.row for each in read if each.period is Period.DAY_OFF], *_KEY, "borjar")
    by_year: defaultdict[tuple[str, ...], list[_ReadRow]] = defaultdict(list)
    for each in read:
        each.row.matching("lasar", _SCHOOL_YEAR, "not_a_school_year")
        by_year[_year_of(each.row)].append(each)
    unread = _list_unread(rows)
    found = [_make_year(rows_of_year) for year, rows_of_year in by_year.items() if not _is_touched(year, unread)]
    return [each for each in found if each]


_OWNER: Final = ("huvudman", "skolenhetskod")
_KEY: Final = (*_OWNER, "lasar", "period")


@dataclass(frozen=True, slots=True)
class _ReadRow:
    """A row, and what could be read of it."""

    row: Row
    owner: CalendarOwner | None
    period: Period | None
    span: DaySpan | None


def _year_of(row: Row) -> tuple[str, ...]:
    return tuple(row.text(column).casefold() for column in _KEY[:-1])


def _period(row: Row) -> Period | None:
    word = fold(row.text("period"))
    if word and word not in _PERIODS:
        row.problem("period", "not_a_choice")
    return _PERIODS.get(word)


def _list_unread(rows: Sequence[Row]) -> set[tuple[str | None, ...]]:
    """Return the years that rows with a problem belong to; None for an owner or a year that the row cannot tell."""
    if not rows:
        return set()
    found = [problem for problem in rows[0].problems.found if problem.file == rows[0].file]
    columns: defaultdict[int, set[str]] = defaultdict(set)
    for problem in found:
        columns[problem.row].add(problem.column)
    known = {row.number: row for row in rows}
    unread: set[tuple[str | None, ...]] = set()
    for number, wrong in columns.items():
        if (row := known.get(number)) is None:
            unread.add((None, None, None))
            continue
        school_organiser, code, name = _year_of(row)
        is_nobodys = bool(wrong.intersection(_OWNER))
        unread.add(
            (
                None if is_nobodys else school_organiser,
                None if is_nobodys else code,
                None if "lasar" in wrong else name,
            )
        )
    return unread


def _is_touched(year: tuple[str, ...], unread: set[tuple[str | None, ...]]) -> bool:
    """Whether a row that could not be read may belong to the year."""
    school_organiser, code, name = year
    may_be = ((school_organiser, code, name), (school_organiser, code, None), (None, None, name), (None, None, None))
    return any(each in unread for each in may_be)


def _make_year(rows: Sequence[_ReadRow]) -> OwnedYear | None:
    """Return the year that rows without problems make up, or None after noting what does not fit together."""
    known = [(each.row, each.period, each.span) for each in rows if each.period and each.span]
    whole = next((row for row, period, _ in known if period is Period.YEAR), None)
    owner = rows[0].owner
    if whole is None or owner is None:
        rows[0].row.problem("lasar", "school_year_without_a_row_of_its_own")
        return None
    days = YearDays.of_periods(
        whole.text("lasar"),
        {period: span for _, period, span in known if period is not Period.DAY_OFF},
        [span for _, period, span in known if period is Period.DAY_OFF],
    )
    for fault in find_faults(days):
        note_fault(fault, known, whole)
    return owner, days, whole


def note_fault(fault: Fault, rows: Iterable[tuple[Row, Period, DaySpan]], whole: Row) -> None:
    """Note what is wrong at the row of the period, or at that of the whole year when the period has none.

    What is missing has no row to tell which period it is, so the code does.
    """
    if fault.code is FaultCode.TERM_IS_MISSING:
        whole.problem("period", f"{fault.period}_is_missing")
        return
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
