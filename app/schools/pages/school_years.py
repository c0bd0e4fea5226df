"""The page of school years: who has which, and what is wrong with a file of them, in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.csv_files import Problem
from app.schools.forms import FAULT_WORDS, WEEKDAYS
from app.schools.models import SchoolYear
from app.schools.types import CalendarOwner, DaySpan, Period, PlannedYear, YearDays, school_year_name

TERMS: Final = {Period.AUTUMN_TERM: "Hösttermin", Period.SPRING_TERM: "Vårtermin"}
BREAKS: Final = {
    Period.AUTUMN_BREAK: "Höstlov",
    Period.CHRISTMAS_BREAK: "Jullov",
    Period.WINTER_BREAK: "Sportlov",
    Period.EASTER_BREAK: "Påsklov",
    Period.SUMMER_BREAK: "Sommarlov",
}
PROBLEM_WORDS: Final = {
    "column_given_twice": "Kolumnen finns två gånger",
    "column_is_missing": "Kolumnen saknas",
    "control_character": "Cellen innehåller tecken som inte syns",
    "ends_before_it_begins": "Sista dagen ligger före den första",
    "file_is_empty": "Filen är tom",
    "file_is_not_utf8": "Filen är inte sparad som UTF-8. Välj ”CSV UTF-8” när du sparar den.",
    "file_is_too_large": "Filen är för stor",
    "formula": "Cellen ser ut som en formel",
    "given_twice": "Samma period står två gånger",
    "no_rows": "Filen har inga rader",
    "no_such_organiser": "Det finns ingen huvudman med det namnet",
    "no_such_school_unit": "Huvudmannen har ingen skolenhet med den koden",
    "not_a_choice": "Skriv läsår, hösttermin, vårtermin, höstlov, jullov, sportlov, påsklov, sommarlov eller studiedag",
    "not_a_date": "Skriv dagen som 2026-08-19",
    "not_a_school_year": "Skriv läsåret som 2026/2027",
    "quotes_do_not_match": "Ett citattecken saknar sitt par, eller cellen är för lång",
    "school_year_without_a_row_of_its_own": "Läsåret saknar en egen rad med perioden läsår",
    "too_many_rows": "Filen har för många rader",
    "unknown_column": "Okänd kolumn",
    "value_is_missing": "Cellen är tom",
    "value_is_too_long": "Texten är för lång",
    "wrong_number_of_cells": "Raden har inte lika många celler som rubrikraden",
    **{code.value: words.format(period="Perioden") for code, words in FAULT_WORDS.items()},
    **{
        f"{period}_is_missing": f"Läsåret saknar en rad med perioden {words.lower()}" for period, words in TERMS.items()
    },
}
COLUMN_WORDS: Final = {"lasar": "läsår", "borjar": "börjar"}
"""How the file heads a column, where that is not our name for it."""


@dataclass(frozen=True, slots=True)
class YearRow:
    """A school year in words, each day with its weekday."""

    id: UUID | None
    name: str
    year: str
    terms: Sequence[tuple[str, str]]
    breaks: Sequence[tuple[str, str]]
    copy_name: str | None
    """What the year after it is called, when that one is not there and can be copied."""


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """An organiser or a unit with its school years, the latest first."""

    owner: CalendarOwner
    years: Sequence[YearRow]


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The school years of a municipality."""

    organisers: Sequence[OwnerRow]
    units: Sequence[OwnerRow]
    """Only those that differ."""


def make_calendar_page(owners: Mapping[UUID, CalendarOwner], years: Sequence[SchoolYear]) -> CalendarPage:
    """Return the page: every organiser, and the units that have years of their own."""
    owned: defaultdict[UUID, list[SchoolYear]] = defaultdict(list)
    for year in years:
        owned[year.owner_id].append(year)
    rows = [OwnerRow(owner, _rows(owned[owner.id])) for owner in owners.values()]
    return CalendarPage(
        [row for row in rows if not row.owner.is_unit], [row for row in rows if row.owner.is_unit and row.years]
    )


def _rows(years: Sequence[SchoolYear]) -> list[YearRow]:
    last = max((year.name for year in years), default=None)
    rows = [make_year_row(year.days, year.id, can_be_copied=year.name == last) for year in years]
    return rows[::-1]


def make_year_row(days: YearDays, year_id: UUID | None = None, *, can_be_copied: bool = False) -> YearRow:
    """Return a school year in words."""
    spans = days.spans
    off = [("Lovdag", with_weekdays(span)) for span in days.days_off]
    return YearRow(
        id=year_id,
        name=days.name,
        year=with_weekdays(days.year),
        terms=[(words, with_weekdays(spans[period])) for period, words in TERMS.items() if period in spans],
        breaks=[(words, with_weekdays(spans[period])) for period, words in BREAKS.items() if period in spans] + off,
        copy_name=school_year_name(int(days.name[:4]) + 1) if can_be_copied else None,
    )


def with_weekdays(span: DaySpan) -> str:
    """Return some days with their weekdays: ons 2026-08-19 – fre 2027-06-11."""
    return _day(span.first) if span.first == span.last else f"{_day(span.first)} – {_day(span.last)}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.isoformat()}"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A school year out of a file, in words."""

    owner: str
    row: YearRow
    replaces: bool


def make_planned_rows(planned: Sequence[PlannedYear]) -> list[PlannedRow]:
    """Return what a file would set, in words."""
    return [PlannedRow(each.owner.name, make_year_row(each.days), each.replaces) for each in planned]


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """Something wrong in a file, in words."""

    row: int
    column: str
    words: str


MOST_PROBLEMS_SHOWN: Final = 100
"""Whoever has corrected these sees the next ones; a hundred thousand would be a page of many megabytes."""


def make_problem_rows(problems: Sequence[Problem]) -> list[ProblemRow]:
    """Return what is first wrong with a file in words, row by row, without what its cells hold."""
    shown = sorted(problems, key=lambda problem: problem.row)[:MOST_PROBLEMS_SHOWN]
    return [
        ProblemRow(each.row, COLUMN_WORDS.get(each.column, each.column), PROBLEM_WORDS.get(each.code, each.code))
        for each in shown
    ]


def taken_in(count: int) -> str:
    """Return what is said when a file has been taken in."""
    return "Ett läsår är inlagt." if count == 1 else f"{count} läsår är inlagda."
