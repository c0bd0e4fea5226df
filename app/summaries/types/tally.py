"""From groups of children who are alike to the figures of a term."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat
from statistics import median

from app.pupils.types import GradeBand
from app.summaries.types.figures import BandFigures, ChildFigures, Step


@dataclass(frozen=True, slots=True)
class Alike:
    """How many children of a grade band went through the same on the same days."""

    children: int
    band: GradeBand
    units: frozenset[str]
    """Two of the school units they go to, or the only one: more are not needed to tell one from several."""
    reported_missing_on: date
    located_on: date | None = None
    reported_on: date | None = None
    acknowledged_on: date | None = None
    returned_on: date | None = None


def tally(groups: Iterable[Alike]) -> ChildFigures:
    """Return the figures that the groups add up to."""
    groups = tuple(groups)
    reported = tuple(group for group in groups if group.reported_on or group.acknowledged_on)
    returned = tuple(group for group in groups if group.returned_on and group.located_on)
    days = {
        Step.LOCATED: _median((g.children, g.reported_missing_on, g.located_on) for g in groups),
        Step.REPORTED: _median((g.children, g.reported_missing_on, g.reported_on) for g in groups),
        Step.ACKNOWLEDGED: _median((g.children, g.reported_on, g.acknowledged_on) for g in groups),
        Step.RETURNED: _median((g.children, g.reported_missing_on, g.returned_on) for g in groups),
    }
    return ChildFigures(
        bands={band: _band([group for group in groups if group.band is band]) for band in GradeBand},
        reported=_count(reported),
        acknowledged=_count(group for group in reported if group.acknowledged_on),
        returned=_count(returned),
        missing_units=_count_units(groups),
        days={step: value for step, value in days.items() if value is not None},
    )


def _band(groups: Sequence[Alike]) -> BandFigures:
    still = [group for group in groups if group.located_on is None]
    return BandFigures(_count(groups), _count(still), _count_units(groups), _count_units(still))


def _count(groups: Iterable[Alike]) -> int:
    return sum(group.children for group in groups)


def _count_units(groups: Iterable[Alike]) -> int:
    return len(frozenset[str]().union(*(group.units for group in groups)))


def _median(spans: Iterable[tuple[int, date | None, date | None]]) -> float | None:
    """Return the median of days from the one to the other, for the children who have both."""
    days = [
        repeat(max((until - since).days, 0), children)
        for children, since, until in spans
        if since is not None and until is not None
    ]
    return median(chain.from_iterable(days)) if days else None
