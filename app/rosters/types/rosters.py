"""Words of rosters: a class list staged for one round and one unit, and gone when the answer is in.

Nobody keeps a register of all pupils: a roster belongs to one round, is encrypted, and leaves only counts behind it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kernel.csv_files import Column, fold

LONGEST_NAME: Final = 120
LONGEST_CLASS: Final = 40
LONGEST_GRADE: Final = 20
MOST_PUPILS: Final = 100_000
"""Rows of a municipality's file: more pupils than any Swedish municipality but the very largest has."""
MOST_PUPILS_OF_UNIT: Final = 5_000
"""Rows of one unit's own file; the largest school in the country has fewer."""

NOT_PROTECTED: Final = frozenset({"", "nej", "n", "0", "ingen", "inget", "inga", "inte", "ej", "no", "false", "falskt"})
"""Words, folded, that say that nobody protects the pupil. Any other word means that somebody may."""
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


def says_protected(cell: str) -> bool:
    """Tell whether a cell says that personal data are protected. What is no plain no is a yes, a question mark too."""
    return "?" in cell or "*" in cell or (fold(cell) or cell.strip()) not in NOT_PROTECTED


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


PUPIL_COLUMNS: Final = (
    Column(
        "name",
        (
            *(
                "namn",
                "elev",
                "elevnamn",
                "elevensnamn",
                "helanamnet",
                "name",
                "elevnamnet",
                "namnet",
                "fullstandigtnamn",
            ),
            *(
                "namnpaelev",
                "namnpaeleven",
                "barnetsnamn",
                "efternamnfornamn",
                "fornamnefternamn",
                "fornamnochefternamn",
            ),
            *("namnefternamnfornamn", "namnfornamnefternamn"),
        ),
        False,
        LONGEST_NAME,
    ),
    Column(
        "first_name",
        (
            *("fornamn", "tilltalsnamn", "elevfornamn", "firstname", "givenname"),
            *("elevensfornamn", "fornamntilltalsnamn", "tilltalsnamnfornamn"),
        ),
        False,
        LONGEST_NAME,
    ),
    Column(
        "last_name",
        ("efternamn", "elevefternamn", "lastname", "surname", "familyname", "elevensefternamn"),
        False,
        LONGEST_NAME,
    ),
    Column(
        "number",
        (
            *(
                "personnummer",
                "personnr",
                "persnr",
                "pnr",
                "pnummer",
                "personid",
                "elevenspersonnummer",
            ),
            *("personsamordningsnummer", "personnummersamordningsnummer", "samordningsnummer", "tfnummer", "civicno"),
            *("fodelsenummer", "idnummer", "elevpersonnummer", "personnummertfnummer"),
            *("personsamordningsnr", "personnrsamordningsnr", "persnrsamordningsnr", "pnrsamordningsnummer"),
            *("pnrsamordningsnr", "personnummersamordningsnr", "personnrsamordningsnummer", "samordningsnr", "samnr"),
            *("personnummerellersamordningsnummer", "personochsamordningsnummer", "personellersamordningsnummer"),
            *("personnummersamnr", "personnrsamnr", "pnrsamnr", "personsamnr", "personnummertfnr", "personnrtfnr"),
            *("elevpersonnr", "elevenspersonnr", "personnummerfodelsedatum", "personnrfodelsedatum", "tfnr"),
        ),
        False,
        40,
    ),
    Column("birth_date", ("fodelsedatum", "fodd", "fodelsedag", "birthdate", "fdatum"), False, 40),
    Column(
        "grade", ("arskurs", "ak", "arskursen", "schoolyear", "grade", "arsk", "elevensarskurs"), False, LONGEST_GRADE
    ),
    Column(
        "school_class",
        (
            *(
                "klass",
                "grupp",
                "klassgrupp",
                "klassnamn",
                "gruppnamn",
                "undervisningsgrupp",
                "klassbeteckning",
                "class",
            ),
            *("avdelninggrupp", "gruppavdelning", "klassavdelning", "avdelningklass", "gruppklass", "klassochgrupp"),
            *("klassellergrupp", "avdelningellergrupp", "elevensklass", "klasskod", "hemklass", "basgrupp"),
            *("mentorsgrupp", "klassmentorsgrupp", "avdelning"),
        ),
        False,
        LONGEST_CLASS,
    ),
    Column(
        "unit_code",
        ("skolenhetskod", "enhetskod", "skolenhetkod", "skolkod", "enhetskodskolverket", "schoolunitcode"),
        False,
        20,
    ),
    Column("unit_name", ("skolenhet", "skola", "skolenhetsnamn", "skolnamn", "enhet", "skolansnamn"), False, 120),
    # A star stands for any ending, and such a column may occur several times: who has one of them is protected.
    Column("protected", ("skydd*", "sekretess*", "sekr", "pskydd", "securitymarking", "kvarskrivning*"), False, 200),
)
"""The columns of a class list and how people head them, folded; any other column is left unread."""
