import pytest

from app.summaries.types.network import Arc, room_above, room_below


def table(*cells: tuple[int, int, int | None]) -> list[Arc]:
    """A row of cells and its printed total."""
    total = sum(value for value, _low, _high in cells)
    return [Arc("a", "b", *cell) for cell in cells] + [Arc("b", "a", total, total, total)]


def test_a_single_hidden_cell_is_no_secret():
    arcs = table((3, 0, 4), (9, 9, 9))
    assert (room_below(arcs, 0, 4), room_above(arcs, 0, 4)) == (0, 0)


def test_two_hidden_cells_leave_each_other_room():
    arcs = table((3, 0, 4), (9, 5, None))
    assert (room_below(arcs, 0, 9), room_above(arcs, 0, 9)) == (3, 1)
    assert (room_below(arcs, 1, 9), room_above(arcs, 1, 9)) == (1, 3)


def test_room_is_counted_no_further_than_asked():
    arcs = [Arc("a", "b", 3), Arc("b", "a", 3)]
    assert (room_below(arcs, 0, 2), room_above(arcs, 0, 2)) == (2, 2)


def test_room_may_have_to_be_taken_from_several_cells():
    arcs = table((4, 0, 4), (1, 0, 4), (2, 0, 4))
    assert room_below(arcs, 0, 4) == 4
    assert room_above(arcs, 1, 4) == 3


def test_a_print_that_denies_the_truth_is_refused():
    with pytest.raises(ValueError, match="contradicts"):
        Arc("a", "b", 7, 0, 4)
    with pytest.raises(ValueError, match="contradicts"):
        Arc("a", "b", 3, 5, None)
