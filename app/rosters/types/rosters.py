"""Words of rosters: a class list staged for one round and one unit, and gone when the answer is in.

Nobody keeps a register of all pupils: a roster belongs to one round, is encrypted, and leaves only counts behind it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

MOST_PUPILS: Final = 100_000
"""Rows of a municipality's file: more pupils than any Swedish municipality but the very largest has."""
MOST_PUPILS_OF_UNIT: Final = 5_000
"""Rows of one unit's own file; the largest school in the country has fewer."""

_YEAR: Final = re.compile(r"(F(?![A-Z])|[0-9]{1,3})")
"""The year that the name of a class begins with."""


class RosterState(StrEnum):
    """How far a roster has come."""

    PREVIEWED = "previewed"
    """Read and shown to whoever handed it over, and not yet confirmed."""
    STAGED = "staged"
    """Confirmed: the school goes through it class by class."""
    DESTROYED = "destroyed"
    """The pupils are gone; the counts remain."""


class RosterSource(StrEnum):
    """Where a roster came from."""

    CSV = "csv"
    XLSX = "xlsx"
    SS12000 = "ss12000"


class Mark(StrEnum):
    """What a school says about a pupil on the roster. No mark is no answer, and never a pupil in place."""

    PRESENT = "present"
    KNOWN = "known"
    """Away, and the school knows why."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True, repr=False)
class RosterPupil:
    """One pupil on a roster; all but the name may be empty. `key` is short and holds within the class."""

    name: str
    number: str = ""
    """All twelve positions, or empty."""
    birth_date: str = ""
    """ISO 8601, or empty when nothing states it."""
    grade: str = ""
    school_class: str = ""
    key: str = ""
    mark: Mark | None = None

    def __repr__(self) -> str:
        return "RosterPupil(*)"


def class_order(name: str) -> tuple[int, int, str]:
    """Return a key that puts classes as a school counts them: F, 1A, 1B, 2, 10, other names, and last no name."""
    found = _YEAR.match(name.upper())
    if found:
        return (0, 0 if found[1] == "F" else int(found[1]), name)
    return (1 if name else 2, 0, name)


@dataclass(frozen=True, slots=True)
class UploadNotes:
    """What the one who handed over a list should know before confirming; nothing in it says anything of a pupil."""

    ignored_columns: tuple[str, ...] = ()
    """Columns nobody read, as a spreadsheet letters them."""
    read_columns: tuple[str, ...] = ()
    """Columns that were understood, by our names for them; none of what comes from a register."""
    lacks_protection_column: bool = False
    """The file cannot tell who has protected identity."""
    answered_units: tuple[UUID, ...] = ()
    """Units in the file that have answered already, so that nothing of theirs was kept."""
    other: tuple[str, ...] = ()
    """Further codes, of the client that fetched."""


@dataclass(frozen=True, slots=True)
class SaveMarks:
    """What a school says about pupils of one class; those whose key is not among `marks` are left as they are."""

    marks: Mapping[str, Mark | None] = field(repr=False)
    version: int
