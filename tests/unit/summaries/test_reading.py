from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.summaries.types import is_count_due, is_last_count

CLOSED, ENDS = date(2026, 9, 11), date(2026, 12, 22)
DAYS = [CLOSED + timedelta(days=number) for number in range(200)]


def counts(days: list[date], ends_on: date | None) -> list[date]:
    """Return the days on which children are counted when somebody looks every day."""
    counted: list[date] = []
    for day in days:
        last = counted[-1] if counted else None
        if last and is_last_count(today=last, term_ends_on=ends_on):
            break
        if is_count_due(today=day, last=last, term_ends_on=ends_on):
            counted.append(day)
    return counted


def test_an_autumn_is_counted_every_fourth_week_and_when_it_is_over() -> None:
    counted = counts(DAYS, ENDS)
    assert counted == [date(2026, 9, 11), date(2026, 10, 9), date(2026, 11, 6), date(2026, 12, 23)]


def test_a_term_whose_end_nobody_has_set_is_never_final() -> None:
    counted = counts(DAYS, None)
    assert len(counted) == 8
    assert not is_last_count(today=counted[-1], term_ends_on=None)


def test_a_round_that_closes_after_the_term_is_counted_once() -> None:
    late = ENDS + timedelta(days=3)
    assert counts([late + timedelta(days=number) for number in range(90)], ENDS) == [late]


@given(
    st.dates(date(2026, 8, 1), date(2027, 8, 1)),
    st.integers(0, 200),
    st.sets(st.integers(0, 400), min_size=1, max_size=120),
)
def test_no_two_tables_are_nearer_than_four_weeks(first: date, length: int, looked: set[int]) -> None:
    days = [first + timedelta(days=number) for number in sorted(looked)]
    counted = counts(days, first + timedelta(days=length))
    assert counted[0] == days[0], "the first is not put off"
    assert all(later - earlier >= timedelta(days=28) for earlier, later in pairwise(counted))
