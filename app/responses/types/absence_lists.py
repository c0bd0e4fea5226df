"""Missing pupils who come many at once, from a spreadsheet or a class list."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, Self, TypeVar, cast

from app.pupils.types import comparable_name
from app.responses.types.page_answers import IdentityAnswers
from app.responses.types.plain import from_plain, to_plain

K = TypeVar("K", bound=Hashable)

MOST_ABSENT: Final = 300
"""Rows of an absence list. More are not missing from one school unit: it is the list of all pupils."""


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column that was read: how a spreadsheet letters it, and our name for what it holds."""

    letters: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class AbsentPupils:
    """Who stands on an absence list, and the text that was pasted, so that it can be corrected."""

    pupils: tuple[IdentityAnswers, ...] = ()
    text: str = ""
    unread: tuple[str, ...] = ()
    """Columns that nobody read, as a spreadsheet letters them."""
    lacks_protection: bool = False
    """The list has no column that says whose personal data are protected."""
    read: tuple[ReadColumn, ...] = ()
    has_header: bool = True
    """The list names its columns; else they were told by what they hold."""

    @classmethod
    def from_dict(cls, plain: object) -> Self:
        """Return what `to_dict` wrote."""
        return from_plain(cls, plain)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return cast(dict[str, Any], to_plain(self))


@dataclass(frozen=True, slots=True, repr=False)
class PreviewAbsenceList:
    """Keep an absence list until somebody has looked at it. Rows marked as protected are only counted."""

    absent: AbsentPupils
    protected_count: int


def is_same_pupil(one: IdentityAnswers, other: IdentityAnswers) -> bool:
    """Tell whether two descriptions are of the same pupil, as far as a school's own list can say.

    Two numbers decide. Without them it takes the same name, and nothing that speaks against it.
    """
    if one.number and other.number:
        return one.number == other.number
    return (
        comparable_name(one.name) == comparable_name(other.name)
        and _agree(one.birth_date, other.birth_date)
        and _agree(_plain(one.school_class), _plain(other.school_class))
    )


class KnownPupils(Generic[K]):
    """Pupils found as `is_same_pupil` finds them, without comparing with each of a whole school."""

    def __init__(self, pupils: Iterable[tuple[IdentityAnswers, K]] = ()) -> None:
        self._pupils: dict[str, list[tuple[IdentityAnswers, K]]] = defaultdict(list)
        for who, key in pupils:
            self.add(who, key)

    def add(self, who: IdentityAnswers, key: K) -> None:
        """Know one more, called `key` here."""
        for trait in _traits(who):
            self._pupils[trait].append((who, key))

    def list_same(self, who: IdentityAnswers) -> list[K]:
        """Return the keys of those who are this pupil, those with the same number first."""
        found = (pair for trait in _traits(who) for pair in self._pupils.get(trait, ()))
        return list(dict.fromkeys(key for other, key in found if is_same_pupil(who, other)))


def _traits(who: IdentityAnswers) -> list[str]:
    """Return what two descriptions of one pupil have at least one of in common."""
    return [*filter(None, [who.number]), comparable_name(who.name)]


def _agree(one: object, other: object) -> bool:
    return not one or not other or one == other


def _plain(school_class: str) -> str:
    """Return a class as it is compared: 5 B and 5b are the same."""
    return "".join(school_class.split()).casefold()
