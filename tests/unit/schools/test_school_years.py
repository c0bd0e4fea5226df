"""The days of a school year: what can be wrong with them, what rounds are reckoned from, and a year later."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schools.types import (
    Anchor,
    BreakKind,
    DaySpan,
    FaultCode,
    Period,
    TermKind,
    WorkingCalendar,
    YearDays,
    find_fault_beside,
    find_faults,
    move_a_year,
)

AUTUMN_BREAK = DaySpan(date(2026, 10, 26), date(2026, 10, 30))
EASTER_BREAK = DaySpan(date(2027, 3, 30), date(2027, 4, 2))


def year(**spans: DaySpan) -> YearDays:
    """A school year without faults, but for the periods given."""
    known = {
        "year": DaySpan(date(2026, 8, 19), date(2027, 6, 11)),
        "autumn_term": DaySpan(date(2026, 8, 19), date(2026, 12, 18)),
        "spring_term": DaySpan(date(2027, 1, 11), date(2027, 6, 11)),
        "autumn_break": AUTUMN_BREAK,
        "christmas_break": DaySpan(date(2026, 12, 19), date(2027, 1, 10)),
        "winter_break": DaySpan(date(2027, 3, 1), date(2027, 3, 5)),
        "easter_break": EASTER_BREAK,
        "summer_break": DaySpan(date(2027, 6, 12), date(2027, 8, 17)),
    } | spans
    days_off = [known.pop("day_off")] if "day_off" in known else []
    return YearDays.of_periods("2026/2027", {Period(name): span for name, span in known.items()}, days_off)


def test_a_proper_year_has_no_fault() -> None:
    assert find_faults(year(day_off=DaySpan(date(2026, 9, 4), date(2026, 9, 4)))) == []


def test_terms_and_breaks_of_the_same_name_are_not_mixed_up() -> None:
    assert Period.of(TermKind.AUTUMN) is Period.AUTUMN_TERM
    assert Period.of(BreakKind.AUTUMN) is Period.AUTUMN_BREAK
    assert year().spans[Period.AUTUMN_BREAK] == AUTUMN_BREAK


@pytest.mark.parametrize(
    ("period", "first", "last", "code"),
    [
        ("year", date(2026, 8, 19), date(2026, 12, 31), FaultCode.NOT_ITS_NAME),
        ("year", date(2026, 1, 2), date(2027, 12, 30), FaultCode.TOO_LONG),
        ("autumn_term", date(2026, 8, 17), date(2026, 12, 18), FaultCode.OUTSIDE_THE_YEAR),
        ("spring_term", date(2026, 12, 18), date(2027, 6, 11), FaultCode.TERMS_OVERLAP),
        ("autumn_break", date(2026, 12, 21), date(2026, 12, 23), FaultCode.NOT_IN_ITS_TERM),
        ("winter_break", date(2027, 1, 4), date(2027, 1, 8), FaultCode.NOT_IN_ITS_TERM),
        ("winter_break", date(2027, 3, 30), date(2027, 4, 1), FaultCode.BREAKS_OVERLAP),
        ("christmas_break", date(2026, 12, 17), date(2027, 1, 10), FaultCode.IN_A_TERM),
        ("summer_break", date(2027, 6, 10), date(2027, 8, 17), FaultCode.IN_A_TERM),
        ("summer_break", date(2027, 6, 12), date(2027, 12, 17), FaultCode.TOO_LONG),
        ("autumn_break", date(2026, 8, 20), date(2026, 12, 18), FaultCode.TOO_LONG),
        ("day_off", date(2026, 8, 3), date(2026, 8, 3), FaultCode.OUTSIDE_THE_YEAR),
        ("day_off", date(2026, 10, 28), date(2026, 10, 28), FaultCode.BREAKS_OVERLAP),
    ],
)
def test_what_cannot_be_is_told_at_its_period(period: str, first: date, last: date, code: FaultCode) -> None:
    assert code in {fault.code for fault in find_faults(year(**{period: DaySpan(first, last)}))}


def test_both_terms_are_needed() -> None:
    whole = DaySpan(date(2026, 8, 19), date(2027, 6, 11))
    faults = find_faults(YearDays.of_periods("2026/2027", {Period.YEAR: whole}))
    assert [(fault.period, fault.code) for fault in faults] == [
        (Period.AUTUMN_TERM, FaultCode.TERM_IS_MISSING),
        (Period.SPRING_TERM, FaultCode.TERM_IS_MISSING),
    ]


def test_a_year_does_not_reach_into_the_next_nor_its_summer() -> None:
    late = move_a_year(year())
    assert find_fault_beside(late, [year()]) is None
    assert find_fault_beside(year(), [year()]) is None, "its own earlier self is no neighbour"
    assert find_fault_beside(late, [year(summer_break=DaySpan(date(2027, 6, 12), late.year.first))])
    assert find_fault_beside(year(summer_break=DaySpan(date(2027, 6, 12), late.year.first)), [late])


def test_a_break_that_is_not_set_begins_after_its_term() -> None:
    days = YearDays("2026/2027", year().year, year().terms)
    found = [days.find_anchor(anchor, WorkingCalendar()) for anchor in Anchor]
    assert found == [date(2026, 8, 19), date(2027, 1, 11), None, date(2026, 12, 19), date(2027, 6, 12)]


def test_school_begins_again_on_a_school_day_after_the_autumn_break() -> None:
    calendar = WorkingCalendar((*year().closed, DaySpan(date(2026, 11, 2), date(2026, 11, 2))))
    assert year().find_anchor(Anchor.AFTER_AUTUMN_BREAK, calendar) == date(2026, 11, 3)


def test_a_year_later_weeks_stay_and_easter_follows_easter() -> None:
    later = move_a_year(year())
    assert later.name == "2027/2028"
    assert later.year == DaySpan(date(2027, 8, 18), date(2028, 6, 9))
    assert later.spans[Period.AUTUMN_BREAK] == DaySpan(date(2027, 11, 1), date(2027, 11, 5)), "week 44"
    assert later.spans[Period.EASTER_BREAK] == DaySpan(date(2028, 4, 18), date(2028, 4, 21)), "after 16 April"
    assert later.days_off == ()


@given(st.integers(0, 40), st.integers(0, 6))
def test_copied_again_and_again_every_period_keeps_its_weekday(years: int, weekday: int) -> None:
    days = year(autumn_term=DaySpan(date(2026, 8, 19) + timedelta(days=weekday), date(2026, 12, 18)))
    first = days
    for _ in range(years):
        days = move_a_year(days)
    assert {period: (span.first.weekday(), span.length) for period, span in days.spans.items()} == {
        period: (span.first.weekday(), span.length) for period, span in first.spans.items()
    }
