"""Class lists fetched from a register: all of them or none, and whatever it does the page can say what happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditRow
from app.rosters import queries, service
from app.rosters.models import Roster, RosterClass, RosterFetch
from app.rosters.types import RosterPupil, RosterSource, RosterState
from app.rosters.types.fetching import FetchedUnit, FetchFailure, FetchState, NamedUnit
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import InvitationState
from tests.factories.registers import NOON, UNITS, Registry
from tests.factories.schools import make_municipality, make_unit
from tests.machine.register_data import MARKED
from tests.machine.register_server import RegisterServer


class TestFetching:
    def test_what_is_fetched_waits_to_be_confirmed(self, registry: Registry) -> None:
        fetch = registry.fetch()
        assert (fetch.state, fetch.failure, fetch.step, fetch.leased_until) == (FetchState.FETCHED, None, None, None)
        assert fetch.found is not None
        assert fetch.found.units == tuple(
            FetchedUnit(code, name, pupils=24, classes=2, protected=0) for code, name in UNITS.items()
        )
        assert [state for _, state, *_ in registry.staged()] == [RosterState.PREVIEWED] * 2
        registry.confirm(fetch)
        assert [state for _, state, *_ in registry.staged()] == [RosterState.STAGED] * 2

    def test_a_school_gets_its_own_pupils_class_by_class(self, registry: Registry) -> None:
        registry.confirm(registry.fetch())
        with registry.database.reading() as session:
            unit_id = registry.unit_ids["01990011"]
            invitation = session.scalars(select(Invitation).where(Invitation.school_unit_id == unit_id)).one()
            roster = queries.find_roster(session, invitation)
            assert roster is not None
            assert [(each.name, each.size) for each in roster.classes] == [("1 A", 12), ("4 B", 12)]
            (first, *_) = session.scalars(select(RosterClass).where(RosterClass.roster_id == roster.id)).all()
            in_register = {f"{person['givenName']} {person['familyName']}" for person in registry.server.data.persons}
            assert {pupil.name for pupil in first.pupils} <= in_register

    def test_the_protected_are_only_counted(self, registry: Registry) -> None:
        data = registry.server.data
        unit = next(each["id"] for each in data.organisations if each.get("schoolUnitCode") == "01990011")
        data.add_pupil(unit, marking=MARKED, givenName="Hemlig", familyName="Hemligsson")
        fetch = registry.fetch()
        assert fetch.found is not None
        assert (fetch.found.protected, fetch.found.pupils) == (1, 48)
        with registry.database.reading() as session:
            names = {pupil.name for each in session.scalars(select(RosterClass)) for pupil in each.pupils}
        assert "Hemlig Hemligsson" not in names

    def test_a_dry_run_stages_nothing(self, registry: Registry) -> None:
        fetch = registry.fetch(is_dry_run=True)
        assert (fetch.state, fetch.upload_id, registry.staged()) == (FetchState.FETCHED, None, [])
        assert fetch.found is not None
        assert fetch.found.pupils == 48

    def test_units_that_one_of_us_does_not_know_are_named(self, registry: Registry) -> None:
        registry.server.data.add_organisation("Nya skolan", "01990099")
        with registry.database.transaction() as session:
            own = session.get_one(SchoolUnit, registry.unit_ids["01990012"])
            own.school_unit_code = "01990088"
        fetch = registry.fetch()
        assert fetch.found is not None
        assert fetch.found.unknown_to_register == (NamedUnit("01990088", "Hagtornsskolan"),)
        assert fetch.found.unknown_to_us == (
            NamedUnit("01990012", "Hagtornsskolan"),
            NamedUnit("01990099", "Nya skolan"),
        )
        assert [unit.code for unit in fetch.found.units] == ["01990011"]

    def test_nothing_is_fetched_for_who_has_begun_on_a_list(self, registry: Registry) -> None:
        registry.confirm(registry.fetch())
        with registry.database.transaction() as session:
            roster = session.scalars(select(Roster).where(Roster.school_unit_id == registry.unit_ids["01990011"])).one()
            begun = session.scalars(select(RosterClass).where(RosterClass.roster_id == roster.id)).first()
            assert begun is not None
            begun.present = 1
        fetch = registry.fetch()
        assert fetch.found is not None
        assert fetch.found.passed_over == (NamedUnit("01990011", "Strandängsskolan"),)
        registry.confirm(fetch)

    def test_nothing_is_fetched_for_who_has_answered(self, registry: Registry) -> None:
        with registry.database.transaction() as session:
            session.execute(
                update(Invitation)
                .where(Invitation.school_unit_id == registry.unit_ids["01990011"])
                .values(submitted_at=NOON, state=InvitationState.SUBMITTED, next_at=None)
            )
        fetch = registry.fetch()
        assert fetch.found is not None
        assert [unit.code for unit in fetch.found.units] == ["01990012"]
        assert len(registry.staged()) == 1

    def test_before_a_round_opens_its_own_day_counts(self, registry: Registry) -> None:
        for person in registry.server.data.persons:
            for enrolment in person.get("enrolments", ()):
                enrolment["startDate"] = "2026-09-01"
        assert registry.fetch().failure is FetchFailure.NO_PUPILS
        with registry.database.transaction() as session:
            survey_round = session.get_one(SurveyRound, registry.round_id)
            survey_round.opens_at, survey_round.closes_at = NOON + timedelta(days=14), NOON + timedelta(days=30)
        assert registry.fetch().state is FetchState.FETCHED

    def test_another_municipality_has_its_own(self, registry: Registry) -> None:
        with registry.database.transaction() as session:
            other = make_municipality(session)
            make_unit(session, other, school_unit_code="01990011")
        registry.fetch()
        assert {unit for unit, *_ in _units_with_rosters(registry)} == set(registry.unit_ids.values())

    def test_it_is_in_the_audit_without_anything_of_the_register(self, registry: Registry) -> None:
        registry.fetch()
        with registry.database.reading() as session:
            rows = session.execute(select(AuditRow.action, AuditRow.details).order_by(AuditRow.sequence)).all()
        actions = [action for action, _ in rows]
        assert actions == [
            "register:changed",
            "roster:fetch_ordered",
            "roster:staged",
            "roster:fetched",
        ]
        assert rows[-1].details == '{"outcome":"fetched"}'
        assert "127.0.0.1" not in str(rows)


def _units_with_rosters(registry: Registry) -> Any:
    with registry.database.reading() as session:
        return session.execute(select(Roster.school_unit_id)).all()


def _down(server: RegisterServer) -> None:
    server.hangs_up = {"persons"}


def _slow(server: RegisterServer) -> None:
    server.silent = {"groups"}


def _error(server: RegisterServer) -> None:
    server.statuses = {"persons": [500, -1]}


def _sign_in(server: RegisterServer) -> None:
    server.statuses = {"persons": [401, -1]}


def _endless(server: RegisterServer) -> None:
    server.endless = {"persons"}


def _repeated_token(server: RegisterServer) -> None:
    server.repeats_token = {"persons"}


def _malformed(server: RegisterServer) -> None:
    server.bodies = {"groups": b'{"data": ['}


def _huge(server: RegisterServer) -> None:
    server.huge = {"persons"}


def _changed(server: RegisterServer) -> None:
    server.changes_ids_of = "organisations"


def _changed_code(server: RegisterServer) -> None:
    for organisation in server.data.organisations:
        if organisation.get("schoolUnitCode") == "01990011":
            organisation["schoolUnitCode"] = "01990077"


def _moved(server: RegisterServer) -> None:
    server.statuses, server.headers = {"persons": [302, -1]}, {"Location": "https://elsewhere.example/persons"}


def _no_pupils(server: RegisterServer) -> None:
    server.data.persons.clear()


def _no_markings(server: RegisterServer) -> None:
    for person in server.data.persons:
        person.pop("securityMarking", None)


FAULTS: list[tuple[Callable[[RegisterServer], None], FetchFailure]] = [
    (_down, FetchFailure.DOWN),
    (_slow, FetchFailure.SLOW),
    (_error, FetchFailure.ERROR),
    (_sign_in, FetchFailure.SIGN_IN),
    (_endless, FetchFailure.ENDLESS),
    (_repeated_token, FetchFailure.ENDLESS),
    (_malformed, FetchFailure.UNREADABLE),
    (_huge, FetchFailure.TOO_MUCH),
    (_changed, FetchFailure.CHANGED),
    (_changed_code, FetchFailure.CHANGED),
    (_moved, FetchFailure.MOVED),
    (_no_pupils, FetchFailure.NO_PUPILS),
    (_no_markings, FetchFailure.MARKINGS_MISSING),
]


@pytest.mark.parametrize(("misbehave", "failure"), FAULTS, ids=[each.__name__ for each, _ in FAULTS])
def test_whatever_a_register_does_what_is_staged_stays_as_it_was(
    registry: Registry, misbehave: Callable[[RegisterServer], None], failure: FetchFailure
) -> None:
    registry.confirm(registry.fetch())
    before = registry.staged()
    misbehave(registry.server)
    fetch = registry.fetch()
    assert (fetch.state, fetch.failure, fetch.upload_id, fetch.found) == (FetchState.FAILED, failure, None, None)
    assert fetch.finished_at == NOON
    assert registry.staged() == before


def test_a_list_that_somebody_staged_by_hand_waits_for_its_turn(registry: Registry) -> None:
    with registry.database.transaction() as session:
        survey_round = session.get_one(SurveyRound, registry.round_id)
        unit_id = registry.unit_ids["01990011"]
        pupils = {unit_id: [RosterPupil("Elin Sandhage", school_class="5 B")]}
        upload = service.stage(session, registry.actor, survey_round, RosterSource.CSV, pupils, protected={})
        service.confirm_upload(session, registry.actor, upload)
    fetch = registry.fetch()
    assert RosterState.STAGED in [state for _, state, *_ in registry.staged()]
    registry.confirm(fetch)
    assert fetch.state is FetchState.FETCHED
    assert isinstance(registry.reread(fetch.id), RosterFetch)
