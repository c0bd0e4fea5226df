"""From the first day of a term to the days of a round."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.schools.types import DaySpan, TermKind, WorkingCalendar
from app.surveys.types import (
    REMINDER_KINDS,
    InvitationState,
    Occurrence,
    PlanKind,
    WaveDays,
    late_schedule,
    schedule,
    term_label,
)

CALENDAR = WorkingCalendar()
SHIPPED = WaveDays(0, (3,), 7, 9, 10, 17)
DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


def _days(days: list[int]) -> WaveDays:
    opens, *reminders, due, escalate, call, close = days
    return WaveDays(opens, tuple(reminders), due, escalate, call, close)


PLANS = st.sets(st.integers(0, 40), min_size=6, max_size=8).map(lambda days: _days(sorted(days)))


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Stockholm"))


class TestSchedule:
    def test_the_shipped_plan_in_autumn_2026(self):
        moments = schedule(CALENDAR, date(2026, 8, 19), SHIPPED)
        assert moments.opens_at == swedish("2026-08-19T08:00")
        assert moments.first_step_at == swedish("2026-08-24T08:00")
        assert moments.due_at == swedish("2026-08-28T16:00")
        assert moments.closes_at == swedish("2026-09-11T16:00")

    def test_a_break_in_the_middle_is_not_counted(self):
        calendar = WorkingCalendar((DaySpan(date(2026, 10, 26), date(2026, 10, 30)),))
        moments = schedule(calendar, date(2026, 10, 22), SHIPPED)
        assert moments.first_step_at == swedish("2026-11-03T08:00")

    def test_the_clocks_of_the_wall_are_meant_in_summer_and_winter(self):
        assert schedule(CALENDAR, date(2026, 10, 23), SHIPPED).first_step_at == swedish("2026-10-28T08:00")
        assert schedule(CALENDAR, date(2026, 3, 27), SHIPPED).first_step_at == swedish("2026-04-01T08:00")
        assert schedule(CALENDAR, date(2028, 2, 28), SHIPPED).first_step_at == swedish("2028-03-02T08:00")
        assert schedule(CALENDAR, date(2026, 12, 30), SHIPPED).due_at == swedish("2027-01-13T16:00")

    def test_a_term_that_begins_on_a_day_off_is_reckoned_from_the_next_school_day(self):
        assert schedule(CALENDAR, date(2026, 8, 22), SHIPPED) == schedule(CALENDAR, date(2026, 8, 24), SHIPPED)

    @given(DAYS, PLANS)
    def test_everything_comes_in_order_on_working_days_at_office_hours(self, day, days):
        moments = schedule(CALENDAR, day, days)
        assert clock.at(day, clock.local(moments.opens_at).time()) <= moments.opens_at
        assert moments.opens_at < moments.first_step_at < moments.due_at < moments.closes_at
        for moment, hour in (
            (moments.opens_at, 8),
            (moments.first_step_at, 8),
            (moments.due_at, 16),
            (moments.closes_at, 16),
        ):
            assert clock.local(moment).hour == hour
            assert CALENDAR.is_working_day(clock.local(moment).date())

    @pytest.mark.parametrize(
        "days",
        [
            (1, (1,), 2, 3, 4, 5),
            (-1, (2,), 3, 4, 5, 6),
            (0, (7,), 3, 9, 10, 17),
            (0, (3,), 7, 9, 10, 10),
            (0, (), 7, 9, 10, 17),
            (0, (1, 2, 3, 4), 7, 9, 10, 17),
            (0, (3, 2), 7, 9, 10, 17),
        ],
    )
    def test_days_that_are_not_in_order_are_no_plan(self, days):
        with pytest.raises(ValueError, match=r"in .*order"):
            WaveDays(*days)


class TestLateSchedule:
    PLANNED = schedule(CALENDAR, date(2026, 8, 19), SHIPPED)

    @pytest.mark.parametrize("at", ["2026-08-19T08:00", "2026-08-20T08:00", "2026-08-24T07:59"])
    def test_before_the_reminder_the_plan_holds(self, at):
        assert late_schedule(CALENDAR, self.PLANNED, SHIPPED, swedish(at)) == self.PLANNED

    def test_later_everything_starts_over_from_the_day_it_happens(self):
        moved = late_schedule(CALENDAR, self.PLANNED, SHIPPED, swedish("2026-08-24T08:00"))
        assert moved.opens_at == self.PLANNED.opens_at
        assert moved.first_step_at == swedish("2026-08-27T08:00")
        assert moved.due_at == swedish("2026-09-02T16:00")
        assert moved.closes_at == swedish("2026-09-16T16:00")

    @given(PLANS, DAYS, st.integers(0, 90 * 24))
    def test_nobody_is_reminded_together_with_being_asked(self, days, day, hours):
        planned = schedule(CALENDAR, day, days)
        at = planned.opens_at + timedelta(hours=hours)
        assert late_schedule(CALENDAR, planned, days, at).first_step_at > at


def test_an_occurrence_has_a_key_and_a_term():
    occurrence = Occurrence(None, None, PlanKind.AFTER_CHRISTMAS, 2027)
    assert (occurrence.key, occurrence.term) == ("after_christmas:2027:0", "VT 2027")
    assert term_label(TermKind.AUTUMN, 2026) == "HT 2026"


def test_every_state_but_the_last_has_a_kind_of_reminder():
    assert set(REMINDER_KINDS) == set(InvitationState) - {InvitationState.SUBMITTED}
