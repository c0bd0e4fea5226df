"""Rounds are planned ahead, and follow the calendars and the plan until they open."""

from datetime import date

import pytest
from sqlalchemy import select, update

from app.schools.models import SchoolOrganiser, SchoolUnit, SchoolYear, Term
from app.schools.queries import get_municipality
from app.schools.types import BreakKind, TermKind
from app.surveys import service
from app.surveys.models import Invitation, PlannedWave, RoundSchedule, SurveyPlan, SurveyRound
from app.surveys.types import Asks, PlanKind, RoundState, StateRound, WaveDays
from tests.factories import schools, surveys
from tests.integration.surveys.town import swedish

OTHER = WaveDays(1, (2, 4), 5, 6, 7, 9)


def planned(database, kind: PlanKind = PlanKind.AFTER_SUMMER) -> list[SurveyRound]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(SurveyRound)
                .join(SurveyRound.plan)
                .where(SurveyPlan.kind == kind)
                .order_by(SurveyRound.year, SurveyRound.wave)
            )
        )


def test_a_round_is_planned_as_soon_as_the_calendar_knows_its_day(database, town, tick):
    tick("2026-06-01T08:00")
    (autumn,), (spring,) = planned(database), planned(database, PlanKind.AFTER_CHRISTMAS)
    assert (autumn.title, autumn.state, autumn.asks) == (
        "Kartläggning efter sommarlovet 2026",
        RoundState.PLANNED,
        Asks.RETURN,
    )
    assert (autumn.opens_at, autumn.closes_at) == (swedish("2026-08-19T08:00"), swedish("2026-09-16T16:00"))
    assert (spring.term, spring.opens_at) == ("VT 2027", swedish("2027-01-11T08:00"))


def test_follow_ups_are_rounds_of_their_own(database, town, tick):
    with database.transaction() as session:
        later = WaveDays(open=15, reminders=(17, 19), due=19, escalate=20, call=21, close=25)
        session.add(PlannedWave(municipality_id=town.municipality_id, plan_id=town.plan_id, number=1, days=later))
    tick("2026-06-01T08:00")
    first, second = planned(database)
    assert second.title == "Kartläggning efter sommarlovet 2026, uppföljning 1"
    assert (first.occurrence_key, second.occurrence_key) == ("after_summer:2026:0", "after_summer:2026:1")
    assert second.opens_at == swedish("2026-09-09T08:00")


def test_it_follows_the_calendar_until_it_opens(database, town, tick):
    tick("2026-06-01T08:00")
    with database.transaction() as session:
        moved = {date(2026, 8, 19): date(2026, 8, 17), date(2026, 8, 24): date(2026, 8, 17)}
        for before, after in moved.items():
            session.execute(
                update(Term).where(Term.kind == TermKind.AUTUMN, Term.starts_on == before).values(starts_on=after)
            )
    tick("2026-06-01T08:05")
    assert planned(database)[0].opens_at == swedish("2026-08-19T08:00")
    tick("2026-06-01T08:10")
    assert planned(database)[0].opens_at == swedish("2026-08-17T08:00")


def test_a_term_that_is_put_off_at_the_last_minute_is_not_opened_too_early(database, town, tick):
    tick("2026-08-19T07:55")
    with database.transaction() as session:
        session.execute(update(Term).where(Term.kind == TermKind.AUTUMN).values(starts_on=date(2026, 8, 26)))
    tick("2026-08-19T08:00")
    (autumn,) = planned(database)
    assert (autumn.state, autumn.opened_at) == (RoundState.PLANNED, None)
    tick("2026-08-26T08:00")
    assert planned(database)[0].state is RoundState.OPEN


def test_a_changed_plan_holds_for_what_is_planned_but_not_for_what_is_confirmed(database, town, tick):
    tick("2026-06-01T08:00")
    with database.transaction() as session:
        (spring,) = session.scalars(select(SurveyRound).where(SurveyRound.term == "VT 2027"))
        spring.confirmed_at = swedish("2026-06-01T08:30")
        session.flush()
        for wave in session.scalars(select(PlannedWave)):
            wave.days, wave.changed_at = OTHER, swedish("2026-06-01T09:00")
    tick("2026-06-01T09:01")
    assert planned(database)[0].days == OTHER
    assert planned(database)[0].opens_at == swedish("2026-08-20T08:00")
    assert planned(database, PlanKind.AFTER_CHRISTMAS)[0].days == surveys.DAYS


@pytest.mark.parametrize(("changed_at", "expected"), [(None, OTHER), ("2026-10-01T08:00", surveys.DAYS)])
def test_next_year_s_days_are_this_year_s_unless_the_plan_is_changed_after_it(
    database, town, tick, changed_at, expected
):
    tick("2026-06-01T08:00")
    with database.transaction() as session:
        (autumn,) = session.scalars(select(SurveyRound).where(SurveyRound.term == "HT 2026"))
        autumn.days = OTHER
        for wave in session.scalars(select(PlannedWave)):
            wave.changed_at = swedish(changed_at) if changed_at else None
        for year in session.scalars(select(SchoolYear)).all():
            organiser = session.get_one(SchoolOrganiser, year.organiser_id)
            schools.make_school_year(session, organiser, autumn=date(2027, 8, 18), spring=date(2028, 1, 11))
    tick("2026-10-02T08:00")
    (next_autumn,) = (each for each in planned(database) if each.year == 2027)
    assert next_autumn.days == expected


def test_a_unit_with_days_of_its_own_is_asked_by_them(database, town, tick):
    with database.transaction() as session:
        unit = session.get_one(SchoolUnit, town.own_ids[0])
        closed = ((BreakKind.AUTUMN, date(2026, 8, 24), date(2026, 8, 25)),)
        schools.make_school_year(session, unit, autumn=date(2026, 8, 20), spring=date(2027, 1, 11), breaks=closed)
    tick("2026-08-19T08:00")
    tick("2026-08-20T08:00")
    with database.reading() as session:
        asked = {each.school_unit_id: each for each in session.scalars(select(Invitation))}
        schedules = len(session.scalars(select(RoundSchedule.id)).all())
    assert asked[town.own_ids[0]].invited_at == swedish("2026-08-20T08:00")
    assert asked[town.own_ids[0]].next_at == swedish("2026-08-27T08:00")
    assert asked[town.own_ids[1]].invited_at == swedish("2026-08-19T08:00")
    assert schedules == 3


def test_a_round_before_a_break_is_reckoned_backward_and_asks_for_worries(database, town, tick):
    with database.transaction() as session:
        surveys.make_plan(
            session,
            get_municipality(session, town.municipality_id),
            PlanKind.BEFORE_CHRISTMAS,
            title="Oro inför jullovet",
            lead_days=15,
        )
    tick("2026-06-01T08:00")
    (worry,) = planned(database, PlanKind.BEFORE_CHRISTMAS)
    assert (worry.asks, worry.term) == (Asks.WORRY, "HT 2026")
    # The autumn term ends on Tuesday 22 December; fifteen school days before the day after it.
    assert worry.opens_at == swedish("2026-12-02T08:00")


def test_a_cancelled_round_never_opens(database, town, tick):
    tick("2026-06-01T08:00")
    with database.transaction() as session:
        (autumn,) = session.scalars(select(SurveyRound).where(SurveyRound.term == "HT 2026"))
        service.cancel_round(
            session, town.coordinator, autumn, StateRound(reason="Vi frågar på annat sätt", version=autumn.version)
        )
    for at in ("2026-08-19T08:00", "2026-08-24T08:00"):
        tick(at)
    assert planned(database)[0].state is RoundState.CANCELLED
    with database.reading() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_drafting_leaves_the_plan_that_somebody_is_editing_at_its_version(database, town, tick):
    with database.reading() as session:
        before = session.get_one(SurveyPlan, town.plan_id).version
    tick("2026-06-01T08:00")
    with database.reading() as session:
        assert session.get_one(SurveyPlan, town.plan_id).version == before
