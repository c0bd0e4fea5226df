"""A school year that nobody has entered is told six weeks before it begins, and again every week, once each."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access.actor import Role
from app.kernel import clock
from app.outbox.models import OutboxMessage
from app.schools.models import CalendarNotice, Municipality
from app.surveys import mails
from app.surveys.jobs import tell_missing_calendars
from app.surveys.queries.calendars import find_missing_calendar, list_missing_calendars
from app.surveys.service.calendars import tell_missing_calendar
from tests.factories import schools
from tests.factories.accounts import make_account

FIRST = date(2027, 7, 8)
"""Six weeks before Thursday 19 August 2027, a year after the last year's first day."""


@pytest.fixture
def town(database):
    """A municipality whose last school year is 2026/2027, with two coordinators, one of whom has left."""
    with database.transaction() as session:
        municipality = schools.make_municipality(session)
        organiser = schools.make_organiser(session, municipality, name="Stiftelsen Tallgläntan")
        schools.make_unit(session, municipality, organiser_id=organiser.id)
        schools.make_school_year(session, organiser)
        schools.make_organiser(session, municipality, name="Ingen skola")
        make_account(session, municipality, Role.COORDINATOR, email="maria@alvhaga.example")
        make_account(session, municipality, Role.COORDINATOR, is_active=False)
        make_account(session, municipality, Role.ADMINISTRATOR)
    return municipality, organiser


@pytest.fixture
def at(set_clock):
    return lambda day, hour=9: set_clock(clock.at(day, time(hour)))


def told(database):
    with database.reading() as session:
        notices = session.scalars(select(CalendarNotice).order_by(CalendarNotice.occasion)).all()
        messages = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "surveys.calendar_missing")).all()
        return [(each.school_year, each.occasion) for each in notices], messages


def test_it_is_missing_from_six_weeks_before_it_should_begin(session):
    municipality = schools.make_municipality(session)
    organiser = schools.make_organiser(session, municipality)
    schools.make_unit(session, municipality, organiser_id=organiser.id)
    schools.make_school_year(session, organiser)
    assert list_missing_calendars(session, municipality.id, FIRST - timedelta(days=1)) == []
    (missing,) = list_missing_calendars(session, municipality.id, FIRST)
    assert (missing.organiser_name, missing.school_year) == (organiser.name, "2027/2028")
    schools.make_school_year(session, organiser, autumn=date(2027, 8, 18), spring=date(2028, 1, 10))
    assert list_missing_calendars(session, municipality.id, FIRST) == []


def test_who_never_entered_any_lacks_the_year_that_is_or_comes(session):
    unit = schools.make_unit(session, schools.make_municipality(session))
    for day, name in (
        (date(2026, 11, 22), "2026/2027"),
        (date(2027, 3, 1), "2026/2027"),
        (date(2027, 7, 8), "2027/2028"),
    ):
        (missing,) = list_missing_calendars(session, unit.municipality_id, day)
        assert missing.school_year == name
    assert find_missing_calendar(session, unit.organiser_id, date(2027, 7, 2)) is None


def test_organisers_without_schools_in_the_survey_are_not_asked_for(session):
    unit = schools.make_unit(session, schools.make_municipality(session), is_active=False)
    assert list_missing_calendars(session, unit.municipality_id, FIRST) == []


def test_two_municipalities_are_told_of_their_own(session):
    first, second = (schools.make_unit(session, schools.make_municipality(session)) for _ in range(2))
    for unit in (first, second):
        found = list_missing_calendars(session, unit.municipality_id, FIRST)
        assert [each.organiser_id for each in found] == [unit.organiser_id]


class TestTelling:
    def test_each_coordinator_is_told_once_a_week_until_it_is_there(self, database, town, at):
        _, organiser = town
        at(FIRST - timedelta(days=1))
        tell_missing_calendars(database)
        assert told(database) == ([], [])
        for day in range(14):
            for hour in (6, 9, 15, 17):
                at(FIRST + timedelta(days=day), hour)
                tell_missing_calendars(database)
        notices, messages = told(database)
        assert notices == [("2027/2028", 0), ("2027/2028", 1)]
        assert len(messages) == 2
        with database.transaction() as session:
            owner = session.merge(organiser)
            schools.make_school_year(session, owner, autumn=date(2027, 8, 18), spring=date(2028, 1, 10))
        at(FIRST + timedelta(days=14))
        tell_missing_calendars(database)
        assert told(database)[0] == notices

    def test_nobody_is_told_on_a_day_off_and_one_week_s_downtime_is_told_once(self, database, town, at):
        at(date(2027, 7, 10))
        tell_missing_calendars(database)
        assert told(database)[0] == []
        at(FIRST + timedelta(days=21))
        tell_missing_calendars(database)
        assert told(database)[0] == [("2027/2028", 3)]

    def test_two_processes_tell_it_once(self, database, town, at):
        at(FIRST)
        with database.reading() as session:
            (missing,) = list_missing_calendars(session, town[0].id, FIRST)
        with database.transaction() as session:
            tell_missing_calendar(session, missing, FIRST)
        with pytest.raises(IntegrityError), database.transaction() as session:
            tell_missing_calendar(session, missing, FIRST)
        assert len(told(database)[1]) == 1

    def test_the_mail_says_what_is_missing_and_where_to_set_it(self, database, town, at):
        at(FIRST)
        tell_missing_calendars(database)
        (message,) = told(database)[1]
        with database.reading() as session:
            email = mails.COMPOSERS[message.kind](session, message.payload, "https://aterkomst.example")
        assert email.to == "maria@alvhaga.example"
        assert email.subject == "Läsåret 2027/2028 saknas"
        assert "Stiftelsen Tallgläntan" in email.body
        assert "https://aterkomst.example/planera/lasar\n" in email.body

    def test_the_mail_is_dropped_when_the_year_came_meanwhile(self, database, town, at):
        at(FIRST)
        tell_missing_calendars(database)
        (message,) = told(database)[1]
        with database.transaction() as session:
            owner = session.merge(town[1])
            schools.make_school_year(session, owner, autumn=date(2027, 8, 18), spring=date(2028, 1, 10))
        with database.reading() as session:
            assert mails.COMPOSERS[message.kind](session, message.payload, "https://aterkomst.example") is None


class TestPages:
    @pytest.mark.parametrize("endpoint", ["surveys.show_plans", "surveys.list_rounds"])
    def test_the_coordinator_is_warned_where_rounds_are_planned_and_listed(self, session, sign_in, at, endpoint):
        unit = schools.make_unit(session, schools.make_municipality(session))
        account = make_account(session, session.get_one(Municipality, unit.municipality_id), Role.COORDINATOR)
        session.commit()
        at(FIRST)
        page = sign_in(account).page(endpoint)
        assert "läsåret 2027/2028, som väntas börja omkring söndag 15 augusti 2027" in page.text
        assert page.link("Lägg in läsåret")
