"""What a row of a list of pupils says: who, born when, in which class, and whether personal data are protected."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.kernel.csv_files import Row
from app.kernel.identity_number import IdentityNumber, InvalidNumber, NumberProblem, PersonalIdentityNumber, find_number
from app.kernel.tables import SEPARATOR
from app.rosters.types.columns import is_marked, says_protected, unmarked

_CUT_LENGTHS: Final = range(7, 10)
"""Digits that are left of a number of ten when a spreadsheet has taken it for one that begins with no zero."""
_DAY: Final = re.compile(r"((?:19|20)[0-9]{2}|[0-9]{2})[-./ ]?([0-9]{2})[-./ ]?([0-9]{2})(?:[ T]00:00(?::00)?)?")
_DIGITS_IN_A_ROW: Final = re.compile(r"[0-9]{4}")
_NAMES: Final = ("name", "first_name", "last_name")
_CODES: Final = {NumberProblem.DATE: "not_a_date_of_birth", NumberProblem.CHECK_DIGIT: "wrong_check_digit"}


@dataclass(frozen=True, slots=True, repr=False)
class PupilRow:
    """A row as it was understood. Of a pupil who is protected it is for recognising them elsewhere, and never kept."""

    name: str
    number: IdentityNumber | None
    birth_date: date | None
    grade: str
    school_class: str
    is_protected: bool

    def __repr__(self) -> str:
        return "PupilRow(*)"


class PupilReader:
    """Reads rows one at a time and notes what is wrong with them: with nobody protected, of whom nothing is kept."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._protecting: dict[str, bool] = {}

    def read(self, row: Row) -> PupilRow:
        """Return a row as a pupil."""
        if is_protected := self._is_protected(row):
            row = replace(row, cells={column: unmarked(cell) for column, cell in row.cells.items()})
        faults: list[tuple[str, str]] = []
        number, birth_date = self._read_number(row, faults)
        name = _read_name(row, faults)
        for column, code in () if is_protected else faults:
            row.problem(column, code)
        return PupilRow(name, number, birth_date, row.text("grade"), row.text("school_class"), is_protected)

    def _is_protected(self, row: Row) -> bool:
        """Tell whether any cell says so: schools write it in remarks too, and lists mark names by an asterisk."""
        cell = row.text("protected")
        if cell not in self._protecting:
            self._protecting[cell] = any(map(says_protected, cell.split(SEPARATOR)))
        if self._protecting[cell] or is_marked(text := SEPARATOR.join(row.all_cells)):
            return True
        return "*" in text and any("*" in row.text(column) for column in _NAMES)

    def _read_number(self, row: Row, faults: list[tuple[str, str]]) -> tuple[IdentityNumber | None, date | None]:
        """Return the number and the day of birth. Where a list has no numbers, the day often stands in their place."""
        text, column = row.text("number"), "number"
        if text and not _DAY.fullmatch(text):
            found = self._find_number(text)
            if isinstance(found, IdentityNumber):
                return found, found.birth_date
            faults.append((column, _CODES.get(found, "not_a_number")))
            return None, None
        if not text:
            text, column = row.text("birth_date"), "birth_date"
        return None, self._read_day(text, column, faults) if text else None

    def _find_number(self, text: str) -> IdentityNumber | NumberProblem:
        """Return a number of any kind, or what is wrong with it as the kind that most pupils have."""
        if text.isdigit() and len(text) in _CUT_LENGTHS:
            text = text.zfill(10)
        if (number := find_number(text, today=self._today)) is not None:
            return number
        try:
            return PersonalIdentityNumber.parse(text, today=self._today)
        except InvalidNumber as invalid:
            return invalid.problem

    def _read_day(self, text: str, column: str, faults: list[tuple[str, str]]) -> date | None:
        if (found := _DAY.fullmatch(text)) is None:
            faults.append((column, "not_a_date"))
            return None
        year, month, day = map(int, found.groups())
        if len(found[1]) == 2:  # noqa: PLR2004 - a year without its century: the latest that fits
            year = self._today.year - (self._today.year - year) % 100
        try:
            birth_date = date(year, month, day)
        except ValueError:
            birth_date = date.max
        if birth_date <= self._today:
            return birth_date
        faults.append((column, "not_a_date_of_birth"))
        return None


def _read_name(row: Row, faults: list[tuple[str, str]]) -> str:
    """Return the name as it is spoken: what stands after a comma comes first."""
    name, column = row.text("name"), "name"
    if not name:
        name = f"{row.text('first_name')} {row.text('last_name')}".strip()
        column = "name" if "name" in row.cells else "first_name"
    elif name.count(",") == 1:
        last, _, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}".strip()
    if not name:
        faults.append((column, "value_is_missing"))
    elif _DIGITS_IN_A_ROW.search(name) or not any(map(str.isalpha, name)):
        faults.append((column, "not_a_name"))
    return name
