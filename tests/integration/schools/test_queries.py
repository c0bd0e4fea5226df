"""Finding schools: each municipality and each school staff its own, in Swedish order."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.schools import queries
from app.schools.types import BreakKind
from tests.factories import schools


def actor(municipality_id, role=Role.COORDINATOR, *unit_ids) -> Actor:
    return Actor(uuid4(), municipality_id, role, frozenset(unit_ids))


@pytest.fixture
def two(session: Session):
    """Two municipalities with units whose names try the order."""
    made = []
    for names in (("Öskolan", "Åskolan", "Zinkskolan", "Ängsskolan"), ("Andra kommunens skola",)):
        municipality = schools.make_municipality(session)
        organiser = schools.make_organiser(session, municipality)
        units = [schools.make_unit(session, municipality, organiser_id=organiser.id, name=name) for name in names]
        made.append((organiser, units))
    return made


class TestSchoolUnits:
    def test_a_coordinator_sees_those_of_the_municipality_in_swedish_order(self, session, two):
        (organiser, _), _ = two
        seen = queries.list_school_units(session, visible_to=actor(organiser.municipality_id))
        assert [unit.name for unit in seen] == ["Zinkskolan", "Åskolan", "Ängsskolan", "Öskolan"]
        assert seen[0].organiser.name == organiser.name

    @pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT])
    def test_those_at_a_school_see_their_own(self, session, two, role):
        (organiser, units), _ = two
        own = actor(organiser.municipality_id, role, units[0].id)
        assert queries.list_school_units(session, visible_to=own) == [units[0]]
        assert queries.get_school_unit(session, units[0].id, visible_to=own) is units[0]
        with pytest.raises(NotFound):
            queries.get_school_unit(session, units[1].id, visible_to=own)

    def test_another_municipality_s_unit_is_not_there(self, session, two):
        (organiser, _), (_, others) = two
        for unknown in (others[0].id, uuid4()):
            with pytest.raises(NotFound):
                queries.get_school_unit(session, unknown, visible_to=actor(organiser.municipality_id))

    def test_the_list_costs_one_query(self, session, two, count_queries):
        (organiser, _), _ = two
        session.flush()
        session.expunge_all()
        with count_queries() as asked:
            queries.list_school_units(session, visible_to=actor(organiser.municipality_id))
        assert len(asked) == 1


@pytest.fixture
def calendars(session: Session):
    """An organiser with three units: two follow it, one has a year of its own; a fourth is closed for good."""
    municipality = schools.make_municipality(session)
    organiser = schools.make_organiser(session, municipality)
    units = [schools.make_unit(session, municipality, organiser_id=organiser.id) for _ in range(3)]
    schools.make_unit(session, municipality, organiser_id=organiser.id, is_active=False)
    autumn = (BreakKind.AUTUMN, date(2026, 10, 26), date(2026, 10, 30))
    christmas = (BreakKind.CHRISTMAS, date(2026, 12, 19), date(2027, 1, 10))
    schools.make_school_year(session, organiser, breaks=[autumn, christmas])
    schools.make_school_year(session, organiser, autumn=date(2027, 8, 18), spring=date(2028, 1, 10))
    late = (BreakKind.AUTUMN, date(2026, 11, 2), date(2026, 11, 6))
    off = (BreakKind.DAY_OFF, date(2026, 9, 4), date(2026, 9, 4))
    schools.make_school_year(session, units[2], autumn=date(2026, 8, 24), breaks=[late, off])
    return municipality, organiser, units


class TestUnitCalendars:
    def test_a_unit_s_own_year_takes_the_place_of_its_organiser_s(self, session, calendars):
        municipality, _, (first, second, own) = calendars
        found = queries.list_unit_calendars(session, municipality.id)
        assert found.keys() == {first.id, second.id, own.id}
        assert found[first.id] is found[second.id], "what is the same is one object"
        assert not found[first.id].is_working_day(date(2026, 10, 27))
        assert found[own.id].is_working_day(date(2026, 10, 27))
        assert not found[own.id].is_working_day(date(2026, 9, 4))
        assert found[own.id].is_working_day(date(2026, 12, 21)), "its own year says nothing of Christmas"

    def test_one_unit_is_asked_for_alone(self, session, calendars):
        municipality, _, units = calendars
        found = queries.list_unit_calendars(session, municipality.id)
        for unit in units:
            alone = queries.get_unit_calendar(session, unit)
            assert sorted(alone.breaks, key=lambda span: span.first) == sorted(
                found[unit.id].breaks, key=lambda span: span.first
            )

    def test_a_unit_nobody_has_set_anything_for_is_open_every_working_day(self, session, calendars):
        lone = schools.make_unit(session, calendars[0])
        found = queries.list_unit_calendars(session, lone.municipality_id)[lone.id]
        assert found.is_working_day(date(2026, 10, 27))
        assert queries.get_calendar(session, lone.municipality_id).is_working_day(date(2026, 10, 27))

    def test_another_municipality_s_calendar_is_never_met(self, session, calendars):
        other = schools.make_municipality(session)
        assert queries.list_unit_calendars(session, other.id) == {}
        assert queries.list_days_by_owner(session, other.id) == {}

    def test_many_units_cost_as_many_queries_as_few(self, session, calendars, count_queries):
        municipality, _, _ = calendars
        session.expunge_all()
        with count_queries() as asked:
            queries.list_unit_calendars(session, municipality.id)
        assert len(asked) == 4


def test_numbers_come_in_the_municipality_s_own_order(session):
    own, other = schools.make_municipality(session), schools.make_municipality(session)
    made = [schools.make_emergency_number(session, own, label=label) for label in ("b", "a")]
    foreign = schools.make_emergency_number(session, other)
    assert queries.list_emergency_numbers(session, own.id) == made
    with pytest.raises(NotFound):
        queries.get_emergency_number(session, foreign.id, visible_to=actor(own.id, Role.ADMINISTRATOR))
