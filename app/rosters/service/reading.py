"""A file as class lists: whose pupil each row is, who is protected, and what cannot be read.

Pupils with protected identity are taken out here, before anything is kept of anybody. What a file says of origin,
nationality, religion or sex is a column nobody asked for: it is looked at for words of protection, and never kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.csv_files import FilesRefused, Problem, Row
from app.kernel.tables import SEPARATOR, Table, open_table
from app.rosters.types import (
    PUPIL_COLUMNS,
    PupilReader,
    PupilRow,
    RosterPupil,
    RosterSource,
    UploadNotes,
)
from app.schools.models import SchoolUnit

_CODE_LENGTH: Final = 8


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
        self._table, self._units, self._reader = table, units, PupilReader(today)
        self._pupils: dict[UUID, list[RosterPupil]] = {}
        self._protected: dict[UUID, set[str]] = {}
        self._rows: dict[UUID, dict[str, int]] = {}
        """Where each pupil stands, so that one who stands there again is told by both rows."""
        self._words: dict[str, str] = {}
        """One copy of each class and grade, which a hundred thousand rows repeat."""

    def take(self, row: Row) -> None:
        """Note a row as a pupil, a protected one, or a problem."""
        unit_id, found = self._units.find(row), self._reader.read(row)
        if unit_id is None:
            return
        pupil = self._as_pupil(found)
        if found.is_protected:
            key = _key(pupil) if pupil.number or pupil.name else str(row.number)
            self._protected.setdefault(unit_id, set()).add(key)
        elif (earlier := self._rows.setdefault(unit_id, {}).setdefault(_key(pupil), row.number)) == row.number:
            self._pupils.setdefault(unit_id, []).append(pupil)
        elif pupil.number:
            row.problem("number", "given_twice", earlier)
        elif pupil.name:
            row.problem("name" if self._table.has("name") else "first_name", "name_given_twice", earlier)

    def finish(self) -> PupilFile:
        """Return what was read. Who is protected on one row is protected on every row, at every school, with that
        number: a list that says both is put together of two, and one of them did not know."""
        numbers = set[str]().union(*self._protected.values())
        for unit_id, pupils in self._pupils.items():
            hidden = self._protected.setdefault(unit_id, set())
            hidden.update(pupil.number for pupil in pupils if pupil.number in numbers)
            pupils[:] = [pupil for pupil in pupils if _key(pupil) not in hidden]
        notes = UploadNotes(
            ignored_columns=self._table.header.ignored,
            read_columns=tuple(column.name for column in PUPIL_COLUMNS if self._table.has(column.name)),
            lacks_protection_column=not self._table.has("protected"),
        )
        counts = {unit_id: len(keys) for unit_id, keys in self._protected.items() if keys}
        return PupilFile(RosterSource(self._table.kind.value), self._pupils, counts, notes)

    def _as_pupil(self, found: PupilRow) -> RosterPupil:
        number = found.number.unmasked() if found.number else ""
        birth_date = found.birth_date.isoformat() if found.birth_date else ""
        return RosterPupil(found.name, number, birth_date, self._word(found.grade), self._word(found.school_class))

    def _word(self, word: str) -> str:
        return self._words.setdefault(word, word)


def _key(pupil: RosterPupil) -> str:
    """Return what tells a pupil from the others of a school."""
    return pupil.number or SEPARATOR.join((pupil.name, pupil.birth_date, pupil.school_class))
