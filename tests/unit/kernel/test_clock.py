"""The clocks: Swedish time on the nights it changes, and the offset of a rehearsal."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from tests.conftest import Clock

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 8, 19), time(8), utc(2026, 8, 19, 6)),
        (date(2027, 1, 11), time(8), utc(2027, 1, 11, 7)),
        (SPRING, time(1, 59), utc(2027, 3, 28, 0, 59)),
        (SPRING, time(3), utc(2027, 3, 28, 1)),
        (AUTUMN, time(1, 59), utc(2026, 10, 24, 23, 59)),
        (AUTUMN, time(3), utc(2026, 10, 25, 2)),
    ],
)
def test_a_swedish_time_is_one_moment(day: date, at: time, moment: datetime) -> None:
    assert clock.at(day, at) == moment


def test_a_time_that_spring_skips_is_read_on_the_clock_before_the_change() -> None:
    assert clock.at(SPRING, time(2, 30)) == utc(2027, 3, 28, 1, 30)
    assert clock.local(clock.at(SPRING, time(2, 30))).time() == time(3, 30)


def test_of_a_time_that_autumn_repeats_the_first_is_meant() -> None:
    assert clock.at(AUTUMN, time(2, 30)) == utc(2026, 10, 25, 0, 30)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.times())
def test_a_moment_shows_the_time_it_was_made_from_unless_spring_skips_it(day: date, at: time) -> None:
    shown = clock.local(clock.at(day, at))
    is_spring_night = day.month == 3 and day.day > 24 and day.isoweekday() == 7 and at.hour == 2
    assert (shown.date(), shown.hour - is_spring_night, shown.minute) == (day, at.hour, at.minute)


def test_the_day_is_the_swedish_one(set_clock: Clock) -> None:
    set_clock(utc(2026, 8, 18, 22, 30))
    assert clock.today() == date(2026, 8, 19)
    set_clock(utc(2026, 12, 31, 22, 59))
    assert clock.today() == date(2026, 12, 31)


def test_only_the_domains_clock_is_moved() -> None:
    clock.synchronise(timedelta(days=100))
    assert timedelta(days=99, hours=23) < clock.now() - clock.wall() < timedelta(days=100, hours=1)
    assert abs(clock.wall() - datetime.now(UTC)) < timedelta(hours=1)


def test_people_are_told_of_the_machines_time_by_the_domains_clock() -> None:
    clock.synchronise(timedelta(days=-100))
    assert clock.shown(utc(2026, 11, 29, 8)) == utc(2026, 8, 21, 8)


def test_both_clocks_speak_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert clock.wall().tzinfo is UTC
