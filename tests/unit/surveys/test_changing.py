"""More time for one unit, and other days for what has not happened."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schools.types import DaySpan, WorkingCalendar
from app.surveys.types import Schedule, Step, StepKind, WaveDays, changed_schedule, extended_schedule, schedule
from tests.integration.surveys.town import swedish

DAYS = WaveDays(open=0, reminders=(3, 6), due=7, escalate=9, call=10, close=14)
CALENDAR = WorkingCalendar((DaySpan(date(2026, 10, 26), date(2026, 10, 30)),))
PLANNED = schedule(CALENDAR, date(2026, 8, 19), DAYS)


def kinds(moments: Schedule) -> list[tuple[StepKind, datetime]]:
    return [(step.kind, step.at) for step in moments.steps]


class TestExtendedSchedule:
    def test_what_has_not_gone_moves_as_far_as_the_due_day(self):
        moments = extended_schedule(CALENDAR, PLANNED, DAYS, date(2026, 9, 4), swedish("2026-08-25T10:00"))
        assert kinds(moments) == [
            (StepKind.REMINDER, swedish("2026-09-03T08:00")),
            (StepKind.ESCALATION, swedish("2026-09-08T08:00")),
            (StepKind.CALL, swedish("2026-09-09T08:00")),
        ]
        assert (moments.due_at, moments.closes_at) == (swedish("2026-09-04T16:00"), swedish("2026-09-15T16:00"))

    def test_when_every_reminder_has_gone_one_goes_on_the_last_morning(self):
        moments = extended_schedule(CALENDAR, PLANNED, DAYS, date(2026, 9, 11), swedish("2026-09-07T10:00"))
        assert kinds(moments)[0] == (StepKind.REMINDER, swedish("2026-09-11T08:00"))

    def test_over_a_break_only_school_days_count(self):
        moments = extended_schedule(CALENDAR, PLANNED, DAYS, date(2026, 10, 23), swedish("2026-09-07T10:00"))
        assert kinds(moments)[1] == (StepKind.ESCALATION, swedish("2026-11-03T08:00"))

    @given(st.dates(date(2026, 8, 31), date(2027, 5, 31)), st.integers(0, 24 * 60))
    def test_nothing_lies_behind_and_it_never_closes_earlier(self, due_on, hours):
        due_on = CALENDAR.add_working_days(due_on, 0)
        at = PLANNED.opens_at + timedelta(hours=hours % ((due_on - date(2026, 8, 19)).days * 24))
        moments = extended_schedule(CALENDAR, PLANNED, DAYS, due_on, at)
        assert all(step.at > at for step in moments.steps)
        assert moments.closes_at >= PLANNED.closes_at
        assert moments.opens_at < moments.due_at <= moments.closes_at
        assert list(moments.steps) == sorted(moments.steps, key=lambda step: step.at)


class TestChangedSchedule:
    def test_before_it_opens_everything_is_new(self):
        wanted = schedule(CALENDAR, date(2026, 8, 20), DAYS)
        assert changed_schedule(PLANNED, wanted, swedish("2026-08-10T10:00")) == wanted

    def test_what_has_happened_stands(self):
        wanted = schedule(CALENDAR, date(2026, 8, 19), WaveDays(0, (4, 8), 9, 11, 12, 20))
        moments = changed_schedule(PLANNED, wanted, swedish("2026-08-24T10:00"))
        assert kinds(moments)[:2] == [
            (StepKind.REMINDER, swedish("2026-08-24T08:00")),
            (StepKind.REMINDER, swedish("2026-08-31T08:00")),
        ]
        assert moments.due_at == swedish("2026-09-01T16:00")

    def test_a_due_day_that_has_been_is_not_moved(self):
        wanted = schedule(CALENDAR, date(2026, 8, 19), WaveDays(0, (3, 6), 8, 12, 13, 20))
        moments = changed_schedule(PLANNED, wanted, swedish("2026-08-28T17:00"))
        assert moments.due_at == PLANNED.due_at
        assert moments.closes_at == wanted.closes_at

    def test_nothing_is_moved_to_the_past(self):
        wanted = schedule(CALENDAR, date(2026, 8, 19), WaveDays(0, (1,), 2, 3, 4, 5))
        with pytest.raises(ValueError, match="past"):
            changed_schedule(PLANNED, wanted, swedish("2026-08-24T10:00"))


def test_where_nobody_is_known_to_tell_somebody_phones():
    step = Step(StepKind.ESCALATION, datetime(2026, 9, 1, tzinfo=UTC))
    assert step.taken_as(has_head=True) is StepKind.ESCALATION
    assert step.taken_as(has_head=False) is StepKind.CALL


def test_days_are_moved_together():
    assert DAYS.later(15) == WaveDays(open=15, reminders=(18, 21), due=22, escalate=24, call=25, close=29)
