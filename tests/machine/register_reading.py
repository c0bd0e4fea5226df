"""Reading a register that is held in memory: what is found, or why nothing is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pytest

from app.rosters.service.client import Reading, RegisterFailed, Wanted, read_register
from app.rosters.types.fetching import FetchFailure
from tests.machine.register_data import RegisterData

CODE: Final = "01990011"
OTHER: Final = "01990012"
WANTED: Final = Wanted(frozenset({CODE, OTHER}), date(2026, 8, 19), {}, omits_unmarked=False)


class Pages:
    """A register in memory, in pages of two, deaf to every filter."""

    def __init__(self, data: RegisterData) -> None:
        self.data = data
        self.asked: list[str] = []

    def pages(self, noun: str, filters: Mapping[str, str]) -> Iterator[Sequence[Mapping[str, Any]]]:
        """Yield the things called `noun`, whatever the filters."""
        self.asked.append(noun)
        things = getattr(self.data, noun)
        yield from (things[start : start + 2] for start in range(0, len(things), 2))


def read(data: RegisterData, wanted: Wanted = WANTED) -> Reading:
    """Return what is found."""
    return read_register(Pages(data), wanted, lambda _step: None)


def failure(data: RegisterData, wanted: Wanted = WANTED) -> FetchFailure:
    """Return why nothing is."""
    with pytest.raises(RegisterFailed) as caught:
        read(data, wanted)
    return caught.value.failure


def listed(data: RegisterData, code: str = CODE, wanted: Wanted = WANTED) -> list[str]:
    """Return the numbers of those on a unit's list."""
    return [pupil.number for pupil in read(data, wanted).pupils.get(code, ())]


def number(data: RegisterData, own_id: str) -> str:
    """Return somebody's number."""
    return str(data.person(own_id)["civicNo"]["value"])
