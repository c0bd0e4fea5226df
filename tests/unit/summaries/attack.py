"""The reader who wants to know: everything printed of a term as linear constraints, and a solver for whole numbers.

Written apart from how the product decides what to hide: another way of adding up (atoms, not a circulation) and another
solver (HiGHS by way of scipy, not flows), so that a mistake in the one does not hide in the other.
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.pupils.types import GradeBand
from app.summaries.types import Cell, ChildFigures, Key, Sign, Step

BANDS = tuple(GradeBand)
LOCATED, STILL = range(0, 5), range(5, 10)
REPORTED, ACKNOWLEDGED, RETURNED = 10, 11, 12
ATOMS = 13
UNLIMITED = 100_000

Form = np.ndarray
Name = Key | str


def forms() -> dict[Name, Form]:
    """Return every count and difference of counts as a sum of atoms; names in plain text are printed nowhere."""

    def total(*atoms: int) -> Form:
        form = np.zeros(ATOMS)
        form[list(atoms)] += 1
        return form

    missing, located = total(*LOCATED, *STILL), total(*LOCATED)
    reported, acknowledged, returned = total(REPORTED), total(ACKNOWLEDGED), total(RETURNED)
    found: dict[Name, Form] = {
        Step.MISSING: missing,
        Step.LOCATED: located,
        Step.STILL_MISSING: total(*STILL),
        Step.REPORTED: reported,
        Step.ACKNOWLEDGED: acknowledged,
        Step.RETURNED: returned,
        "not reported": missing - reported,
        "reported, not acknowledged": reported - acknowledged,
        "not acknowledged": missing - acknowledged,
        "located, not returned": located - returned,
        "not returned": missing - returned,
    }
    for place, band in enumerate(BANDS):
        found[Step.MISSING, band] = total(LOCATED[place], STILL[place])
        found[Step.STILL_MISSING, band] = total(STILL[place])
        found[f"located in {band}"] = total(LOCATED[place])
    return found


FORMS = forms()


def truth(figures: ChildFigures) -> Form:
    """Return the true atoms."""
    bands = [figures.bands[band] for band in BANDS]
    return np.array(
        [
            *(band.missing - band.still_missing for band in bands),
            *(band.still_missing for band in bands),
            figures.reported,
            figures.acknowledged,
            figures.returned,
        ]
    )


class Reader:
    """Knows what is printed, what the signs mean and what is part of what."""

    def __init__(self, printed: Mapping[Key, Cell]) -> None:
        self.printed = printed
        self._rows = np.array([*(FORMS[name] for name in FORMS)])
        limits = [self.limits(name) for name in FORMS]
        self._low, self._high = (np.array(side, dtype=float) for side in zip(*limits, strict=True))

    def limits(self, name: Name) -> tuple[int, int]:
        """Return between what a count must lie by its own print, seeing through the signs."""
        cell = self.printed.get(name)  # type: ignore[call-overload]
        if isinstance(cell, int):
            return cell, cell
        if cell is Sign.FEW:
            return 0, 4
        if cell is Sign.HIDDEN and self.would_have_said_few(name):
            return 5, UNLIMITED
        return 0, UNLIMITED

    def would_have_said_few(self, name: Name) -> bool:
        """Tell whether `<5` would stand there had the count been below five."""
        if isinstance(name, tuple):
            column = [cell for key, cell in self.printed.items() if isinstance(key, tuple) and key[0] == name[0]]
            return Sign.FEW in column
        if name in (Step.LOCATED, Step.STILL_MISSING):
            return Sign.FEW in (self.printed[Step.LOCATED], self.printed[Step.STILL_MISSING])
        wholes = {
            Step.REPORTED: (Step.MISSING,),
            Step.ACKNOWLEDGED: (Step.MISSING, Step.REPORTED),
            Step.RETURNED: (Step.MISSING, Step.LOCATED),
        }.get(Step(name), ())
        printed = [cell for whole in wholes if isinstance(cell := self.printed[whole], int)]
        return all(cell >= 9 for cell in printed)

    def allows(self, atoms: Form) -> bool:
        """Tell whether the atoms could be the truth."""
        values = self._rows @ atoms
        return bool(np.all(values >= self._low) and np.all(values <= self._high))

    def range_of(self, name: Name) -> tuple[int, int]:
        """Return the smallest and the largest whole value a count can have."""
        return self._solve(name, 1), -self._solve(name, -1)

    def _solve(self, name: Name, sense: int) -> int:
        found = milp(
            sense * FORMS[name],
            constraints=LinearConstraint(self._rows, self._low, self._high),
            integrality=np.ones(ATOMS),
            bounds=Bounds(0, UNLIMITED),
        )
        assert found.status == 0, found.message
        return round(found.fun)
