"""A file as class lists: whose pupil each row is, who is protected, and what cannot be read.

Pupils with protected identity are taken out here, before anything is kept of anybody. What a file says of origin,
nationality, religion or sex is a column nobody asked for, and is never looked at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.csv_files import FilesRefused, Problem, Row
from app.kernel.identity_number import (
    CoordinationNumber,
    InvalidNumber,
    NumberProblem,
    PersonalIdentityNumber,
    TemporaryNumber,
)
from app.kernel.tables import SEPARATOR, Table, open_table
from app.rosters.types import PUPIL_COLUMNS, RosterPupil, RosterSource, UploadNotes, says_protected
from app.schools.models import SchoolUnit

_CODE_LENGTH: Final = 8
_LONGEST_CUT_NUMBER: Final = 9
_TEN: Final = 10
_PLAIN_DAY: Final = re.compile(r"([0-9]{2})?([0-9]{2})-?([0-9]{2})-?([0-9]{2})(?:[ T]00:00(?::00)?)?")
_DIGITS_IN_A_ROW: Final = re.compile(r"[0-9]{4}")
_CODES: Final = {
    NumberProblem.SHAPE: "not_a_number",
    NumberProblem.DATE: "not_a_date_of_birth",
    NumberProblem.CHECK_DIGIT: "wrong_check_digit",
}


@dataclass(slots=True, repr=False)
class PupilFile:
    """What a file holds, protected pupils as counts only."""

    source: RosterSource
    pupils: dict[UUID, list[RosterPupil]] = field(default_factory=dict)
    protected: dict[UUID, int] = field(default_factory=dict)
    notes: UploadNotes = field(default_factory=UploadNotes)


def read_pupils(
    content: bytes, units: Sequence[SchoolUnit], *, today: date, most_rows: int, own: SchoolUnit | None = None
) -> PupilFile:
    """Read a file of pupils of `units`; with `own` it is that unit's list, and needs no column of units.

    Raises `FilesRefused`, which says everything that is wrong by row and column.
    """
    table = open_table(content, PUPIL_COLUMNS, most_rows=most_rows)
    _require_columns(table, own)
    reader = _Reader(table, _Units(units, own), today)
    for row in table.rows():
        reader.take(row)
    table.problems.raise_if_any()
    return reader.finish()


def _require_columns(table: Table, own: SchoolUnit | None) -> None:
    missing = []
    if not table.has("name") and not (table.has("first_name") and table.has("last_name")):
        missing.append("name")
    if own is None and not table.has("unit_code") and not table.has("unit_name"):
        missing.append("unit_code")
    if missing:
        raise FilesRefused([Problem("", table.header.row, column, "column_is_missing") for column in missing])


class _Units:
    """Finds the unit that a row belongs to."""

    def __init__(self, units: Sequence[SchoolUnit], own: SchoolUnit | None) -> None:
        self._own = own.id if own else None
        listed = [*units, own] if own else units
        self._by_code = {unit.school_unit_code: unit.id for unit in listed}
        self._by_name: dict[str, set[UUID]] = {}
        for unit in listed:
            self._by_name.setdefault(_folded_name(unit.name), set()).add(unit.id)
        self._known: dict[tuple[str, str], tuple[UUID | None, str, str]] = {}

    def find(self, row: Row) -> UUID | None:
        """Return the unit's id, or None after noting why there is none."""
        given = row.text("unit_code"), row.text("unit_name")
        if given not in self._known:
            self._known[given] = self._look_up(*given)
        unit_id, column, code = self._known[given]
        if code:
            row.problem(column, code)
        return unit_id

    def _look_up(self, code: str, name: str) -> tuple[UUID | None, str, str]:
        column = "unit_code" if code or not name else "unit_name"
        if not code and not name:
            return self._own, column, "" if self._own else "value_is_missing"
        if code:
            digits = code.replace(" ", "")
            unit_id = self._by_code.get(digits.zfill(_CODE_LENGTH) if digits.isdigit() else digits)
        else:
            found = self._by_name.get(_folded_name(name), set())
            if len(found) > 1 and self._own not in found:
                return None, column, "unit_is_ambiguous"
            unit_id = self._own if self._own in found else next(iter(found), None)
        if self._own and unit_id != self._own:
            return None, column, "other_unit"
        return unit_id, column, "" if unit_id else "unknown_unit"


def _folded_name(name: str) -> str:
    return " ".join(name.casefold().split())


class _Reader:
    """Takes rows one at a time."""

    def __init__(self, table: Table, units: _Units, today: date) -> None:
        self._table, self._units, self._today = table, units, today
        self._pupils: dict[UUID, list[RosterPupil]] = {}
        self._protected: dict[UUID, int] = {}
        self._protected_numbers: set[str] = set()
        self._seen: dict[UUID, set[str]] = {}
        self._protecting: dict[str, bool] = {}
        self._words: dict[str, str] = {}
        """One copy of each class and grade, which a hundred thousand rows repeat."""

    def take(self, row: Row) -> None:
        """Note a row as a pupil, a protected one, or a problem."""
        unit_id = self._units.find(row)
        is_protected = self._is_protected(row.text("protected"))
        number, birth_date = self._read_number(row, is_protected=is_protected)
        name = self._read_name(row, is_protected=is_protected)
        if unit_id is None:
            return
        if number or name:
            self._refuse_repeated(row, unit_id, number or SEPARATOR.join((name, birth_date, row.text("school_class"))))
        if is_protected:
            self._protected[unit_id] = self._protected.get(unit_id, 0) + 1
            self._protected_numbers.add(number)
            return
        grade, school_class = self._word(row.text("grade")), self._word(row.text("school_class"))
        self._pupils.setdefault(unit_id, []).append(RosterPupil(name, number, birth_date, grade, school_class))

    def finish(self) -> PupilFile:
        """Return what was read. Who is protected at one school is protected at every school that names them."""
        self._protected_numbers.discard("")
        for unit_id, pupils in self._pupils.items():
            open_to_all = [pupil for pupil in pupils if pupil.number not in self._protected_numbers]
            if hidden := len(pupils) - len(open_to_all):
                self._protected[unit_id] = self._protected.get(unit_id, 0) + hidden
                pupils[:] = open_to_all
        notes = UploadNotes(
            ignored_columns=self._table.header.ignored,
            read_columns=tuple(column.name for column in PUPIL_COLUMNS if self._table.has(column.name)),
            lacks_protection_column=not self._table.has("protected"),
        )
        return PupilFile(RosterSource(self._table.kind.value), self._pupils, self._protected, notes)

    def _refuse_repeated(self, row: Row, unit_id: UUID, key: str) -> None:
        seen = self._seen.setdefault(unit_id, set())
        if key in seen:
            row.problem("number" if self._table.has("number") else "name", "given_twice")
        seen.add(key)

    def _read_name(self, row: Row, *, is_protected: bool) -> str:
        name, column = row.text("name"), "name"
        if not name:
            name = f"{row.text('first_name')} {row.text('last_name')}".strip()
            column = "name" if self._table.has("name") else "first_name"
        elif name.count(",") == 1:
            last, _, first = name.partition(",")
            name = f"{first.strip()} {last.strip()}".strip()
        if not name and not is_protected:
            row.problem(column, "value_is_missing")
        elif _DIGITS_IN_A_ROW.search(name) or (name and not (name[0].isalpha() or any(map(str.isalpha, name)))):
            row.problem(column, "not_a_name")
        return name

    def _read_number(self, row: Row, *, is_protected: bool) -> tuple[str, str]:
        """Return the number in twelve positions and the day of birth, each empty when the row does not tell."""
        text = row.text("number")
        if not text:
            return "", self._read_day(row, "birth_date", row.text("birth_date"))
        if text.isdigit() and len(text) <= _LONGEST_CUT_NUMBER and not _PLAIN_DAY.fullmatch(text):
            text = text.zfill(_TEN)  # A spreadsheet took it for a number, and a number begins with no zero.
        code = NumberProblem.SHAPE
        for kind in (PersonalIdentityNumber, CoordinationNumber, TemporaryNumber):
            try:
                number = kind.parse(text, today=self._today)
            except InvalidNumber as problem:
                if problem.problem in _CODES and code is NumberProblem.SHAPE:
                    code = problem.problem
            else:
                twelve = number.unmasked()
                is_plain = kind is PersonalIdentityNumber  # The others hide the day, or may.
                return twelve, f"{twelve[:4]}-{twelve[4:6]}-{twelve[6:8]}" if is_plain else str(number.birth_date)
        if _PLAIN_DAY.fullmatch(text):
            return "", self._read_day(row, "number", text)
        if not is_protected:
            row.problem("number", _CODES[code])
        return "", ""

    def _read_day(self, row: Row, column: str, text: str) -> str:
        """Return a day of birth as ISO 8601 has it. An unreadable one is refused, a future one too."""
        if not text:
            return ""
        if found := _PLAIN_DAY.fullmatch(text):
            century, year, month, day = found.groups()
            latest = self._today.year
            full = int(century + year) if century else latest - (latest - int(year)) % 100
            try:
                birth_date = date(full, int(month), int(day))
            except ValueError:
                birth_date = self._today.max
            if birth_date <= self._today:
                return birth_date.isoformat()
        row.problem(column, "not_a_date_of_birth")
        return ""

    def _is_protected(self, cell: str) -> bool:
        if cell not in self._protecting:
            self._protecting[cell] = any(map(says_protected, cell.split(SEPARATOR)))
        return self._protecting[cell]

    def _word(self, word: str) -> str:
        return self._words.setdefault(word, word)
