"""R26: from everything that is printed of a term, no hidden count of children can be worked out."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pupils.types import GradeBand
from app.summaries.types import BandFigures, Cell, ChildFigures, Key, Sign, Step, protect
from tests.factories.summaries import child_figures
from tests.unit.summaries.attack import FORMS, Reader, truth

SMALL = st.one_of(st.integers(0, 6), st.integers(0, 20), st.integers(0, 60))
"""Small numbers often: that is where children are."""


@st.composite
def figures(draw: st.DrawFn) -> ChildFigures:
    """Any term of any municipality."""
    bands = {}
    for band in GradeBand:
        missing = draw(SMALL)
        units = st.sampled_from((0, 1, 1000)) if missing else st.just(0)
        bands[band] = BandFigures(missing, draw(st.integers(0, missing)), draw(units), draw(units))
    missing = sum(band.missing for band in bands.values())
    located = missing - sum(band.still_missing for band in bands.values())
    reported = draw(_part_of(missing))
    return ChildFigures(
        bands=bands,
        reported=reported,
        acknowledged=draw(_part_of(reported)),
        returned=draw(_part_of(located)),
        missing_units=draw(st.sampled_from((1, 1000))),
    )


def _part_of(whole: int) -> st.SearchStrategy[int]:
    """Parts near nothing and near everything often: a difference of few is as telling as few."""
    near = st.integers(0, min(whole, 6))
    return st.one_of(near, near.map(lambda few: whole - few), st.integers(0, whole))


@settings(max_examples=60, deadline=None)
@given(figures())
def test_a_solver_learns_nothing_it_should_not(term: ChildFigures) -> None:
    printed = protect(term)
    reader, atoms = Reader(printed), truth(term)
    assert reader.allows(atoms), "what is printed is true"
    for name, form in FORMS.items():
        value, is_printed = int(form @ atoms), isinstance(name, Step | tuple)
        if isinstance(printed.get(name), int) or not (is_printed or _is_difference_to_hide(name, value)):  # type: ignore[call-overload]
            continue
        low, high = reader.range_of(name)
        if printed.get(name) is Sign.FEW:  # type: ignore[call-overload]
            assert (low, high) == (0, 4), f"{name} is printed as below five and lies in {low}-{high}"
        elif is_printed and value < 5:
            assert (low, high >= 4) == (0, True), f"{name} is hidden and lies in {low}-{high}"
        elif not is_printed or _is_of_one_school(term, name):
            assert high - low >= 4, f"{name} is hidden and lies in {low}-{high}"
        else:
            assert low < high, f"{name} is hidden and can be computed"


def _is_of_one_school(term: ChildFigures, name: object) -> bool:
    if name is Step.MISSING:
        return term.missing_units < 2
    if not isinstance(name, tuple):
        return False
    band = term.bands[name[1]]
    return (band.missing_units if name[0] is Step.MISSING else band.still_missing_units) < 2


def _is_difference_to_hide(name: object, value: int) -> bool:
    return (0 if "located in" in str(name) else 1) <= value < 5


@settings(max_examples=300, deadline=None)
@given(figures())
def test_signs_mean_what_they_say(term: ChildFigures) -> None:
    printed, atoms = protect(term), truth(term)
    for key, cell in printed.items():
        value = int(FORMS[key] @ atoms)
        if isinstance(cell, Sign):
            assert cell is Sign.HIDDEN or value < 5
        else:
            assert cell == value >= 5


def _worlds(most: int) -> Iterator[tuple[int, int, int]]:
    for missing in range(most + 1):
        for reported in range(missing + 1):
            for acknowledged in range(reported + 1):
                yield missing, reported, acknowledged


def test_not_even_a_reader_who_runs_this_program_on_every_term_learns_a_difference() -> None:
    """Every term with up to twelve missing: whoever compares them all is still left with four values or more."""
    seen: defaultdict[tuple[Cell, ...], list[tuple[int, int, int]]] = defaultdict(list)
    for world in _worlds(12):
        missing, reported, acknowledged = world
        term = child_figures([(missing, 0), *[(0, 0)] * 4], reported=reported, acknowledged=acknowledged)
        printed = protect(term)
        seen[printed[Step.MISSING], printed[Step.REPORTED], printed[Step.ACKNOWLEDGED]].append(world)
    for worlds in seen.values():
        for counted in ((1, 0), (2, 0), (0, 1), (0, 2), (1, 2)):
            values = {_difference(world, counted) for world in worlds}
            assert len(values) >= 4 or not any(0 < value < 5 for value in values)


def _difference(world: tuple[int, int, int], counted: tuple[int, int]) -> int:
    """The first of two places in a world, less the second when it is a part of it; what is missing from the whole."""
    whole, part = sorted(counted)
    return world[whole] - world[part] if (whole, part) == counted[::-1] else world[part]


@pytest.mark.parametrize("nobody", [[(0, 0)] * 5, [(1, 0), *[(0, 0)] * 4], [(4, 4), *[(0, 0)] * 4]])
def test_none_and_a_few_look_alike(nobody: list[tuple[int, int]]) -> None:
    assert set(protect(child_figures(nobody)).values()) == {Sign.FEW}


def test_a_large_term_is_shown_whole() -> None:
    term = child_figures([(40, 10), (42, 12), (43, 13), (25, 11), (12, 6)], reported=66, acknowledged=56, returned=76)
    assert not any(isinstance(cell, Sign) for cell in protect(term).values())


class TestTheTermOfThePicture:
    """The autumn that the look was drawn with: 41 missing, 7 still missing."""

    def printed(self) -> dict[Key, Cell]:
        return protect(child_figures(reported=16, acknowledged=16, returned=26))

    def test_the_steps_are_shown(self) -> None:
        steps = {step: self.printed()[step] for step in Step}
        assert steps == {
            Step.MISSING: 41,
            Step.LOCATED: 34,
            Step.STILL_MISSING: 7,
            Step.REPORTED: 16,
            Step.ACKNOWLEDGED: 16,
            Step.RETURNED: 26,
        }

    def test_one_band_is_hidden_so_that_the_small_one_cannot_be_computed(self) -> None:
        column = [self.printed()[Step.MISSING, band] for band in GradeBand]
        assert column == [Sign.HIDDEN, 12, 13, 5, Sign.FEW]

    def test_the_still_missing_are_few_in_every_band(self) -> None:
        assert {self.printed()[Step.STILL_MISSING, band] for band in GradeBand} == {Sign.FEW}


def test_a_column_whose_signs_would_tell_too_much_is_hidden_whole() -> None:
    printed = protect(child_figures([(9, 1), (12, 0), (13, 5), (9, 1), (9, 0)]))
    assert printed[Step.STILL_MISSING] == 7
    assert {printed[Step.STILL_MISSING, band] for band in GradeBand} == {Sign.HIDDEN}


def test_all_but_a_few_is_as_telling_as_a_few() -> None:
    printed = protect(child_figures([(20, 0), (20, 10), *[(0, 0)] * 3], reported=20, acknowledged=18, returned=28))
    assert printed[Step.REPORTED] == 20
    assert printed[Step.ACKNOWLEDGED] is Sign.HIDDEN
    assert printed[Step.RETURNED] is Sign.HIDDEN


def test_a_band_with_one_school_is_hidden_however_many_its_children() -> None:
    bands = {band: BandFigures(30, 10) for band in GradeBand} | {
        GradeBand.UPPER_SECONDARY: BandFigures(30, 10, missing_units=1, still_missing_units=1)
    }
    printed = protect(ChildFigures(bands=bands, reported=0, acknowledged=0, returned=0))
    assert printed[Step.MISSING, GradeBand.UPPER_SECONDARY] is Sign.HIDDEN
    hidden = [band for band in GradeBand if printed[Step.MISSING, band] is Sign.HIDDEN]
    assert len(hidden) == 2, "the total would give a single one away"


def test_figures_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="located"):
        child_figures(returned=35)
    with pytest.raises(ValueError, match="acknowledged"):
        child_figures(reported=1, acknowledged=2)
    with pytest.raises(ValueError, match="still missing"):
        BandFigures(1, 2)
    with pytest.raises(ValueError, match="every grade band"):
        ChildFigures(bands={}, reported=0, acknowledged=0, returned=0)
