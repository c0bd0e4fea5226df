"""Pupils a school is asked about again, as one quick page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.cases.types import ReportedStatus
from app.responses.pages.summary import answer_in_words, name_of
from app.responses.queries import Carried
from app.responses.types import CarriedFrom, PupilPage


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One pupil with its question, and what the school said last time."""

    field: Any
    said: str
    status: ReportedStatus | None


def name_carried(carried: Carried) -> str:
    """Return the pupil's name and class as the school last gave them."""
    return name_of(carried.pupil, carried.pupil.told)


def make_lines(carried: Sequence[Carried], form: Any, status: Any, *, origin: CarriedFrom) -> list[CarriedLine]:
    """Return the lines of those who are asked about for one reason."""
    return [
        CarriedLine(form.field_of(each), _said(each), status.get(each.entry_id))
        for each in carried
        if each.origin is origin
    ]


def _said(carried: Carried) -> str:
    """Return what matters most of the last answer: where the pupil is said to be, or what somebody had seen."""
    page = PupilPage.OBSERVED if carried.origin is CarriedFrom.WORRY else PupilPage.WHEREABOUTS
    return answer_in_words(carried.pupil.told, page) or ""
