"""The calendar: Swedish working days, and deadlines over clock changes, leap days and New Year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.schools.types import DaySpan, TimeUnit, Within, WorkingCalendar, add_months

CALENDAR = WorkingCalendar()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2045, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def working_days(amount: int) -> Within:
    return Within(amount, TimeUnit.WORKING_DAYS)


class TestIsWorkingDay:
    @pytest.mark.parametrize(
        "day",
        [
            "2026-01-01",
            "2026-01-06",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-05-14",
            "2026-06-19",
            "2026-12-24",
            "2026-12-25",
            "2026-12-31",
            "2027-03-26",
            "2028-06-06",
        ],
    )
    def test_holidays_and_the_three_eves_are_days_off(self, day):
        assert not CALENDAR.is_working_day(date.fromisoformat(day))

    @pytest.mark.parametrize(
        "day", ["2026-08-19", "2028-02-29", "2026-01-02", "2026-12-23", "2026-04-02", "2026-10-30"]
    )
    def test_ordinary_days_and_half_days_are_working_days(self, day):
        assert CALENDAR.is_working_day(date.fromisoformat(day))

    @given(DAYS)
    def test_no_saturday_or_sunday_is_one(self, day):
        assert not (day.weekday() >= 5 and CALENDAR.is_working_day(day))

    def test_the_days_of_a_break_are_off_with_both_its_ends(self):
        calendar = WorkingCalendar((DaySpan(date(2026, 10, 26), date(2026, 10, 30)),))
        assert [calendar.is_working_day(date(2026, 10, day)) for day in (23, 26, 28, 30)] == [True, False, False, False]
        assert calendar.is_working_day(date(2026, 11, 2))

    def test_a_span_ends_after_it_begins(self):
        with pytest.raises(ValueError, match="ends before"):
            DaySpan(date(2026, 1, 2), date(2026, 1, 1))


class TestAddWorkingDays:
    @pytest.mark.parametrize(
        ("day", "amount", "expected"),
        [
            ("2026-08-19", 0, "2026-08-19"),
            ("2026-08-22", 0, "2026-08-24"),
            ("2026-08-19", 3, "2026-08-24"),
            ("2026-08-19", 7, "2026-08-28"),
            ("2026-08-19", 17, "2026-09-11"),
            ("2026-12-23", 1, "2026-12-28"),
            ("2026-12-30", 1, "2027-01-04"),
            ("2027-01-05", 1, "2027-01-07"),
            ("2028-02-28", 1, "2028-02-29"),
            ("2026-06-18", 1, "2026-06-22"),
            ("2026-08-24", -1, "2026-08-21"),
            ("2027-01-04", -1, "2026-12-30"),
        ],
    )
    def test_known_days(self, day, amount, expected):
        assert CALENDAR.add_working_days(date.fromisoformat(day), amount) == date.fromisoformat(expected)

    @given(DAYS, st.integers(0, 60))
    def test_it_lands_on_a_working_day_with_that_many_passed(self, day, amount):
        landed = CALENDAR.add_working_days(day, amount)
        assert CALENDAR.is_working_day(landed)
        if amount:
            assert CALENDAR.count_working_days(day, landed) == amount

    @given(DAYS, st.integers(0, 20), st.integers(1, 20))
    def test_two_steps_are_one_long_step(self, day, first, second):
        start = CALENDAR.add_working_days(day, 0)
        there = CALENDAR.add_working_days(CALENDAR.add_working_days(start, first), second)
        assert there == CALENDAR.add_working_days(start, first + second)

    @given(DAYS, st.integers(1, 40))
    def test_backwards_undoes_forwards(self, day, amount):
        start = CALENDAR.add_working_days(day, 0)
        assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, amount), -amount) == start

    def test_the_days_left_are_those_after_today(self):
        assert CALENDAR.count_working_days(date(2026, 8, 25), date(2026, 8, 28)) == 3
        assert CALENDAR.count_working_days(date(2026, 8, 28), date(2026, 8, 28)) == 0
        assert CALENDAR.count_working_days(date(2026, 8, 31), date(2026, 8, 28)) == 0


class TestDue:
    @pytest.mark.parametrize(
        ("start", "hours", "expected"),
        [
            ("2026-03-28T20:00", 24, "2026-03-29T21:00"),
            ("2026-10-24T20:00", 24, "2026-10-25T19:00"),
            ("2028-02-28T12:00", 24, "2028-02-29T12:00"),
            ("2026-12-31T23:30", 1, "2027-01-01T00:30"),
        ],
    )
    def test_hours_are_elapsed_hours_whatever_the_clocks_do(self, start, hours, expected):
        assert CALENDAR.due(swedish(start), Within(hours, TimeUnit.HOURS)) == swedish(expected)

    @pytest.mark.parametrize(
        ("start", "amount", "expected"),
        [
            ("2026-08-19T08:00", 7, "2026-08-28T16:00"),
            ("2026-03-27T15:00", 1, "2026-03-30T16:00"),
            ("2026-10-23T15:00", 1, "2026-10-26T16:00"),
            ("2026-08-20T23:30", 1, "2026-08-21T16:00"),
            ("2026-08-20T00:30", 1, "2026-08-21T16:00"),
            ("2026-08-20T09:00", 0, "2026-08-20T16:00"),
            ("2026-08-20T17:00", 0, "2026-08-21T16:00"),
            ("2026-08-22T10:00", 0, "2026-08-24T16:00"),
        ],
    )
    def test_working_days_end_at_four_in_sweden(self, start, amount, expected):
        assert CALENDAR.due(swedish(start), working_days(amount)) == swedish(expected)

    @pytest.mark.parametrize(
        ("start", "amount", "expected"),
        [("2026-08-19T10:00", 14, "2026-09-02T16:00"), ("2026-08-19T10:00", 3, "2026-08-24T16:00")],
    )
    def test_days_that_end_on_a_day_off_end_on_the_next_working_day(self, start, amount, expected):
        assert CALENDAR.due(swedish(start), Within(amount, TimeUnit.DAYS)) == swedish(expected)

    @pytest.mark.parametrize(
        ("start", "amount", "expected"),
        [
            ("2026-10-30T10:00", 1, "2026-11-30T16:00"),
            ("2027-01-29T10:00", 1, "2027-03-01T16:00"),
            ("2027-10-29T10:00", 4, "2028-02-29T16:00"),
            ("2026-08-19T10:00", 6, "2027-02-19T16:00"),
        ],
    )
    def test_months_keep_the_date_or_take_the_last_of_the_month(self, start, amount, expected):
        assert CALENDAR.due(swedish(start), Within(amount, TimeUnit.MONTHS)) == swedish(expected)

    @given(MOMENTS, st.integers(0, 40), st.sampled_from(TimeUnit))
    def test_never_before_the_start_and_always_in_utc(self, start, amount, unit):
        due = CALENDAR.due(start, Within(amount, unit))
        assert due >= start
        assert due.utcoffset() == timedelta()

    @given(MOMENTS, st.integers(0, 39), st.sampled_from(TimeUnit))
    def test_a_longer_period_never_ends_earlier(self, start, amount, unit):
        assert CALENDAR.due(start, Within(amount, unit)) <= CALENDAR.due(start, Within(amount + 1, unit))

    @given(MOMENTS, st.integers(0, 40), st.sampled_from([TimeUnit.DAYS, TimeUnit.WORKING_DAYS, TimeUnit.MONTHS]))
    def test_all_but_hours_end_at_four_on_a_working_day(self, start, amount, unit):
        due = clock.local(CALENDAR.due(start, Within(amount, unit)))
        assert due.time() == time(16)
        assert CALENDAR.is_working_day(due.date())

    def test_a_period_is_never_negative(self):
        with pytest.raises(ValueError, match="never negative"):
            Within(-1, TimeUnit.DAYS)


class TestAddMonths:
    @given(DAYS, st.integers(0, 60))
    def test_the_month_is_right_and_the_date_the_same_or_the_last(self, day, months):
        later = add_months(day, months)
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
        assert later.day == day.day or (later + timedelta(days=1)).day == 1
