"""Making a municipality out of CSV files; the invented one of a rehearsal has the same.

File by file, with the Swedish headers as they are compared (without accents, capitals and spaces; any order):

- `municipality.csv`, one row: kommunkod, kommun, forvaltning, namnd, samordnare, samordnarenstelefon
- `organisers.csv`: huvudman, typ (kommunal, enskild, region, staten), organisationsnummer
- `units.csv`: skolenhetskod, skolenhet, huvudman, skolform, rektor, epost, telefon, antalelever (may be empty)
- `school_years.csv`, a row for each period: huvudman, lasar (2026/2027), period (lasar, hosttermin, vartermin, hostlov,
  jullov, sportlov, pasklov, sommarlov), borjar, slutar
- `numbers.csv`, in the order shown: namn, nummer, anmarkning, akut (ja or nej)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.kernel.csv_files import NO_DAY, Column, Problems, Row, fold, read_table, require_unique
from app.kernel.errors import Refused
from app.schools import queries
from app.schools.models import (
    EmergencyNumber,
    Municipality,
    SchoolBreak,
    SchoolOrganiser,
    SchoolUnit,
    SchoolYear,
    Term,
)
from app.schools.types import BreakKind, OrganiserKind, TermKind

_MUNICIPALITY: Final = (
    Column("kommunkod", ("kommunkod", "kod")),
    Column("kommun", ("kommun", "namn")),
    Column("forvaltning", ("forvaltning",)),
    Column("namnd", ("namnd",)),
    Column("samordnare", ("samordnare",)),
    Column("samordnarenstelefon", ("samordnarenstelefon", "telefon"), max_length=40),
)
_ORGANISERS: Final = (
    Column("huvudman", ("huvudman", "namn")),
    Column("typ", ("typ", "huvudmannatyp")),
    Column("organisationsnummer", ("organisationsnummer", "orgnr")),
)
_UNITS: Final = (
    Column("skolenhetskod", ("skolenhetskod", "kod")),
    Column("skolenhet", ("skolenhet", "skola", "namn")),
    Column("huvudman", ("huvudman",)),
    Column("skolform", ("skolform", "skolformer")),
    Column("rektor", ("rektor",)),
    Column("epost", ("epost", "epostadress", "mejl")),
    Column("telefon", ("telefon", "telefonnummer"), max_length=40),
    Column("antalelever", ("antalelever", "elever"), is_required=False),
)
_SCHOOL_YEARS: Final = (
    Column("huvudman", ("huvudman",)),
    Column("lasar", ("lasar",)),
    Column("period", ("period", "typ")),
    Column("borjar", ("borjar", "startar", "fran")),
    Column("slutar", ("slutar", "till")),
)
_NUMBERS: Final = (
    Column("namn", ("namn",), max_length=60),
    Column("nummer", ("nummer", "telefon", "telefonnummer"), max_length=40),
    Column("anmarkning", ("anmarkning",), is_required=False),
    Column("akut", ("akut",), is_required=False),
)

_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}")
_EIGHT_DIGITS: Final = re.compile(r"[0-9]{8}")
_ORGANISATION_NUMBER: Final = re.compile(r"[0-9]{6}-[0-9]{4}")
_SCHOOL_YEAR: Final = re.compile(r"20[0-9]{2}/20[0-9]{2}")
_MOST_PUPILS: Final = 20_000
"""Far more than any school unit has: a larger number is a slip of the keyboard."""

_ORGANISER_KINDS: Final = {
    "kommunal": OrganiserKind.MUNICIPAL,
    "kommun": OrganiserKind.MUNICIPAL,
    "enskild": OrganiserKind.INDEPENDENT,
    "region": OrganiserKind.REGION,
    "staten": OrganiserKind.STATE,
}
_WHOLE_YEAR: Final = "year"
_PERIODS: Final[Mapping[str, str | TermKind | BreakKind]] = {
    "lasar": _WHOLE_YEAR,
    "hosttermin": TermKind.AUTUMN,
    "vartermin": TermKind.SPRING,
    "hostlov": BreakKind.AUTUMN,
    "jullov": BreakKind.CHRISTMAS,
    "sportlov": BreakKind.WINTER,
    "pasklov": BreakKind.EASTER,
    "sommarlov": BreakKind.SUMMER,
}


def import_schools(session: Session, folder: Path) -> Municipality:
    """Make a municipality with organisers, units, school years and numbers out of the CSV files in `folder`.

    All or nothing. Raises `FilesRefused` with everything that is wrong, or `Refused("municipality_exists")`.
    """
    reading = _Reading(folder)
    municipality = reading.municipality()
    organisers = reading.organisers()
    units = reading.units(organisers)
    years, terms, breaks = reading.school_years(organisers)
    numbers = reading.numbers()
    reading.problems.raise_if_any()
    if queries.find_municipality(session, municipality.code) is not None:
        raise Refused("municipality_exists")
    for rows in ([municipality], organisers.values(), units, years, [*terms, *breaks], numbers):
        session.add_all(rows)
        session.flush()
    return municipality


@dataclass(frozen=True, slots=True)
class _Reading:
    """One folder being read: every file is gone through even if one is wrong, so that all is told at once."""

    folder: Path
    problems: Problems = field(default_factory=Problems)
    municipality_id: UUID = field(default_factory=uuid4)

    def _table(self, file: str, columns: tuple[Column, ...]) -> list[Row]:
        return read_table(self.folder, file, columns, self.problems)

    def municipality(self) -> Municipality:
        """Return the municipality; a second row is refused."""
        rows = self._table("municipality.csv", _MUNICIPALITY)
        for row in rows[1:]:
            row.problem("kommunkod", "more_than_one")
        row = rows[0] if rows else Row("municipality.csv", 2, {}, self.problems)
        return Municipality(
            id=self.municipality_id,
            code=row.matching("kommunkod", _FOUR_DIGITS, "not_four_digits"),
            name=row.text("kommun"),
            department=row.text("forvaltning"),
            board_name=row.text("namnd"),
            coordinator_name=row.text("samordnare"),
            coordinator_phone=row.phone("samordnarenstelefon"),
        )

    def organisers(self) -> dict[str, SchoolOrganiser]:
        """Return the organisers by folded name, as other files refer to them."""
        rows = self._table("organisers.csv", _ORGANISERS)
        require_unique(rows, "huvudman")
        return {
            fold(row.text("huvudman")): SchoolOrganiser(
                municipality_id=self.municipality_id,
                name=row.text("huvudman"),
                kind=row.choice("typ", _ORGANISER_KINDS),
                organisation_number=row.matching(
                    "organisationsnummer", _ORGANISATION_NUMBER, "not_an_organisation_number"
                ),
            )
            for row in rows
        }

    def units(self, organisers: Mapping[str, SchoolOrganiser]) -> list[SchoolUnit]:
        """Return the school units, each with an organiser of the other file."""
        rows = self._table("units.csv", _UNITS)
        require_unique(rows, "skolenhetskod")
        return [
            SchoolUnit(
                municipality_id=self.municipality_id,
                organiser_id=self._organiser_id(row, organisers),
                school_unit_code=row.matching("skolenhetskod", _EIGHT_DIGITS, "not_eight_digits"),
                name=row.text("skolenhet"),
                school_forms=row.text("skolform"),
                principal_name=row.text("rektor"),
                email=row.email("epost"),
                phone=row.phone("telefon"),
                enrolled=row.whole("antalelever", at_most=_MOST_PUPILS),
                is_active=True,
            )
            for row in rows
        ]

    def school_years(
        self, organisers: Mapping[str, SchoolOrganiser]
    ) -> tuple[list[SchoolYear], list[Term], list[SchoolBreak]]:
        """Return the school years with their terms and breaks; a term lies within its year."""
        rows = self._table("school_years.csv", _SCHOOL_YEARS)
        require_unique(rows, "huvudman", "lasar", "period")
        periods = [(row, row.choice("period", _PERIODS)) for row in rows]
        years = {
            (year.owner_id, year.name): year
            for year in (self._school_year(row, organisers) for row, period in periods if period == _WHOLE_YEAR)
        }
        terms, breaks = [], []
        for row, period in periods:
            if isinstance(period, TermKind):
                terms.append(self._term(row, period, self._year_of(row, organisers, years)))
            elif isinstance(period, BreakKind):
                breaks.append(self._break(row, period, self._year_of(row, organisers, years)))
        return list(years.values()), terms, breaks

    def _school_year(self, row: Row, organisers: Mapping[str, SchoolOrganiser]) -> SchoolYear:
        self._require_order(row)
        return SchoolYear(
            municipality_id=self.municipality_id,
            organiser_id=self._organiser_id(row, organisers),
            name=row.matching("lasar", _SCHOOL_YEAR, "not_a_school_year"),
            starts_on=row.day("borjar"),
            ends_on=row.day("slutar"),
        )

    def _term(self, row: Row, kind: TermKind, year: SchoolYear) -> Term:
        self._require_order(row)
        term = Term(
            municipality_id=self.municipality_id,
            school_year_id=year.id,
            kind=kind,
            starts_on=row.day("borjar"),
            ends_on=row.day("slutar"),
        )
        inside = year.starts_on <= term.starts_on and term.ends_on <= year.ends_on
        if not inside and NO_DAY not in (year.starts_on, year.ends_on, term.starts_on, term.ends_on):
            row.problem("borjar", "outside_the_school_year")
        return term

    def _break(self, row: Row, kind: BreakKind, year: SchoolYear) -> SchoolBreak:
        self._require_order(row)
        return SchoolBreak(
            municipality_id=self.municipality_id,
            school_year_id=year.id,
            kind=kind,
            starts_on=row.day("borjar"),
            ends_on=row.day("slutar"),
        )

    def _require_order(self, row: Row) -> None:
        if NO_DAY != row.day("slutar") < row.day("borjar"):
            row.problem("slutar", "ends_before_it_begins")

    def _year_of(
        self, row: Row, organisers: Mapping[str, SchoolOrganiser], years: Mapping[tuple[UUID, str], SchoolYear]
    ) -> SchoolYear:
        organiser_id = self._organiser_id(row, organisers)
        year = years.get((organiser_id, row.text("lasar")))
        if year is None:
            row.problem("lasar", "school_year_without_a_row_of_its_own")
            return SchoolYear(starts_on=row.day("borjar"), ends_on=row.day("slutar"))
        return year

    def _organiser_id(self, row: Row, organisers: Mapping[str, SchoolOrganiser]) -> UUID:
        organiser = organisers.get(fold(row.text("huvudman")))
        if organiser is None:
            row.problem("huvudman", "not_in_organisers_csv")
            return self.municipality_id
        return organiser.id

    def numbers(self) -> list[EmergencyNumber]:
        """Return the numbers to ring, in the order of the file."""
        rows = self._table("numbers.csv", _NUMBERS)
        require_unique(rows, "nummer")
        return [
            EmergencyNumber(
                municipality_id=self.municipality_id,
                label=row.text("namn"),
                number=row.phone("nummer"),
                note=row.text("anmarkning"),
                is_urgent=row.flag("akut"),
                position=position,
            )
            for position, row in enumerate(rows, 1)
        ]
