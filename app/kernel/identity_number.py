"""The numbers a child in Sweden may have: parsed, checked, and masked wherever they are not asked for by name.

Personnummer (folkbokforingslagen 1991:481, section 18): ten digits, the last a Luhn check digit, "+" from the year of
turning 100. Samordningsnummer: the same with 60 added to the day (Skatteverket). TF number, temporary: a date of birth
and four positions, `TFnn` or `Tnnn`, given by a municipality or another authority (SCB); they have no check digit
and may be replaced, so two equal ones are a hint and never a proof. No number here tells the holder's sex.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Self

_LONGEST: Final = 40
"""Characters worth looking at: more is not a mistyped number."""
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
"""What word processors put in place of a hyphen."""
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")
"""Each digit doubled, the digits of the result added."""
_COORDINATION_DAYS: Final = 60
_SHAPE: Final = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})", re.ASCII)
_TEMPORARY_SHAPE: Final = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})(-?)(TF\d{2}|T\d{3})", re.ASCII)


class IdentityKind(StrEnum):
    """Which number, if any, a child is known by."""

    PERSONAL = "personal"
    COORDINATION = "coordination"
    TEMPORARY = "temporary"
    NONE = "none"


class NumberProblem(StrEnum):
    """What is wrong with something that was meant as a number."""

    SHAPE = "shape"
    DATE = "date"
    CHECK_DIGIT = "check_digit"
    IS_COORDINATION_NUMBER = "is_coordination_number"
    IS_PERSONAL_IDENTITY_NUMBER = "is_personal_identity_number"


class InvalidNumber(ValueError):
    """What was typed is no number of the kind asked for; says why, and never what was typed."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True, repr=False)
class IdentityNumber:
    """A valid number in twelve positions. To find where one is shown in full, search for `unmasked` and `formatted`."""

    kind: ClassVar[IdentityKind]
    _mask: ClassVar[str] = "********-****"
    _twelve: str

    @classmethod
    def parse(cls, text: str, *, today: date) -> Self:
        """Return the number written in `text`, with or without century, hyphen, plus sign and spaces.

        `today` settles the century and what lies in the future. Raises `InvalidNumber`.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._mask

    @property
    def birth_date(self) -> date:
        """The day of birth that the number states."""
        return _date_of(self._twelve)

    def unmasked(self) -> str:
        """Return all twelve positions, as they are stored (encrypted) and compared (hashed)."""
        return self._twelve

    def formatted(self) -> str:
        """Return the number as people write it, with a hyphen after the date."""
        return f"{self._twelve[:8]}-{self._twelve[8:]}"


class PersonalIdentityNumber(IdentityNumber):
    """A personnummer."""

    __slots__ = ()
    kind = IdentityKind.PERSONAL

    @classmethod
    def parse(cls, text: str, *, today: date) -> Self:
        """Read a personnummer; see `IdentityNumber.parse`."""
        twelve = _digits(text, today)
        if _is_coordination(twelve):
            raise InvalidNumber(NumberProblem.IS_COORDINATION_NUMBER)
        return cls(twelve)


class CoordinationNumber(IdentityNumber):
    """A samordningsnummer."""

    __slots__ = ()
    kind = IdentityKind.COORDINATION

    @classmethod
    def parse(cls, text: str, *, today: date) -> Self:
        """Read a samordningsnummer; see `IdentityNumber.parse`."""
        twelve = _digits(text, today)
        if not _is_coordination(twelve):
            raise InvalidNumber(NumberProblem.IS_PERSONAL_IDENTITY_NUMBER)
        return cls(twelve)


class TemporaryNumber(IdentityNumber):
    """A TF number. Nothing can be checked but its shape and its date."""

    __slots__ = ()
    kind = IdentityKind.TEMPORARY

    @classmethod
    def parse(cls, text: str, *, today: date) -> Self:
        """Read a TF number, whatever the case of its letters; see `IdentityNumber.parse`."""
        match = _TEMPORARY_SHAPE.fullmatch(_tidy(text).upper())
        if match is None:
            raise InvalidNumber(NumberProblem.SHAPE)
        century, year, month, day, sign, last = match.groups()
        twelve = f"{_full_year(century, year, sign, today)}{month}{day}{last}"
        if not _is_past_date(twelve, today):
            raise InvalidNumber(NumberProblem.DATE)
        return cls(twelve)


PARSERS: Final[dict[IdentityKind, type[IdentityNumber]]] = {
    IdentityKind.PERSONAL: PersonalIdentityNumber,
    IdentityKind.COORDINATION: CoordinationNumber,
    IdentityKind.TEMPORARY: TemporaryNumber,
}


def parse_number(kind: IdentityKind, text: str, *, today: date) -> IdentityNumber:
    """Return the number of a given kind written in `text`. Raises `InvalidNumber`; `KeyError` for no kind."""
    return PARSERS[kind].parse(text, today=today)


def find_number(text: str, *, today: date) -> IdentityNumber | None:
    """Return the number that `text` is, of whatever kind, or None: for a search field that takes anything."""
    for parser in PARSERS.values():
        try:
            return parser.parse(text, today=today)
        except InvalidNumber:
            continue
    return None


def check_digit(nine: str) -> int:
    """Return the tenth digit that belongs to nine (Luhn, ISO/IEC 7812-1 annex B)."""
    return -sum(map(int, nine[::2].translate(_DOUBLED) + nine[1::2])) % 10


def _tidy(text: str) -> str:
    if len(text) > _LONGEST:
        raise InvalidNumber(NumberProblem.SHAPE)
    return "".join(text.translate(_DASHES).split())


def _digits(text: str, today: date) -> str:
    match = _SHAPE.fullmatch(_tidy(text))
    if match is None:
        raise InvalidNumber(NumberProblem.SHAPE)
    century, year, month, day, sign, last = match.groups()
    twelve = f"{_full_year(century, year, sign, today)}{month}{day}{last}"
    if not _is_past_date(twelve, today):
        raise InvalidNumber(NumberProblem.DATE)
    # The serial 000 is never given out.
    if last.startswith("000") or check_digit(twelve[2:11]) != int(twelve[11]):
        raise InvalidNumber(NumberProblem.CHECK_DIGIT)
    return twelve


def _full_year(century: str | None, year: str, sign: str, today: date) -> str:
    """Return four digits: without a century, the latest year that fits, a hundred years earlier after a plus sign."""
    if century is not None:
        return century + year
    latest = today.year - (100 if sign == "+" else 0)
    return f"{latest - (latest - int(year)) % 100:04}"


def _is_coordination(twelve: str) -> bool:
    return int(twelve[6:8]) > _COORDINATION_DAYS


def _date_of(twelve: str) -> date:
    day = int(twelve[6:8])
    return date(int(twelve[:4]), int(twelve[4:6]), day - _COORDINATION_DAYS if _is_coordination(twelve) else day)


def _is_past_date(twelve: str, today: date) -> bool:
    if "T" in twelve and _is_coordination(twelve):
        return False
    try:
        return _date_of(twelve) <= today
    except ValueError:
        return False
