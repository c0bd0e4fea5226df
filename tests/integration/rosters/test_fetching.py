"""Class lists ordered from a register: all of them or none, and whatever it does the page can say what happened."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditRow
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import Conflict, Refused
from app.rosters import jobs, queries, service
from app.rosters.models import RegisterConnection, Roster, RosterClass, RosterFetch
from app.rosters.service.client import Connection, RegisterClient
from app.rosters.types import RosterPupil, RosterSource, RosterState
from app.rosters.types.fetching import FetchedUnit, FetchFailure, FetchState, FetchStep, NamedUnit
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import InvitationState, RoundState
from tests.conftest import Clock
from tests.factories.registers import QUICK, UNITS, Registry, make_connection, make_registry
from tests.factories.schools import make_municipality, make_unit
from tests.machine.register_data import MARKED
from tests.machine.register_server import RegisterServer

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(set_clock: Clock) -> None:
    set_clock(NOON)


@pytest.fixture
def registry(database: Database, register_server: RegisterServer) -> Registry:
    return make_registry(database, register_server)


def codes(registry: Registry) -> dict[str, str]:
    """Return what is known of the register's units."""
    with registry.database.reading() as session:
        known: dict[str, str] = session.scalars(select(RegisterConnection.known_units)).one()
        return known


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


class TestTheOrder:
    def test_one_is_under_way_at_a_time(self, registry: Registry) -> None:
        registry.order()
        with pytest.raises(Refused, match="fetch_is_under_way"):
            registry.order(is_dry_run=True, for_round=False)

    def test_without_a_register_there_is_nothing_to_order(
        self, database: Database, register_server: RegisterServer
    ) -> None:
        with pytest.raises(Refused, match="no_register"):
            make_registry(database, register_server, base_url="").order()

    @pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CANCELLED])
    def test_a_round_that_is_over_takes_no_lists(self, registry: Registry, state: RoundState) -> None:
        with registry.database.transaction() as session:
            session.get_one(SurveyRound, registry.round_id).state = state
            session.get_one(SurveyRound, registry.round_id).closed_at = NOON
        with pytest.raises(Refused, match="round_takes_no_lists"):
            registry.order()

    def test_a_round_that_ends_meanwhile_takes_none_either(self, registry: Registry) -> None:
        fetch_id = registry.order()
        with registry.database.transaction() as session:
            session.get_one(SurveyRound, registry.round_id).close(at=NOON)
        registry.work()
        assert (registry.reread(fetch_id).failure, registry.staged()) == (FetchFailure.ROUND_OVER, [])

    def test_the_job_does_what_was_ordered(self, registry: Registry) -> None:
        fetch_id = registry.order()
        jobs.fetch_ordered(registry.database)
        jobs.fetch_ordered(registry.database)
        assert registry.reread(fetch_id).state is FetchState.FETCHED
        assert registry.reread(fetch_id).attempts == 1
        assert [job.id for job in jobs.SLOW_JOBS] == ["rosters.fetch_ordered"]

    def test_a_connection_that_is_gone_is_told(self, registry: Registry) -> None:
        fetch_id = registry.order()
        with registry.database.transaction() as session:
            session.delete(session.scalars(select(RegisterConnection)).one())
        registry.work()
        assert registry.reread(fetch_id).failure is FetchFailure.NO_CONNECTION

    def test_what_nobody_foresaw_ends_the_order_and_not_the_job(
        self, registry: Registry, caplog: pytest.LogCaptureFixture
    ) -> None:
        def break_down(*_arguments: object) -> RegisterClient:
            raise ZeroDivisionError("about Elin Sandhage")

        fetch_id = registry.order()
        service.carry_out_fetch(registry.database, fetch_id, break_down)
        assert registry.reread(fetch_id).failure is FetchFailure.ERROR
        assert "Sandhage" not in caplog.text


def test_of_several_workers_at_once_one_does_it(registry: Registry) -> None:
    fetch_id, barrier, faults = registry.order(), threading.Barrier(4), list[Exception]()

    def work() -> None:
        try:
            barrier.wait()
            registry.work()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    fetch = registry.reread(fetch_id)
    assert (fetch.state, fetch.attempts, len(registry.staged())) == (FetchState.FETCHED, 1, 2)


class Killed(BaseException):
    """The process dies."""


class TestKilled:
    """A worker that is killed leaves its lease behind."""

    def kill(self, registry: Registry, fetch_id: Any) -> None:
        def die(*_arguments: object) -> RegisterClient:
            raise Killed

        with pytest.raises(Killed):
            service.carry_out_fetch(registry.database, fetch_id, die)

    def test_nobody_else_touches_what_it_had_in_hand_while_the_lease_lasts(self, registry: Registry) -> None:
        fetch_id = registry.order()
        self.kill(registry, fetch_id)
        registry.work()
        fetch = registry.reread(fetch_id)
        assert (fetch.state, fetch.step, fetch.attempts) == (FetchState.FETCHING, FetchStep.UNITS, 1)

    def test_when_it_has_run_out_another_does_it(self, registry: Registry, set_clock: Clock) -> None:
        fetch_id = registry.order()
        self.kill(registry, fetch_id)
        set_clock(NOON + timedelta(minutes=11))
        registry.work()
        assert registry.reread(fetch_id).state is FetchState.FETCHED
        assert len(registry.staged()) == 2

    def test_a_second_death_ends_it(self, registry: Registry, set_clock: Clock) -> None:
        fetch_id = registry.order()
        for minutes in (0, 11):
            set_clock(NOON + timedelta(minutes=minutes))
            self.kill(registry, fetch_id)
        set_clock(NOON + timedelta(minutes=22))
        registry.work()
        assert registry.reread(fetch_id).failure is FetchFailure.INTERRUPTED
        assert registry.staged() == []
        registry.order()

    @pytest.mark.parametrize("minutes", [5, 11])
    def test_a_worker_that_was_only_slow_never_ends_what_another_has_taken_over(
        self, registry: Registry, set_clock: Clock, minutes: int
    ) -> None:
        fetch_id = registry.order()

        def dawdle(connection: Connection) -> RegisterClient:
            set_clock(NOON + timedelta(minutes=minutes))
            registry.work()
            return RegisterClient(connection, QUICK)

        service.carry_out_fetch(registry.database, fetch_id, dawdle)
        fetch = registry.reread(fetch_id)
        assert (fetch.state, fetch.attempts) == (FetchState.FETCHED, 1 if minutes < 10 else 2)
        assert len(registry.staged()) == 2

    def test_it_says_that_it_lives_page_by_page(self, registry: Registry, set_clock: Clock) -> None:
        fetch_id, leases = registry.order(), list[datetime | None]()
        registry.server.page_size = 10
        original = registry.server.page

        def page(noun: str, query: dict[str, str]) -> dict[str, Any]:
            set_clock(clock.wall() + timedelta(seconds=50))
            leases.append(registry.reread(fetch_id).leased_until)
            return original(noun, query)

        registry.server.page = page  # type: ignore[method-assign]
        registry.work(replace(QUICK, whole=timedelta(hours=1)))
        assert registry.reread(fetch_id).state is FetchState.FETCHED
        assert len(set(leases)) > 3


class TestKnownUnits:
    def test_a_fetch_remembers_the_units_codes(self, registry: Registry) -> None:
        registry.fetch()
        assert sorted(codes(registry).values()) == sorted(UNITS)

    def test_a_trial_of_the_connection_agrees_to_new_ones(self, registry: Registry) -> None:
        registry.fetch()
        for organisation in registry.server.data.organisations:
            if organisation.get("schoolUnitCode") in UNITS:
                organisation["schoolUnitCode"] = {"01990011": "01990012", "01990012": "01990011"}[
                    organisation["schoolUnitCode"]
                ]
        assert registry.fetch().failure is FetchFailure.CHANGED
        assert registry.fetch(is_dry_run=True, for_round=False).state is FetchState.FETCHED
        assert registry.fetch().state is FetchState.FETCHED


class TestConnection:
    def save(self, registry: Registry, **values: Any) -> RegisterConnection:
        with registry.database.transaction() as session:
            actor = registry.administrator.as_actor(clock.today())
            own = queries.find_connection(session, visible_to=actor)
            assert own is not None
            known = {"base_url": own.base_url, "token_url": own.token_url, "secret": None, "version": own.version}
            return service.save_connection(session, actor, make_connection(**known | values))

    def test_the_secret_is_kept_sealed(self, registry: Registry) -> None:
        with registry.database.reading() as session:
            own = session.scalars(select(RegisterConnection)).one()
            assert own.secret == "hemligt-ordval-åäö"
            assert b"hemligt" not in own.secret_sealed

    def test_without_a_new_one_it_stays(self, registry: Registry) -> None:
        assert self.save(registry, scope="ss12000").secret == "hemligt-ordval-åäö"
        assert registry.fetch().state is FetchState.FETCHED

    @pytest.mark.parametrize("place", [{"token_url": "https://evil.example/token"}, {"token_url": ""}])
    def test_it_is_not_sent_to_another_place_than_it_was_typed_for(
        self, registry: Registry, place: dict[str, str]
    ) -> None:
        with pytest.raises(Refused, match="secret_required"):
            self.save(registry, **place)
        self.save(registry, **place, secret="another")

    @pytest.mark.parametrize(
        "address", ["http://register.example", "ftp://x", "", "https://", "https://u:p@register.example", "https://a b"]
    )
    def test_an_address_that_is_not_safe_is_refused(self, registry: Registry, address: str) -> None:
        with pytest.raises(Refused, match="register_address"):
            self.save(registry, base_url=address, secret="x")

    def test_two_administrators_meet(self, registry: Registry) -> None:
        for version in (0, None):
            with pytest.raises(Conflict):
                self.save(registry, version=version, scope="x", secret="x")

    def test_a_new_address_forgets_what_was_known_of_the_units(self, registry: Registry) -> None:
        registry.fetch()
        self.save(registry, scope="ss12000")
        assert codes(registry) == {}


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
