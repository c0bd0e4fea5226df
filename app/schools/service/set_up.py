"""Making a municipality out of CSV files; the invented one of a rehearsal has the same.

File by file, with the Swedish headers as they are compared (without accents, capitals and spaces; any order):

- `municipality.csv`, one row: kommunkod, kommun, forvaltning, namnd, samordnare, samordnarenstelefon
- `organisers.csv`: huvudman, typ (kommunal, enskild, region, staten), organisationsnummer
- `units.csv`: skolenhetskod, skolenhet, huvudman, skolform, rektor, epost, telefon, antalelever (may be empty), and
  where it is known whom the principal answers to: verksamhetschef, verksamhetschefensepost, verksamhetschefenstelefon
- `school_years.csv`, a row for each period: huvudman, skolenhetskod (only for a unit that differs), lasar (2026/2027),
  period (lasar, hosttermin, vartermin, hostlov, jullov, sportlov, pasklov, sommarlov, studiedag), borjar, slutar
- `numbers.csv`, in the order shown: namn, nummer, anmarkning, akut (ja or nej)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.kernel.csv_files import Column, Problems, Row, fold, read_table, require_unique
from app.kernel.errors import Refused
from app.schools import queries
from app.schools.models import EmergencyNumber, Municipality, SchoolOrganiser, SchoolUnit, SchoolYear
from app.schools.service.school_years import make_school_year
from app.schools.service.school_years_file import COLUMNS as SCHOOL_YEAR_COLUMNS
from app.schools.service.school_years_file import read_school_years
from app.schools.types import CalendarOwner, OrganiserKind

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
    Column("verksamhetschef", ("verksamhetschef", "skolchef", "skolomradeschef"), is_required=False),
    Column("verksamhetschefensepost", ("verksamhetschefensepost", "skolchefensepost"), is_required=False),
    Column(
        "verksamhetschefenstelefon",
        ("verksamhetschefenstelefon", "skolchefenstelefon"),
        max_length=40,
        is_required=False,
    ),
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
_MOST_PUPILS: Final = 20_000
"""Far more than any school unit has: a larger number is a slip of the keyboard."""

_ORGANISER_KINDS: Final = {
    "kommunal": OrganiserKind.MUNICIPAL,
    "kommun": OrganiserKind.MUNICIPAL,
    "enskild": OrganiserKind.INDEPENDENT,
    "region": OrganiserKind.REGION,
    "staten": OrganiserKind.STATE,
}


def import_schools(session: Session, folder: Path) -> Municipality:
    """Make a municipality with organisers, units, school years and numbers out of the CSV files in `folder`.

    All or nothing. Raises `FilesRefused` with everything that is wrong, or `Refused("municipality_exists")`.
    """
    reading = _Reading(folder)
    municipality = reading.municipality()
    organisers = reading.organisers()
    units = reading.units(organisers)
    years = reading.school_years(organisers, units)
    numbers = reading.numbers()
    reading.problems.raise_if_any()
    if queries.find_municipality(session, municipality.code) is not None:
        raise Refused("municipality_exists")
    for rows in ([municipality], organisers.values(), units, years, numbers):
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
                head_name=row.text("verksamhetschef") or None,
                head_email=row.email("verksamhetschefensepost") or None,
                head_phone=row.phone("verksamhetschefenstelefon") or None,
                is_active=True,
            )
            for row in rows
        ]

    def school_years(self, organisers: Mapping[str, SchoolOrganiser], units: Sequence[SchoolUnit]) -> list[SchoolYear]:
        """Return the school years with their terms and breaks."""
        rows = self._table("school_years.csv", SCHOOL_YEAR_COLUMNS)
        by_code = {unit.school_unit_code: unit for unit in units}

        def find_owner(row: Row) -> CalendarOwner | None:
            organiser_id = self._organiser_id(row, organisers)
            if not (code := row.text("skolenhetskod")):
                return CalendarOwner(organiser_id, row.text("huvudman"), organiser_id, is_unit=False)
            unit = by_code.get(code)
            if unit is None or unit.organiser_id != organiser_id:
                row.problem("skolenhetskod", "no_such_school_unit")
                return None
            return CalendarOwner(unit.id, unit.name, organiser_id, is_unit=True)

        found = read_school_years(rows, find_owner)
        return [make_school_year(self.municipality_id, owner, days) for owner, days, _ in found]

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
