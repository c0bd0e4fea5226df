"""What a school begins by itself."""

from datetime import date

import pytest

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound, Refused
from app.surveys import jobs, queries, service
from app.surveys.types import Asks, PlanKind, ReopenRound, RoundState, StateRound
from tests.factories import schools
from tests.integration.surveys.town import swedish


@pytest.fixture
def unit(session):
    return schools.make_unit(session, schools.make_municipality(session))


def start(session, unit, asks=Asks.REPORT):
    actor = Actor(None, unit.municipality_id, Role.RESPONDENT, frozenset({unit.id}))
    return service.start_any_time_invitation(session, actor, unit.id, asks)


def test_it_is_open_at_once_and_has_no_last_day(session, unit, set_clock):
    set_clock(swedish("2026-11-22T21:00"))
    invitation = start(session, unit)
    at = swedish("2027-06-30T12:00")
    assert (invitation.asks, invitation.number, invitation.next_at) == (Asks.REPORT, 1, None)
    assert invitation.accepts_answers(swedish("2026-11-22T21:01"))
    assert invitation.accepts_answers(at)
    assert not invitation.is_silent(at)
    assert invitation.round.title == "Rapporter mellan kartläggningarna 2026"
    assert invitation.round.state is RoundState.OPEN


def test_a_unit_may_begin_as_many_as_it_has_to_tell(session, unit, set_clock):
    set_clock(swedish("2026-11-22T21:00"))
    first, second, worry = start(session, unit), start(session, unit), start(session, unit, Asks.WORRY)
    assert [each.number for each in (first, second, worry)] == [1, 2, 1]
    assert first.round_id == second.round_id != worry.round_id


def test_the_summer_belongs_to_the_coming_school_year(session, unit, set_clock):
    years = []
    for at in ("2027-01-10T10:00", "2027-06-30T10:00", "2027-07-01T10:00"):
        set_clock(swedish(at))
        years.append(start(session, unit).round.year)
    assert years == [2026, 2026, 2027]


def test_it_is_in_no_plan_no_list_of_rounds_and_no_tick(database, session, unit, set_clock):
    set_clock(swedish("2026-11-22T21:00"))
    start(session, unit)
    session.commit()
    for job in jobs.JOBS:
        job.run(database)
    coordinator = Actor(None, unit.municipality_id, Role.COORDINATOR)
    assert all(plan.kind is not PlanKind.ANY_TIME for plan in queries.list_plans(session, unit.municipality_id))
    assert queries.list_round_overviews(session, visible_to=coordinator) == []
    figures = queries.count_figures(session, unit.municipality_id)
    assert set(figures.values()) == {0}


@pytest.mark.parametrize("asks", [Asks.REPORT, Asks.WORRY])
def test_nobody_stops_plans_or_reopens_it(session, unit, set_clock, asks):
    set_clock(swedish("2026-11-22T21:00"))
    survey_round = start(session, unit, asks).round
    coordinator = Actor(None, unit.municipality_id, Role.COORDINATOR)
    stop = StateRound("Vi hinner inte", survey_round.version)
    for act, command in (
        (service.cancel_round, stop),
        (service.close_round_now, stop),
        (service.restore_round, stop),
        (service.reopen_round, ReopenRound("Igen", date(2026, 12, 1), survey_round.version)),
    ):
        with pytest.raises(Refused, match="round_is_always_open"):
            act(session, coordinator, survey_round, command)
    with pytest.raises(NotFound):
        queries.get_draft(session, survey_round.id, visible_to=coordinator)
    assert survey_round.state is RoundState.OPEN
