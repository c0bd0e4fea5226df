"""Disclosure control: which counts of children may be printed, so that the hidden ones cannot be worked out.

The rule is kept in `is_safe` and nowhere else. Whoever reads everything that is printed of a term - sentence, facts,
charts, tables, shares, medians, the CSV, the term's line in the comparison with others - and knows which counts are
parts of which, learns

1. of every count printed as `<5`: that it lies between 0 and 4, and nothing more. Each of the five is possible;
2. of every other count of fewer than five children, and of a grade band whose children all go to one school: never less
   than five possible values in a row. This holds for counts printed as `..`, and for those that are not printed but are
   the difference of two that are, such as reported children whose report nobody has acknowledged, or the located of a
   grade band. A difference of nought in the whole municipality ("every report is acknowledged") may be seen;
3. of every further count printed as `..`: not enough to compute it.

The reader is taken to see through the signs: where `<5` stands in a column of grade bands, or for one of located and
still missing, `..` beside it is not below five. Where even that would tell too much there is only `..`, which then may
be any number. Not covered is somebody who runs this program on every possible table and compares: for a difference that
leaves at least four values, for a grade band it may leave that one of five bands is not below five, never which.

It begins with everything hidden, which is safe, and shows one thing after the other, the most important first, as long
as the rule still holds (`protect`). Whatever the order is good for, what comes out is safe. Shares, rates and medians
are made of printed counts alone (`published.py`). Different terms have no counts that add up with each other's, so each
is protected by itself, and its counts carry the same signs wherever they stand. Time is the business of `reading.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.pupils.types import GradeBand
from app.summaries.types.figures import ChildFigures, Step
from app.summaries.types.network import Arc, room_above, room_below

THRESHOLD = 5
"""Counts of children below this are hidden: usual in Swedish statistics on health and social care."""
FEWEST_UNITS = 2
"""A count that can only come from one school is that school's, and no school's count is shown."""


class Sign(StrEnum):
    """What stands in the place of a hidden count."""

    FEW = "<5"
    """Below five; may be nought."""
    HIDDEN = ".."
    """Hidden so that others cannot be worked out."""


Key = Step | tuple[Step, GradeBand]
"""A count of the whole municipality, or of one grade band."""
Cell = int | Sign


@dataclass(frozen=True, slots=True)
class _Count:
    """A count of children in the circulation that ties all counts together."""

    tail: str
    head: str
    value: int
    key: Key | None = None
    """None when it is not printed."""
    is_whole: bool = True
    """Of the whole municipality, and not of a grade band."""
    units: int = FEWEST_UNITS

    @property
    def is_few(self) -> bool:
        return self.value < THRESHOLD

    @property
    def is_sensitive(self) -> bool:
        if self.key is None and self.is_whole:
            return 0 < self.value < THRESHOLD
        return self.is_few or self.units < FEWEST_UNITS


class _Shown(StrEnum):
    """What a reader is taken to know of a count that is to be printed."""

    NOTHING = "nothing"
    SIZE = "size"
    NUMBER = "number"


_Display = dict[Key, _Shown]

_BANDS = tuple(GradeBand)
_GROUPS: tuple[tuple[Key, ...], ...] = (
    (Step.MISSING,),
    (Step.LOCATED, Step.STILL_MISSING),
    (Step.REPORTED,),
    (Step.ACKNOWLEDGED,),
    (Step.RETURNED,),
    tuple((Step.MISSING, band) for band in _BANDS),
    tuple((Step.STILL_MISSING, band) for band in _BANDS),
)
"""What is shown together or not at all, the most important first."""


_WHOLES: Mapping[Key, tuple[Step, ...]] = {
    Step.REPORTED: (Step.MISSING,),
    Step.ACKNOWLEDGED: (Step.MISSING, Step.REPORTED),
    Step.RETURNED: (Step.MISSING, Step.LOCATED),
}
"""Of which counts a step that has its sign to itself is a part."""
_SMALLEST_TELLING = 2 * THRESHOLD - 1
"""In a printed whole smaller than this, a hidden part of at least five leaves fewer than five values for the rest. Were
parts below five given their `<5` there, `..` would say that much; so everything hidden is `..`, whatever its size."""


def protect(figures: ChildFigures) -> dict[Key, Cell]:
    """Return what is printed for each count."""
    counts = _tie(figures)
    values = {count.key: count for count in counts if count.key is not None}
    display: _Display = dict.fromkeys(values, _Shown.NOTHING)
    for group in _GROUPS:
        attempt = display | dict.fromkeys(group, _Shown.SIZE)
        if _may_have_signs(group, display, values) and is_safe(counts, attempt):
            display = attempt
        elif len(group) > 1:
            continue
        # The smallest go last: what must stay hidden beside a `<5` should cost the reader least.
        for key in sorted(group, key=lambda key: -values[key].value):
            if not values[key].is_sensitive and is_safe(counts, attempt := display | {key: _Shown.NUMBER}):
                display = attempt
    return _print(counts, display)


def _may_have_signs(group: tuple[Key, ...], display: _Display, values: Mapping[Key, _Count]) -> bool:
    wholes = _WHOLES.get(group[0], ())
    return not any(display[w] is _Shown.NUMBER and values[w].value < _SMALLEST_TELLING for w in wholes)


def is_safe(counts: Iterable[_Count], display: Mapping[Key, _Shown]) -> bool:
    """Tell whether a reader who is shown this can narrow down no sensitive count further than the rule allows."""
    counts = list(counts)
    arcs = [_known(count, display) for count in counts]
    return all(
        _keeps_its_secret(arcs, i, must_be_any_few=count.is_few and count.key is not None)
        for i, count in enumerate(counts)
        if count.is_sensitive
    )


def _keeps_its_secret(arcs: list[Arc], i: int, *, must_be_any_few: bool) -> bool:
    most = THRESHOLD - 1
    if must_be_any_few:
        value = arcs[i].value
        return room_below(arcs, i, value) == value and room_above(arcs, i, most - value) == most - value
    below = room_below(arcs, i, most)
    return below == most or below + room_above(arcs, i, most - below) == most


def _known(count: _Count, display: Mapping[Key, _Shown]) -> Arc:
    """Return a count as a reader knows it before adding anything up."""
    shown = _Shown.NOTHING if count.key is None else display[count.key]
    low, high = 0, None
    if shown is _Shown.NUMBER:
        low = high = count.value
    elif shown is _Shown.SIZE:
        low, high = (0, THRESHOLD - 1) if count.is_few else (THRESHOLD, None)
    return Arc(count.tail, count.head, count.value, low, high)


def _print(counts: list[_Count], display: _Display) -> dict[Key, Cell]:
    """Give each count its number or sign. A number that can be computed anyway is printed instead of `..`."""
    arcs = [_known(count, display) for count in counts]
    printed: dict[Key, Cell] = {}
    for i, count in enumerate(counts):
        if count.key is None:
            continue
        is_fixed = not count.is_sensitive and not room_below(arcs, i, 1) and not room_above(arcs, i, 1)
        if display[count.key] is _Shown.NUMBER or is_fixed:
            printed[count.key] = count.value
        elif display[count.key] is _Shown.SIZE and count.is_few:
            printed[count.key] = Sign.FEW
        else:
            printed[count.key] = Sign.HIDDEN
    return printed


def _tie(figures: ChildFigures) -> list[_Count]:
    """Return every count and difference of counts as arcs of one circulation.

    All missing children go from `all`, by way of what was reported about them, to their grade bands, and from there, as
    located or still missing, returned or not, back to `all`.
    """
    missing, located, still = figures.missing, figures.located, figures.still_missing
    reported, acknowledged, returned = figures.reported, figures.acknowledged, figures.returned
    whole = [
        _Count("all", "missing", missing, Step.MISSING, units=figures.missing_units),
        _Count("missing", "reported", reported, Step.REPORTED),
        _Count("missing", "unreported", missing - reported),
        _Count("reported", "bands", acknowledged, Step.ACKNOWLEDGED),
        _Count("reported", "unreported", reported - acknowledged),
        _Count("unreported", "bands", missing - acknowledged),
        _Count("found", "located", located, Step.LOCATED),
        _Count("located", "all", returned, Step.RETURNED),
        _Count("located", "away", located - returned),
        _Count("sought", "away", still, Step.STILL_MISSING),
        _Count("away", "all", missing - returned),
    ]
    return [*whole, *(count for band in _BANDS for count in _tie_band(figures, band))]


def _tie_band(figures: ChildFigures, band: GradeBand) -> tuple[_Count, ...]:
    own, still = figures.bands[band], (Step.STILL_MISSING, band)
    found = own.missing - own.still_missing
    return (
        _Count("bands", band, own.missing, (Step.MISSING, band), is_whole=False, units=own.missing_units),
        _Count(band, "sought", own.still_missing, still, is_whole=False, units=own.still_missing_units),
        _Count(band, "found", found, is_whole=False),
    )
