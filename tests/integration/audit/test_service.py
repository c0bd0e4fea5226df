"""Recording: with the change or not at all, last, one after the other."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.audit import queries, service
from app.audit.models import AuditHead, AuditRow, AuditShown
from app.audit.types import GENESIS, AuditAction
from app.kernel import clock
from app.kernel.database import Database, Installation
from tests.factories.accounts import make_actor
from tests.factories.schools import make_municipality


@pytest.fixture
def actor(database: Database) -> Actor:
    """A coordinator of a municipality whose chain is empty."""
    with database.transaction() as session:
        return make_actor(session, make_municipality(session), Role.COORDINATOR)


@pytest.fixture
def other(database: Database, actor: Actor) -> Actor:
    """A coordinator of another municipality."""
    with database.transaction() as session:
        return make_actor(session, make_municipality(session), Role.COORDINATOR)


def rows(database: Database) -> list[AuditRow]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.municipality_id, AuditRow.sequence)))


def breaks(database: Database) -> list[queries.Break]:
    with database.reading() as session:
        return list(queries.find_breaks(session))


class TestRecord:
    def test_a_row_says_who_did_what_to_what(self, database: Database, actor: Actor) -> None:
        case_id = uuid4()
        with database.transaction() as session:
            service.record(session, actor, AuditAction.CASE_CLOSED, case_id, outcome="back_in_school")
        (row,) = rows(database)
        assert (row.actor_id, row.actor_role) == (str(actor.account_id), "coordinator")
        assert (row.action, row.object_id) == ("case:closed", str(case_id))
        assert json.loads(row.details) == {"outcome": "back_in_school"}
        assert (row.sequence, row.previous_hash) == (1, GENESIS)

    def test_scheduled_work_has_no_account(self, database: Database, actor: Actor) -> None:
        with database.transaction() as session:
            service.record(session, Actor.system(actor.municipality_id), AuditAction.SURVEY_CLOSED, uuid4())
        (row,) = rows(database)
        assert (row.actor_id, row.actor_role) == (None, "system")

    def test_the_time_is_the_domains(self, database: Database, actor: Actor) -> None:
        with database.transaction() as session:
            session.scalars(select(Installation)).one().clock_offset = 400 * 86_400
        with database.transaction() as session:
            service.record(session, actor, AuditAction.CASE_READ, uuid4())
        (row,) = rows(database)
        assert row.recorded_at[:4] == str(clock.now().year) != str(clock.wall().year)
        assert row.recorded_at.endswith("+00:00")
        assert len(row.recorded_at) == 32

    def test_the_request_is_named(self, database: Database, actor: Actor) -> None:
        token = service.request_id.set("0f" * 16)
        try:
            with database.transaction() as session:
                service.record(session, actor, AuditAction.CASE_READ, uuid4())
        finally:
            service.request_id.reset(token)
        assert rows(database)[0].request_id == "0f" * 16

    def test_what_a_list_showed_is_in_the_row_and_in_the_index(self, database: Database, actor: Actor) -> None:
        shown = [uuid4() for _ in range(3)]
        with database.transaction() as session:
            service.record_shown(session, actor, AuditAction.CASES_LISTED, shown)
        (row,) = rows(database)
        assert json.loads(row.details) == {"shown": [str(case_id) for case_id in shown]}
        with database.reading() as session:
            assert set(session.scalars(select(AuditShown.object_id))) == set(shown)

    def test_several_in_one_transaction_keep_their_order(self, database: Database, actor: Actor) -> None:
        actions = [AuditAction.CASE_OPENED, AuditAction.CASE_ASSESSED, AuditAction.CASE_CLOSED]
        with database.transaction() as session:
            for action in actions:
                service.record(session, actor, action, uuid4())
        assert [row.action for row in rows(database)] == actions
        assert breaks(database) == []

    def test_every_municipality_has_a_chain_of_its_own(self, database: Database, actor: Actor, other: Actor) -> None:
        with database.transaction() as session:
            for each in (actor, other, actor, other, actor):
                service.record(session, each, AuditAction.CASE_READ, uuid4())
        found = {(row.municipality_id, row.sequence) for row in rows(database)}
        assert found == {(actor.municipality_id, n) for n in (1, 2, 3)} | {(other.municipality_id, n) for n in (1, 2)}
        assert breaks(database) == []


class TestRollBack:
    def test_nothing_is_recorded_of_what_did_not_happen(self, database: Database, actor: Actor) -> None:
        def fail() -> None:
            with database.transaction() as session:
                service.record(session, actor, AuditAction.CASE_CLOSED, uuid4())
                raise KeyError

        with pytest.raises(KeyError):
            fail()
        assert rows(database) == []

    def test_a_session_that_is_used_again_forgets(self, database: Database, actor: Actor) -> None:
        with database.session(writing=True) as session:
            service.record(session, actor, AuditAction.CASE_CLOSED, uuid4())
            session.rollback()
            service.record(session, actor, AuditAction.CASE_READ, uuid4())
            session.commit()
        assert [row.action for row in rows(database)] == ["case:read"]

    def test_so_does_one_that_was_closed(self, database: Database, actor: Actor) -> None:
        session = database.session(writing=True)
        service.record(session, actor, AuditAction.CASE_CLOSED, uuid4())
        session.close()
        session.add(make_municipality(session))
        session.commit()
        session.close()
        assert rows(database) == []

    def test_a_commit_that_fails_records_nothing(self, database: Database, actor: Actor) -> None:
        with database.session(writing=True) as session:
            service.record(session, actor, AuditAction.CASE_OPENED, uuid4())
            session.add(AuditHead(municipality_id=uuid4(), sequence=0, hash=GENESIS))
            with pytest.raises(IntegrityError):
                session.commit()
        assert rows(database) == []

    def test_a_savepoint_that_fails_takes_only_its_own(self, database: Database, actor: Actor) -> None:
        with database.transaction() as session:
            service.record(session, actor, AuditAction.CASE_OPENED, uuid4())
            with suppress(KeyError), session.begin_nested():
                service.record(session, actor, AuditAction.CASE_CLOSED, uuid4())
                raise KeyError
            service.record(session, actor, AuditAction.CASE_ASSIGNED, uuid4())
        assert [row.action for row in rows(database)] == ["case:opened", "case:assigned"]

    def test_a_savepoint_within_one_that_fails_goes_with_it(self, database: Database, actor: Actor) -> None:
        with database.transaction() as session:
            with suppress(KeyError), session.begin_nested():
                with session.begin_nested():
                    service.record(session, actor, AuditAction.CASE_CLOSED, uuid4())
                service.record(session, actor, AuditAction.CASE_READ, uuid4())
                raise KeyError
            service.record(session, actor, AuditAction.CASE_OPENED, uuid4())
        assert [row.action for row in rows(database)] == ["case:opened"]

    def test_a_savepoint_that_holds_is_recorded_at_the_end(self, database: Database, actor: Actor) -> None:
        with database.transaction() as session:
            with session.begin_nested():
                service.record(session, actor, AuditAction.CASE_OPENED, uuid4())
            assert session.scalar(select(AuditRow)) is None
        assert [row.action for row in rows(database)] == ["case:opened"]


@contextmanager
def together(count: int) -> Iterator[list[threading.Thread]]:
    threads: list[threading.Thread] = []
    yield threads
    assert len(threads) == count
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestRaces:
    @pytest.mark.parametrize("has_begun", [False, True])
    def test_many_at_once_get_numbers_in_a_row(self, database: Database, actor: Actor, *, has_begun: bool) -> None:
        if has_begun:
            with database.transaction() as session:
                service.record(session, actor, AuditAction.CASE_READ, uuid4())
        barrier, failures = threading.Barrier(6), list[Exception]()

        def work() -> None:
            try:
                barrier.wait()
                for _ in range(5):
                    with database.transaction() as session:
                        service.record(session, actor, AuditAction.CASE_READ, uuid4())
                        service.record(session, actor, AuditAction.CASE_CLOSED, uuid4())
            except Exception as error:
                failures.append(error)

        with together(6) as threads:
            threads += [threading.Thread(target=work) for _ in range(6)]
        assert failures == []
        assert [row.sequence for row in rows(database)] == list(range(1, 61 + has_begun))
        assert breaks(database) == []

    def test_two_that_record_for_two_municipalities_do_not_wait_for_each_other_for_ever(
        self, database: Database, actor: Actor, other: Actor
    ) -> None:
        barrier, failures = threading.Barrier(2), list[Exception]()

        def work(*order: Actor) -> None:
            try:
                barrier.wait()
                for _ in range(10):
                    with database.transaction() as session:
                        for each in order:
                            service.record(session, each, AuditAction.CLOCK_MOVED, to="x")
            except Exception as error:
                failures.append(error)

        with together(2) as threads:
            threads.append(threading.Thread(target=work, args=(actor, other)))
            threads.append(threading.Thread(target=work, args=(other, actor)))
        assert failures == []
        assert breaks(database) == []

    def test_a_session_that_commits_again_sees_what_others_recorded_meanwhile(
        self, database: Database, actor: Actor
    ) -> None:
        with database.session(writing=True) as session:
            service.record(session, actor, AuditAction.CASE_READ, uuid4())
            session.commit()
            with database.transaction() as another:
                service.record(another, actor, AuditAction.CASE_READ, uuid4())
            service.record(session, actor, AuditAction.CASE_READ, uuid4())
            session.commit()
        assert [row.sequence for row in rows(database)] == [1, 2, 3]
        assert breaks(database) == []


def test_what_is_recorded_is_not_written_before_the_commit(session: Session) -> None:
    actor = make_actor(session, make_municipality(session), Role.COORDINATOR)
    service.record(session, actor, AuditAction.CASE_READ, uuid4())
    session.flush()
    assert session.scalar(select(AuditRow)) is None
