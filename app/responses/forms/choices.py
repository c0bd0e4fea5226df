"""Choices of the closed lists, in the words of the templates."""

from enum import StrEnum
from typing import TypeVar

from app.responses.documents import words

E = TypeVar("E", bound=StrEnum)


def choices_of(kind: type[E]) -> list[tuple[E, str]]:
    """Return (member, label) for each member of a closed list, in its order."""
    named = words(kind)
    return [(member, named[member.value]) for member in kind]
