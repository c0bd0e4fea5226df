"""Orders are carried out once, whoever works and whoever dies over them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from threading import Barrier
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import Refused
from app.rosters import jobs, service
from app.rosters.models import RegisterConnection
from app.rosters.service.client import Connection, RegisterClient
from app.rosters.types.fetching import FetchFailure, FetchState, FetchStep
from app.surveys.models import SurveyRound
from app.surveys.types import RoundState
from tests.conftest import Clock
from tests.factories.registers import NOON, QUICK, Registry, make_registry
from tests.machine.register_server import RegisterServer


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

    def test_what_nobody_foresaw_ends_the_order_and_not_the_job(
        self, registry: Registry, caplog: pytest.LogCaptureFixture
    ) -> None:
        def break_down(*_arguments: object) -> RegisterClient:
            raise ZeroDivisionError("about Elin Sandhage")

        fetch_id = registry.order()
        service.carry_out_fetch(registry.database, fetch_id, break_down)
        assert registry.reread(fetch_id).failure is FetchFailure.ERROR
        assert "Sandhage" not in caplog.text


class TestDisconnected:
    """The administrator removes the connection to the register."""

    def test_what_waited_has_failed_and_nothing_more_is_ordered(self, registry: Registry) -> None:
        fetch_id = registry.order()
        registry.disconnect()
        registry.work()
        assert (registry.reread(fetch_id).failure, registry.server.asked) == (FetchFailure.NO_CONNECTION, [])
        with pytest.raises(Refused, match="no_register"):
            registry.order()
        with registry.database.reading() as session:
            events = session.execute(select(AuditRow.action, AuditRow.actor_id).order_by(AuditRow.sequence)).all()
        assert events[-1] == (AuditAction.REGISTER_REMOVED, str(registry.administrator.id))

    def test_a_worker_that_reads_meanwhile_stages_nothing(self, registry: Registry) -> None:
        kept, before = registry.fetch(), registry.staged()
        fetch_id = registry.order()

        def disconnect(connection: Connection) -> RegisterClient:
            registry.disconnect()
            return RegisterClient(connection, QUICK)

        service.carry_out_fetch(registry.database, fetch_id, disconnect)
        assert registry.reread(fetch_id).failure is FetchFailure.NO_CONNECTION
        assert (registry.staged(), registry.reread(kept.id).found) == (before, kept.found)
        registry.confirm(kept)

    def test_an_order_that_comes_as_the_connection_goes_is_told(self, registry: Registry) -> None:
        fetch_id = registry.order()
        with registry.database.transaction() as session:
            session.delete(session.scalars(select(RegisterConnection)).one())
        registry.work()
        assert registry.reread(fetch_id).failure is FetchFailure.NO_CONNECTION


def test_of_several_workers_at_once_one_does_it(registry: Registry) -> None:
    fetch_id, barrier = registry.order(), Barrier(4)

    def work(_worker: int) -> None:
        barrier.wait()
        registry.work()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))  # Raises what one of them raised.
    fetch = registry.reread(fetch_id)
    assert (fetch.state, fetch.attempts, len(registry.staged())) == (FetchState.FETCHED, 1, 2)


class Killed(BaseException):
    """The process dies."""


class Mortal:
    """A database whose worker dies in one of its transactions, before it is committed or right after."""

    def __init__(self, database: Database, dies_in: int, *, has_committed: bool) -> None:
        self._database, self._left, self._has_committed = database, dies_in, has_committed

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session, perhaps the last one."""
        self._left -= 1
        with self._database.transaction() as session:
            yield session
            if not self._left and not self._has_committed:
                raise Killed
        if not self._left:
            raise Killed


@pytest.mark.parametrize("has_committed", [False, True])
def test_wherever_it_dies_the_lists_are_staged_once_and_whole(
    registry: Registry, set_clock: Clock, *, has_committed: bool
) -> None:
    outcomes, before = set[FetchState](), registry.staged()
    for dies_in in count(1):
        set_clock(NOON + timedelta(minutes=20 * dies_in))
        fetch_id = registry.order()
        mortal = cast("Database", Mortal(registry.database, dies_in, has_committed=has_committed))
        try:
            service.carry_out_fetch(mortal, fetch_id, partial(RegisterClient, limits=QUICK))
        except Killed:
            outcomes.add(registry.reread(fetch_id).state)
        else:
            break
        is_done = registry.reread(fetch_id).state is FetchState.FETCHED
        assert (registry.staged() == before) is not is_done
        set_clock(NOON + timedelta(minutes=20 * dies_in + 11))
        registry.work()
        fetch, before = registry.reread(fetch_id), registry.staged()
        assert (fetch.state, len(before), [state for _, state, *_ in before].count("previewed")) == ("fetched", 2, 2)
    assert outcomes == {FetchState.FETCHING, FetchState.FETCHED if has_committed else FetchState.ORDERED}


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
