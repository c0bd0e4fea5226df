"""A term as it truly is: counts of children before anything is hidden. They never leave the memory they are made in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.pupils.types import GradeBand

MANY = 1_000
"""School units behind a count when nobody has counted them, as in imported history."""


class Step(StrEnum):
    """A count of children in the municipality. The steps are no staircase: a reported child may not be located."""

    MISSING = "missing"
    LOCATED = "located"
    STILL_MISSING = "still_missing"
    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class BandFigures:
    """The missing children of one grade band, and of how many school units, at least, they are pupils."""

    missing: int
    still_missing: int
    missing_units: int = MANY
    still_missing_units: int = MANY

    def __post_init__(self) -> None:
        if not 0 <= self.still_missing <= self.missing:
            raise ValueError("still missing are some of the missing")


@dataclass(frozen=True, slots=True)
class ChildFigures:
    """Children reported missing in a term's rounds, and what has become of them.

    Raises `ValueError` when the counts cannot belong together: located and reported are some of the missing, returned
    some of the located, acknowledged some of the reported.
    """

    bands: Mapping[GradeBand, BandFigures]
    reported: int
    acknowledged: int
    returned: int
    missing_units: int = MANY
    days: Mapping[Step, float] = field(default_factory=dict)
    """The median number of days to a step, for the steps that some child has reached."""

    def __post_init__(self) -> None:
        if set(self.bands) != set(GradeBand):
            raise ValueError("every grade band has its figures, also when they are nought")
        if not 0 <= self.acknowledged <= self.reported <= self.missing:
            raise ValueError("acknowledged are some of the reported, and they some of the missing")
        if not 0 <= self.returned <= self.located:
            raise ValueError("returned are some of the located")

    @property
    def missing(self) -> int:
        """All children reported missing."""
        return sum(band.missing for band in self.bands.values())

    @property
    def still_missing(self) -> int:
        """Those who have not been located."""
        return sum(band.still_missing for band in self.bands.values())

    @property
    def located(self) -> int:
        """Those of whom the municipality knows where they are."""
        return self.missing - self.still_missing


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Who has answered. These are about school units, not children, so nothing of it is hidden and units are named.

    How many pupils a unit misses is never here, nor which units have answered that nobody is missing.
    """

    units: int
    answered: int
    enrolled: int
    """Pupils in the answers that have come in."""
    enrolled_in_all: int
    """Pupils in all the units that were asked, as far as they are known."""
    silent: tuple[str, ...] = ()
    """Units whose last day has passed without an answer, in Swedish order."""

    @property
    def is_complete(self) -> bool:
        """Whether every unit has answered."""
        return self.units > 0 and self.answered == self.units

    @property
    def response_rate(self) -> float | None:
        """The share of units that have answered; None when none was asked."""
        return self.answered / self.units if self.units else None
