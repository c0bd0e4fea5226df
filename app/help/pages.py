"""Words of the help pages that a template cannot choose by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.access.actor import Actor


class Number(Protocol):
    """A number to ring, as the list on the page shows it."""

    label: str
    number: str
    note: str
    is_urgent: bool


@dataclass(slots=True)
class KnownNumber:
    """A number that does not come from a municipality's own list."""

    label: str
    number: str
    note: str
    is_urgent: bool


SOS: Final = KnownNumber("Fara just nu", "112", "Polis, ambulans och socialjour", is_urgent=True)
"""Shown when no list says it: a page called Ring nu always has a number to ring."""


def with_sos(numbers: Sequence[Number]) -> list[Number]:
    """Return the numbers, with 112 first when the list lacks it."""
    has_sos = any(row.number.replace(" ", "") == SOS.number for row in numbers)
    return [*([] if has_sos else [SOS]), *numbers]


def part_for(actor: Actor | None) -> str:
    """Return the template with the help for whoever asks."""
    return f"help/_role/{actor.role.value if actor else 'anyone'}.html"
