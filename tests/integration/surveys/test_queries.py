"""Finding rounds and invitations: each school its own, and only once it has been asked."""

from datetime import date
from uuid import uuid4

import pytest

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.surveys import queries
from app.surveys.types import PlanKind, RoundState
from tests.factories import schools, surveys
from tests.factories.surveys import MOMENTS
from tests.integration.surveys.town import swedish


@pytest.fixture
def survey_round(session, municipality):
    return surveys.make_round(session, surveys.make_plan(session, municipality))


def at_school(unit, role=Role.RESPONDENT) -> Actor:
    return Actor(uuid4(), unit.municipality_id, role, frozenset({unit.id}), frozenset({unit.id}))


class TestInvitations:
    def test_a_respondent_finds_those_of_the_own_units(self, session, municipality, survey_round):
        own, other = (
            surveys.make_invitation(session, survey_round, schools.make_unit(session, municipality)) for _ in range(2)
        )
        actor = at_school(own.school_unit)
        assert queries.get_invitation(session, own.id, visible_to=actor) is own
        assert queries.list_invitations_of_units(session, visible_to=actor) == [own]
        for unknown in (other.id, uuid4()):
            with pytest.raises(NotFound):
                queries.get_invitation(session, unknown, visible_to=actor)

    def test_not_before_the_unit_has_been_asked(self, session, municipality, survey_round):
        unit = schools.make_unit(session, municipality)
        invitation = surveys.make_invitation(session, survey_round, unit, invited_at=None)
        assert queries.list_invitations_of_units(session, visible_to=at_school(unit)) == []
        with pytest.raises(NotFound):
            queries.get_invitation(session, invitation.id, visible_to=at_school(unit))
        coordinator = Actor(uuid4(), municipality.id, Role.COORDINATOR)
        assert queries.get_invitation(session, invitation.id, visible_to=coordinator) is invitation

    def test_another_municipality_s_are_not_there(self, session, municipality, survey_round):
        invitation = surveys.make_invitation(session, survey_round, schools.make_unit(session, municipality))
        stranger = Actor(uuid4(), schools.make_municipality(session).id, Role.COORDINATOR)
        with pytest.raises(NotFound):
            queries.get_invitation(session, invitation.id, visible_to=stranger)

    def test_open_ones_come_first_then_the_latest(self, session, municipality, survey_round):
        unit = schools.make_unit(session, municipality)
        spring = surveys.make_round(
            session,
            surveys.make_plan(session, municipality, PlanKind.AFTER_CHRISTMAS),
            state=RoundState.CLOSED,
            closed_at=MOMENTS.opens_at,
        )
        closed = surveys.make_invitation(session, spring, unit)
        opened = surveys.make_invitation(session, survey_round, unit)
        session.expunge_all()
        found = queries.list_invitations_of_units(session, visible_to=at_school(unit))
        assert [each.id for each in found] == [opened.id, closed.id]
        assert found[0].round.title == "Kartläggning efter sommarlovet 2026"
        assert found[0].school_unit.name == unit.name


class TestFindNextOpening:
    def test_the_soonest_of_all_plans_and_organisers(self, session, municipality, set_clock):
        set_clock(swedish("2026-08-17T08:00"))
        organiser, late = (schools.make_organiser(session, municipality) for _ in range(2))
        schools.make_school_year(session, organiser)
        schools.make_school_year(session, late, autumn=date(2026, 8, 24), spring=date(2027, 1, 8))
        for each in (organiser, late):
            schools.make_unit(session, municipality, organiser_id=each.id)
        for kind in (PlanKind.AFTER_SUMMER, PlanKind.AFTER_CHRISTMAS):
            surveys.make_plan(session, municipality, kind)
        surveys.draft(session, municipality)
        found = queries.find_next_opening(session, municipality.id)
        assert (found.title, found.opens_at) == (
            "Kartläggning efter sommarlovet 2026",
            swedish("2026-08-19T08:00"),
        )
        set_clock(swedish("2026-08-19T08:00"))
        assert queries.find_next_opening(session, municipality.id).opens_at == swedish("2027-01-08T08:00")
        set_clock(swedish("2027-01-08T08:00"))
        assert queries.find_next_opening(session, municipality.id) is None

    def test_a_school_of_another_calendar_waits_for_its_own_day(self, session, municipality, set_clock):
        """Its invitation lies ahead in a round that is open for others, and so do all days of the next."""
        set_clock(swedish("2026-08-17T08:00"))
        early, late = (schools.make_organiser(session, municipality) for _ in range(2))
        schools.make_school_year(session, early)
        schools.make_school_year(session, late, autumn=date(2026, 8, 24), spring=date(2027, 1, 18))
        town, own = (schools.make_unit(session, municipality, organiser_id=each.id) for each in (early, late))
        surveys.make_plan(session, municipality, PlanKind.AFTER_CHRISTMAS)
        surveys.draft(session, municipality)
        opened = surveys.make_round(session, surveys.make_plan(session, municipality))
        ahead = surveys.make_invitation(session, opened, own, invited_at=None, opens_at=swedish("2026-08-24T08:00"))
        set_clock(swedish("2026-08-20T10:00"))
        openings = [queries.find_own_opening(session, visible_to=at_school(each)).opens_at for each in (town, own)]
        assert openings == [swedish("2027-01-11T08:00"), swedish("2026-08-24T08:00")]
        ahead.invited_at = ahead.opens_at
        set_clock(swedish("2026-08-24T08:00"))
        found = queries.find_own_opening(session, visible_to=at_school(own))
        assert found.opens_at == swedish("2027-01-18T08:00")
        assert queries.find_own_opening(session, visible_to=Actor(uuid4(), municipality.id, Role.RESPONDENT)) is None

    def test_none_without_dates_units_or_plans(self, session, municipality, set_clock):
        set_clock(swedish("2026-08-17T08:00"))
        organiser = schools.make_organiser(session, municipality)
        plan = surveys.make_plan(session, municipality)
        assert queries.find_next_opening(session, municipality.id) is None
        schools.make_school_year(session, organiser)
        surveys.draft(session, municipality)
        assert queries.find_next_opening(session, municipality.id) is None
        schools.make_unit(session, municipality, organiser_id=organiser.id)
        surveys.draft(session, municipality)
        assert queries.find_next_opening(session, municipality.id) is not None
        plan.is_active = False
        assert queries.find_next_opening(session, municipality.id) is None
