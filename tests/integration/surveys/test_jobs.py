"""A round by the clock: everything happens at its hour, once, and not to those who have answered."""

import json
import threading
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import joinedload

from app.audit.models import AuditRow
from app.kernel import clock
from app.kernel.database import Database
from app.outbox.models import OutboxMessage
from app.schools.queries import get_municipality
from app.schools.types import WorkingCalendar
from app.surveys import jobs, queries, service
from app.surveys.models import Invitation, Reminder, SurveyPlan, SurveyRound
from app.surveys.types import InvitationState, ReminderKind, RoundState, StepKind, is_office_hour
from tests.factories import schools, surveys
from tests.integration.surveys.town import Ticker, build_town, swedish


def rounds(database) -> list[SurveyRound]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(SurveyRound).where(SurveyRound.opened_at.is_not(None)).order_by(SurveyRound.opened_at)
            )
        )


def invitations(database) -> dict:
    with database.reading() as session:
        return {
            each.school_unit_id: each
            for each in session.scalars(
                select(Invitation).options(joinedload(Invitation.schedule), joinedload(Invitation.round))
            )
        }


def steps(database) -> dict:
    """Return what was done about each unit and when, by invitation."""
    found: dict = {}
    with database.reading() as session:
        for each in session.scalars(select(Reminder).order_by(Reminder.number)):
            found.setdefault(each.invitation_id, []).append((each.step, each.queued_at))
    return found


def mails(database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(OutboxMessage.dedupe_key)))


def answer(database, unit_id, state=InvitationState.SUBMITTED, **figures) -> None:
    with database.transaction() as session:
        invitation = session.scalars(select(Invitation).where(Invitation.school_unit_id == unit_id)).one()
        service.push_response_state(session, invitation, state=state, at=clock.now(), **figures)


class TestOpenDueRounds:
    def test_nothing_happens_before_the_hour(self, database, town, tick):
        tick("2026-08-17T08:00")
        tick("2026-08-19T07:59")
        assert rounds(database) == []

    def test_it_opens_with_an_invitation_for_each_active_unit(self, database, town, tick):
        tick("2026-08-19T08:00")
        (opened,) = rounds(database)
        assert (opened.title, opened.term) == ("Kartläggning efter sommarlovet 2026", "HT 2026")
        assert opened.opened_at == opened.opens_at == swedish("2026-08-19T08:00")
        asked = invitations(database)
        assert set(asked) == {*town.own_ids, town.independent_id}
        own, late = asked[town.own_ids[0]], asked[town.independent_id]
        assert own.due_at == swedish("2026-08-28T16:00")
        assert (late.opens_at, late.due_at) == (swedish("2026-08-24T08:00"), swedish("2026-09-02T16:00"))
        assert own.invited_at is not None
        assert late.invited_at is None
        assert mails(database) == sorted(f"invitation:{asked[unit].id}" for unit in town.own_ids)
        with database.reading() as session:
            (row,) = session.scalars(select(AuditRow)).all()
        assert (row.action, json.loads(row.details)) == ("survey:opened", {"invitations": 4})

    def test_again_changes_nothing(self, database, town, tick):
        tick("2026-08-19T08:00")
        before = mails(database)
        for minute in range(1, 5):
            tick(f"2026-08-19T08:0{minute}")
        assert len(rounds(database)) == 1
        assert mails(database) == before

    def test_other_organisers_are_asked_when_their_own_term_begins(self, database, town, tick):
        tick("2026-08-19T08:00")
        tick("2026-08-24T08:00")
        asked = invitations(database)[town.independent_id]
        assert asked.invited_at == swedish("2026-08-24T08:00")
        assert f"invitation:{asked.id}" in mails(database)

    def test_an_organiser_without_dates_is_asked_with_the_first(self, database, town, tick):
        with database.transaction() as session:
            lost = schools.make_unit(session, get_municipality(session, town.municipality_id))
        tick("2026-08-19T08:00")
        assert invitations(database)[lost.id].invited_at == swedish("2026-08-19T08:00")

    def test_a_plan_that_is_off_opens_nothing(self, database, town, tick):
        with database.transaction() as session:
            session.get_one(SurveyPlan, town.plan_id).is_active = False
        tick("2026-08-19T08:00")
        assert rounds(database) == []

    def test_the_spring_round_comes_by_itself(self, database, town, tick):
        tick("2026-08-19T08:00")
        tick("2027-01-11T08:00")
        assert [each.term for each in rounds(database)] == ["HT 2026", "VT 2027"]

    def test_each_municipality_has_its_own(self, database, town, tick):
        with database.transaction() as session:
            other = schools.make_municipality(session)
            organiser = schools.make_organiser(session, other)
            schools.make_school_year(session, organiser)
            unit = schools.make_unit(session, other, organiser_id=organiser.id)
            surveys.make_plan(session, other)
        tick("2026-08-19T08:00")
        assert len(rounds(database)) == 2
        asked = invitations(database)
        assert asked[unit.id].municipality_id == other.id
        assert asked[unit.id].round_id != asked[town.own_ids[0]].round_id

    def test_a_day_late_the_plan_holds_and_the_delay_is_seen(self, database, town, tick):
        tick("2026-08-20T11:30")
        (opened,) = rounds(database)
        assert opened.opened_at - opened.opens_at == timedelta(days=1, hours=3, minutes=30)
        assert invitations(database)[town.own_ids[0]].due_at == swedish("2026-08-28T16:00")

    def test_a_week_late_schools_get_the_days_the_plan_gives_and_one_mail(self, database, town, tick):
        tick("2026-08-27T09:00")
        asked = invitations(database)[town.own_ids[0]]
        assert (asked.next_at, asked.due_at) == (swedish("2026-09-01T08:00"), swedish("2026-09-07T16:00"))
        assert mails(database) == sorted(f"invitation:{each.id}" for each in invitations(database).values())

    def test_when_the_last_unit_would_be_closed_it_is_for_a_person_to_decide(self, database, town, tick):
        tick("2026-11-22T12:00")
        assert rounds(database) == []
        with database.reading() as session:
            (missed,) = queries.list_missed_rounds(session, clock.now(), visible_to=town.coordinator)
        assert missed.term == "HT 2026"


class TestRemindDue:
    def test_those_who_have_not_answered_are_reminded_once(self, database, town, tick):
        tick("2026-08-19T08:00")
        silent, started, answered = town.own_ids
        answer(database, answered, is_nil=True)
        answer(database, started, InvitationState.STARTED)
        tick("2026-08-24T07:59")
        assert not [key for key in mails(database) if key.startswith("reminder")]
        tick("2026-08-24T08:00")
        tick("2026-08-25T08:00")
        with database.reading() as session:
            kinds = dict(
                session.execute(
                    select(Invitation.school_unit_id, Reminder.kind).join(
                        Reminder, Reminder.invitation_id == Invitation.id
                    )
                ).all()
            )
        assert kinds == {silent: ReminderKind.SILENT, started: ReminderKind.STARTED}

    def test_one_who_changes_an_answer_is_not_reminded(self, database, town, tick):
        tick("2026-08-19T08:00")
        answer(database, town.own_ids[0])
        answer(database, town.own_ids[0], InvitationState.STARTED)
        tick("2026-08-24T08:00")
        asked = invitations(database)[town.own_ids[0]]
        assert asked.state is InvitationState.SUBMITTED
        assert asked.next_at is None

    def test_after_downtime_there_is_one_and_it_is_seen_to_be_late(self, database, town, tick):
        tick("2026-08-19T08:00")
        tick("2026-08-31T10:00")
        with database.reading() as session:
            reminders = session.scalars(select(Reminder)).all()
        assert len(reminders) == 3
        assert {each.queued_at - each.due_at for each in reminders} == {timedelta(days=7, hours=2)}

    def test_a_unit_that_may_no_longer_answer_is_not_reminded(self, database, town, tick):
        tick("2026-08-19T08:00")
        tick("2026-09-11T16:00")
        assert not [key for key in mails(database) if key.startswith("reminder")]

    def test_an_answer_that_is_being_submitted_is_waited_for(self, database, town, tick, kind):
        """On SQLite the two cannot overlap; on PostgreSQL the row lock keeps them apart."""
        tick("2026-08-19T08:00")
        if kind == "postgresql":
            with database.transaction() as session:
                invitation = session.scalars(
                    select(Invitation).where(Invitation.school_unit_id == town.own_ids[0])
                ).one()
                service.push_response_state(session, invitation, state=InvitationState.SUBMITTED, at=clock.now())
                tick("2026-08-24T08:00")
        else:
            answer(database, town.own_ids[0])
            tick("2026-08-24T08:00")
        tick("2026-08-24T08:01")
        asked = invitations(database)
        assert [unit for unit in town.own_ids if asked[unit].next_step == 0] == [town.own_ids[0]]


@pytest.mark.parametrize(
    ("first_day", "reminded_at"),
    [
        (date(2026, 10, 23), "2026-10-28T07:00+00:00"),
        (date(2027, 3, 25), "2027-04-01T06:00+00:00"),
        (date(2028, 2, 25), "2028-03-01T07:00+00:00"),
        (date(2026, 12, 29), "2027-01-05T07:00+00:00"),
    ],
    ids=["back to winter time", "on to summer time", "leap day", "New Year"],
)
def test_the_hour_is_a_swedish_one_over_nights_of_changed_clocks(database, tick, first_day, reminded_at):
    with database.transaction() as session:
        municipality = schools.make_municipality(session)
        organiser = schools.make_organiser(session, municipality)
        schools.make_school_year(session, organiser, autumn=first_day, spring=first_day + timedelta(days=60))
        schools.make_unit(session, municipality, organiser_id=organiser.id)
        surveys.make_plan(session, municipality)
    at = datetime.fromisoformat(reminded_at)
    tick(f"{first_day}T08:00")
    tick(at - timedelta(minutes=1))
    (asked,) = invitations(database).values()
    assert (asked.invited_at, asked.next_step) == (swedish(f"{first_day}T08:00"), 0)
    tick(at)
    assert next(iter(invitations(database).values())).next_step == 1


class TestCloseDueRounds:
    def test_it_closes_after_the_last_unit_and_the_silent_stay_silent(self, database, town, tick):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-09-11T16:00"):
            tick(at)
        assert rounds(database)[0].state is RoundState.OPEN
        tick("2026-09-16T15:59")
        assert rounds(database)[0].state is RoundState.OPEN
        tick("2026-09-16T16:00")
        (closed,) = rounds(database)
        assert (closed.state, closed.closed_at) == (RoundState.CLOSED, swedish("2026-09-16T16:00"))
        assert {each.state for each in invitations(database).values()} == {InvitationState.NOT_STARTED}

    def test_once(self, database, town, tick):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-09-16T16:00", "2026-09-17T08:00"):
            tick(at)
        with database.reading() as session:
            actions = session.scalars(select(AuditRow.action)).all()
        assert actions.count("survey:closed") == 1


def race(database, at: str, times: int = 4) -> None:
    """Run every job in several threads at once, each with connections of its own."""
    barrier = threading.Barrier(times)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait()
            for job in jobs.JOBS:
                job.run(database)
        except BaseException as failure:
            failures.append(failure)
            raise

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, f"at {at}"


def test_schedulers_that_race_do_everything_once(database, town, tick, set_clock):
    moments = ("2026-08-19T08:00", "2026-08-24T08:00", "2026-08-27T08:00", "2026-09-16T16:00")
    for at in moments:
        set_clock(swedish(at))
        race(database, at)
    units = len(invitations(database))
    assert len(rounds(database)) == 1
    assert len(mails(database)) == 2 * units
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reminder)) == units
        actions = list(session.scalars(select(AuditRow.action)))
    assert (actions.count("survey:opened"), actions.count("survey:closed")) == (1, 1)
    assert actions.count("survey:reminded") == units


class Killed(BaseException):
    """As if the process had died there."""


def run_and_die(database, tick, write: int) -> None:
    """Run the jobs and die before their so many-th write; between two of them there is nothing to leave undone."""
    left = count(write, -1)

    def kill(*args) -> None:
        if args[2].startswith(("INSERT", "UPDATE")) and next(left) == 1:
            raise Killed

    event.listen(database.engine, "before_cursor_execute", kill)
    try:
        tick.run()
    except Killed:
        pass
    finally:
        event.remove(database.engine, "before_cursor_execute", kill)


@pytest.mark.parametrize("write", range(1, 11))
def test_a_scheduler_killed_anywhere_leaves_the_next_one_to_finish(database, town, tick, write, set_clock):
    for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-08-27T08:00", "2026-09-16T16:00"):
        set_clock(swedish(at))
        run_and_die(database, tick, write)
        tick.run()
    units = len(invitations(database))
    assert units == 4
    assert [each.state for each in rounds(database)] == [RoundState.CLOSED]
    assert len(mails(database)) == 2 * units


HOURS = st.integers(0, 34 * 24)
FIRST_HOUR = swedish("2026-08-17T00:00")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    ticks=st.sets(HOURS, min_size=1, max_size=12).map(sorted),
    answers=st.lists(st.one_of(st.none(), HOURS), min_size=4, max_size=4),
    seed=st.randoms(),
)
def test_whenever_ticks_and_answers_come_nobody_is_mailed_twice_or_after_answering(stores, kind, ticks, answers, seed):
    """The reference, in words: asked at the first tick from one's hour, reminded at the first from one's reminder."""
    database = Database(stores(kind).fresh().render_as_string(hide_password=False))
    tick = Ticker(database)
    answered: dict[UUID, datetime] = {}
    try:
        town = build_town(database)
        replies = zip((*town.own_ids, town.independent_id), answers, strict=True)
        events = [(hour, None) for hour in ticks] + [(hour, unit) for unit, hour in replies if hour is not None]
        seed.shuffle(events)
        for hour, unit in sorted(events, key=lambda each: each[0]):
            at = FIRST_HOUR + timedelta(hours=hour)
            if unit is None:
                tick(at)
            elif (asked := invitations(database).get(unit)) is not None and asked.accepts_answers(at):
                tick.stop()
                with time_machine.travel(at, tick=False):
                    answer(database, unit)
                answered[unit] = at
        moments = [FIRST_HOUR + timedelta(hours=hour) for hour in ticks]
        _compare_with_the_reference(database, moments, answered)
    finally:
        tick.stop()
        database.dispose()


def _compare_with_the_reference(database, ticks: list[datetime], answered: dict[UUID, datetime]) -> None:
    """Office hours of a school day, the last of what is due, nothing after an answer."""
    office = [at for at in ticks if is_office_hour(WorkingCalendar(), at)]
    opened = rounds(database)
    assert len(opened) == any(swedish("2026-08-19T08:00") <= at < swedish("2026-09-16T16:00") for at in ticks)
    taken = steps(database)
    for unit, asked in invitations(database).items():
        due = [at for at in office if at >= max(asked.opens_at, opened[0].opened_at)]
        assert asked.invited_at == (due[0] if due else None)
        left, expected = list(asked.schedule.steps), []
        for at in due[1:]:
            if (unit in answered and at >= answered[unit]) or at >= asked.closes_at:
                break
            if passed := [step for step in left if step.at <= at]:
                left = left[len(passed) :]
                kind = StepKind.CALL if passed[-1].kind is StepKind.ESCALATION else passed[-1].kind
                if (StepKind.CALL, True) not in [(kind_, kind is StepKind.CALL) for kind_, _ in expected]:
                    expected.append((kind, at))
        assert taken.get(asked.id, []) == expected
    last = max((asked.closes_at for asked in invitations(database).values()), default=None)
    for each in opened:
        all_asked = all(asked.invited_at is not None for asked in invitations(database).values())
        assert (each.state is RoundState.CLOSED) == (all_asked and ticks[-1] >= last)


def test_an_idle_tick_costs_a_query_a_job(database, town, tick, count_queries):
    tick("2026-08-19T08:00")
    with count_queries() as asked:
        tick.run()
    looks = [statement for statement in asked if "installation" not in statement and not statement.startswith("BEGIN")]
    assert len(looks) == len(jobs.JOBS)
