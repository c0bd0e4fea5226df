"""A register that speaks SS 12000: where it is, how a fetch from it goes, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""This machine: what never leaves it needs no encryption."""


class FetchState(StrEnum):
    """How far a fetch has come. Somebody orders it, a worker claims it, and it ends one way or the other."""

    ORDERED = "ordered"
    FETCHING = "fetching"
    FETCHED = "fetched"
    FAILED = "failed"


class FetchStep(StrEnum):
    """What a worker is reading, in this order."""

    UNITS = "units"
    PUPILS = "pupils"
    GUARDIANS = "guardians"
    CLASSES = "classes"
    STAGING = "staging"


class FetchFailure(StrEnum):
    """Why a fetch came to nothing. Each has a sentence on the page that says what to do."""

    CHANGED = "changed"
    """Ids or unit codes that do not agree with each other, or with the last fetch."""
    DOWN = "down"
    ENDLESS = "endless"
    """Pages that never end."""
    ERROR = "error"
    INSECURE = "insecure"
    """A certificate that does not hold, or an address without encryption."""
    INTERRUPTED = "interrupted"
    """Our own worker died with it in hand, more than once."""
    MARKINGS_MISSING = "markings_missing"
    """The register told nobody's protection, so nobody's name may be taken in."""
    MOVED = "moved"
    """It pointed to another machine, which nobody has approved."""
    NOT_FOUND = "not_found"
    """A server is there, and no register at that address."""
    NO_CONNECTION = "no_connection"
    NO_PUPILS = "no_pupils"
    """It answered well, and has nobody at any of our units."""
    ROUND_OVER = "round_over"
    """The round closed or was cancelled while the register was read."""
    SIGN_IN = "sign_in"
    SLOW = "slow"
    """It does not answer in time, or says itself that it has too much to do."""
    TOO_MUCH = "too_much"
    """More than any municipality has, in an answer or in all."""
    UNREADABLE = "unreadable"


class AddressProblem(StrEnum):
    """Why an address cannot be a register's."""

    SHAPE = "shape"
    NOT_ENCRYPTED = "not_encrypted"
    HAS_PASSWORD = "has_password"  # noqa: S105 - the name of a problem


def find_address_problem(address: str) -> AddressProblem | None:
    """Return what is wrong with a register's address, or None: https, but on this machine; nothing secret in it."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return AddressProblem.SHAPE
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        return AddressProblem.SHAPE
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in address):
        return AddressProblem.SHAPE
    if parts.username is not None or parts.password is not None:
        return AddressProblem.HAS_PASSWORD
    return None if parts.scheme == "https" or is_loopback(address) else AddressProblem.NOT_ENCRYPTED


def is_loopback(address: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(address).hostname in LOOPBACK


@dataclass(frozen=True, slots=True)
class SaveConnection:
    """Where the register is and how to sign in to it; no secret means the one that is kept already."""

    base_url: str
    token_url: str
    """Empty when the secret is a token that is sent as it is."""
    client_id: str
    scope: str
    secret: str | None = field(repr=False)
    omits_unmarked: bool
    version: int | None


@dataclass(frozen=True, slots=True)
class FetchedUnit:
    """A school unit as the register had it: counts only."""

    code: str
    name: str
    pupils: int
    classes: int
    protected: int


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A school unit that one of us does not know."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a fetch found, in counts and names of schools: nothing about any child."""

    units: Sequence[FetchedUnit]
    unknown_to_register: Sequence[NamedUnit]
    unknown_to_us: Sequence[NamedUnit]
    passed_over: Sequence[NamedUnit]
    """Units that have answered or begun to go through the list they have: theirs was not fetched."""
    without_number: int
    """Pupils whose number could not be read; they are on the list by name."""
    without_class: int
    unplaced: int
    """Enrolments at a place that the register does not tell of."""
    tells_guardians: bool
    """Whether guardians were given at all: without them their protection cannot be seen."""

    @property
    def pupils(self) -> int:
        """Pupils by name, at all units."""
        return sum(unit.pupils for unit in self.units)

    @property
    def protected(self) -> int:
        """Pupils with protected personal data, at all units: only counted."""
        return sum(unit.protected for unit in self.units)

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Return what `to_json` made plain."""
        lists = {
            "units": tuple(FetchedUnit(**unit) for unit in plain["units"]),
            "unknown_to_register": tuple(NamedUnit(**unit) for unit in plain["unknown_to_register"]),
            "unknown_to_us": tuple(NamedUnit(**unit) for unit in plain["unknown_to_us"]),
            "passed_over": tuple(NamedUnit(**unit) for unit in plain["passed_over"]),
        }
        return cls(**{**plain, **lists})
