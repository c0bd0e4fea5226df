"""A term as it is published: the only form in which it is stored, shown and exported. It holds no hidden count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from app.pupils.types import GradeBand
from app.summaries.types.disclosure import Cell, Key, Sign, protect
from app.summaries.types.figures import AnswerFigures, ChildFigures, Step


@dataclass(frozen=True, slots=True)
class ChildTable:
    """Counts of children with their signs, as they were on one day."""

    counted_on: date
    cells: Mapping[Key, Cell]
    days: Mapping[Step, int]
    """Median days, for steps whose count is printed: fewer than five children have no median."""
    enrolled: int
    """Pupils in the answers that were counted."""

    @classmethod
    def publish(cls, figures: ChildFigures, *, counted_on: date, enrolled: int) -> Self:
        """Return what may be printed of the figures."""
        cells = protect(figures)
        days = {step: int(median + 0.5) for step, median in figures.days.items() if not isinstance(cells[step], Sign)}
        return cls(counted_on, cells, days, enrolled)

    def share(self, step: Step) -> float | None:
        """Return which share of the missing has come to a step, from printed counts only."""
        count, missing = self.cells[step], self.cells[Step.MISSING]
        return None if isinstance(count, Sign) or isinstance(missing, Sign) else count / missing

    @property
    def per_thousand(self) -> float | None:
        """Missing children in each thousand pupils, from printed counts only."""
        missing = self.cells[Step.MISSING]
        return None if isinstance(missing, Sign) or not self.enrolled else 1000 * missing / self.enrolled

    def signs_in(self, keys: Iterable[Key]) -> frozenset[Sign]:
        """Return which signs stand among some counts, so that a page explains those and no others."""
        return frozenset(cell for key in keys if isinstance(cell := self.cells[key], Sign))

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "counted_on": self.counted_on.isoformat(),
            "cells": {_text(key): cell for key, cell in self.cells.items()},
            "days": dict(self.days),
            "enrolled": self.enrolled,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Return what `to_dict` wrote."""
        return cls(
            counted_on=date.fromisoformat(plain["counted_on"]),
            cells={_key(text): cell if isinstance(cell, int) else Sign(cell) for text, cell in plain["cells"].items()},
            days={Step(step): days for step, days in plain["days"].items()},
            enrolled=plain["enrolled"],
        )


@dataclass(frozen=True, slots=True)
class PublishedTerm:
    """Everything there is to see of a term. `children` is None until they are first counted."""

    answers: AnswerFigures
    children: ChildTable | None
    waits_until: date | None = None
    """The last day on which the round closes, while children have not been counted."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        answers = self.answers
        return {
            "answers": {
                "units": answers.units,
                "answered": answers.answered,
                "enrolled": answers.enrolled,
                "enrolled_in_all": answers.enrolled_in_all,
                "silent": list(answers.silent),
            },
            "children": self.children.to_dict() if self.children else None,
            "waits_until": self.waits_until.isoformat() if self.waits_until else None,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Return what `to_dict` wrote."""
        answers, until = plain["answers"], plain["waits_until"]
        return cls(
            answers=AnswerFigures(**answers | {"silent": tuple(answers["silent"])}),
            children=ChildTable.from_dict(plain["children"]) if plain["children"] else None,
            waits_until=date.fromisoformat(until) if until else None,
        )


def _text(key: Key) -> str:
    return key.value if isinstance(key, Step) else "/".join(key)


def _key(text: str) -> Key:
    step, _, band = text.partition("/")
    return (Step(step), GradeBand(band)) if band else Step(step)
