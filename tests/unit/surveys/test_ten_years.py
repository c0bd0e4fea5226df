"""Every moment of ten years' rounds is the hour that a table made from the time zone's own rules says (R8).

The reference knows nothing of the app: it counts days with plain dates, and finds out what a Swedish clock shows by
asking the zone about every quarter of the day.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.schools.types import DaySpan, WorkingCalendar
from app.surveys.types import StepKind, WaveDays, is_office_hour, late_schedule, schedule

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FREE = holidays.country_holidays("SE", years=range(2025, 2038), categories=("public", "de_facto"))
FIRST, LAST = date(2026, 1, 1), date(2035, 12, 31)


@st.composite
def days(draw) -> WaveDays:
    rising = sorted(draw(st.sets(st.integers(0, 60), min_size=6, max_size=8)))
    opens, *reminders, due, escalate, call, close = rising
    return WaveDays(opens, tuple(reminders), due, escalate, call, close)


@st.composite
def breaks(draw) -> tuple[DaySpan, ...]:
    first = draw(st.dates(FIRST, LAST))
    return (DaySpan(first, first + timedelta(days=draw(st.integers(0, 20)))),)


def shown(day: date, hour: int) -> datetime:
    """Return the moment of the day at which a Swedish clock shows the hour, found by looking at all of them."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    for quarter in range(4 * 30):
        moment = midnight + timedelta(minutes=15 * quarter)
        there = moment.astimezone(STOCKHOLM)
        if (there.date(), there.hour, there.minute) == (day, hour, 0):
            return moment
    raise AssertionError(f"{day} has no {hour} o'clock")


def nth(anchor: date, amount: int, closed: tuple[DaySpan, ...]) -> date:
    """Return the school day so many school days after the first one from the anchor on."""
    day, left = anchor, amount
    while True:
        is_free = day.weekday() in (5, 6) or day in FREE or any(span.first <= day <= span.last for span in closed)
        if not is_free and left == 0:
            return day
        left -= not is_free
        day += timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(anchor=st.dates(FIRST, LAST), wave=days(), closed=breaks())
@example(date(2027, 3, 25), WaveDays(0, (1,), 2, 3, 4, 5), (DaySpan(FIRST, FIRST),))  # On to summer time, over Easter.
@example(date(2026, 10, 22), WaveDays(0, (1,), 2, 3, 4, 5), (DaySpan(FIRST, FIRST),))  # Back to winter time.
@example(date(2028, 2, 24), WaveDays(0, (1,), 2, 3, 4, 5), (DaySpan(FIRST, FIRST),))  # Leap day.
@example(date(2026, 12, 28), WaveDays(0, (1,), 2, 3, 4, 5), (DaySpan(FIRST, FIRST),))  # New Year.
def test_every_moment_is_the_hour_that_the_table_says(anchor, wave, closed):
    moments = schedule(WorkingCalendar(closed), anchor, wave)
    assert moments.opens_at == shown(nth(anchor, wave.open, closed), 8)
    assert moments.due_at == shown(nth(anchor, wave.due, closed), 16)
    assert moments.closes_at == shown(nth(anchor, wave.close, closed), 16)
    assert moments.moments_of(StepKind.REMINDER) == [shown(nth(anchor, day, closed), 8) for day in wave.reminders]
    assert moments.moments_of(StepKind.ESCALATION) == [shown(nth(anchor, wave.escalate, closed), 8)]
    assert moments.moments_of(StepKind.CALL) == [shown(nth(anchor, wave.call, closed), 8)]
    assert [step.at for step in moments.steps] == sorted(step.at for step in moments.steps)


@settings(max_examples=150, deadline=None)
@given(anchor=st.dates(FIRST, LAST), wave=days(), closed=breaks(), hours=st.integers(0, 120 * 24))
def test_a_school_that_is_asked_late_has_all_its_days_and_nothing_is_behind_it(anchor, wave, closed, hours):
    calendar = WorkingCalendar(closed)
    planned = schedule(calendar, anchor, wave)
    at = planned.opens_at + timedelta(hours=hours)
    moved = late_schedule(calendar, planned, wave, at)
    assert all(step.at > at for step in moved.steps)
    if moved != planned:
        today = at.astimezone(STOCKHOLM).date()
        assert moved.due_at == shown(nth(today, wave.due - wave.open, closed), 16)
        assert moved.closes_at == shown(nth(today, wave.close - wave.open, closed), 16)


@settings(max_examples=300, deadline=None)
@given(day=st.dates(FIRST, LAST), minutes=st.integers(0, 24 * 60), closed=breaks())
def test_office_hours_are_those_of_the_clock_on_the_wall(day, minutes, closed):
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    there = at.astimezone(STOCKHOLM)
    expected = nth(there.date(), 0, closed) == there.date() and 8 <= there.hour < 16
    assert is_office_hour(WorkingCalendar(closed), at) == expected
