"""A tick does everything that is due; what fails stops only itself and can be seen."""

import logging
import mailbox
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from app import scheduler
from app.access.actor import Role
from app.accounts.service import request_renewal
from app.kernel import clock
from app.kernel.database import Database, Installation
from app.kernel.email import MaildirTransport, SmtpTransport
from app.kernel.scheduling import Job, JobRun
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from config import Config
from tests.conftest import Clock
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
DELIVERY = "outbox.deliver_due"


@pytest.fixture
def config(database: Database, tmp_path: Path) -> Config:
    """Settings with a mail server that must never be spoken to."""
    address = database.url.render_as_string(hide_password=False)
    return Config(instance=tmp_path, database_url=address, smtp_host="mail.invalid")


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a tick do these jobs, and the delivery."""
    monkeypatch.setattr(scheduler, "SLOW_JOBS", ())
    return lambda *given: monkeypatch.setattr(scheduler, "JOBS", given)


def runs(database: Database) -> dict[str, JobRun]:
    with database.reading() as session:
        return {run.job: run for run in session.scalars(select(JobRun))}


def fail(_database: Database) -> None:
    raise ValueError("about Elin Sandhage")


class TestRunAll:
    def test_every_job_runs_and_that_is_noted(
        self, database: Database, config: Config, jobs: Callable[..., None], set_clock: Clock
    ) -> None:
        set_clock(NOON)
        done: list[str] = []
        jobs(Job("a", lambda _database: done.append("a")), Job("b", lambda _database: done.append("b")))
        scheduler.run_all(database, config)
        assert done == ["a", "b"]
        found = runs(database)
        assert set(found) == {"a", "b", DELIVERY}
        assert {(run.started_at, run.finished_at, run.failed_at) for run in found.values()} == {(NOON, NOON, None)}

    def test_one_that_fails_stops_only_itself(
        self, database: Database, config: Config, jobs: Callable[..., None], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        done: list[str] = []
        jobs(Job("a", fail), Job("b", lambda _database: done.append("b")))
        scheduler.run_all(database, config)
        assert done == ["b"]
        found = runs(database)
        assert (found["a"].failure, found["b"].failure) == ("ValueError", None)
        assert found["a"].failed_at == found["a"].finished_at
        assert "job a failed: ValueError at test_scheduler.fail:" in caplog.text
        assert "Sandhage" not in caplog.text

    def test_one_that_works_again_shows_when_it_last_failed(
        self, database: Database, config: Config, jobs: Callable[..., None], set_clock: Clock
    ) -> None:
        set_clock(NOON)
        jobs(Job("a", fail))
        scheduler.run_all(database, config)
        set_clock(NOON + timedelta(seconds=30))
        jobs(Job("a", lambda _database: None))
        scheduler.run_all(database, config)
        run = runs(database)["a"]
        assert (run.failed_at, run.finished_at) == (NOON, NOON + timedelta(seconds=30))

    def test_one_that_breaks_its_session_leaves_nothing(
        self, database: Database, config: Config, jobs: Callable[..., None]
    ) -> None:
        def half(own: Database) -> None:
            with own.transaction() as session:
                make_municipality(session, name="Halva kommunen")
                session.execute(text("SELECT * FROM no_such_table"))

        jobs(Job("a", half), Job("b", _add))
        scheduler.run_all(database, config)
        with database.reading() as session:
            assert "Halva kommunen" not in session.scalars(text("SELECT name FROM municipality")).all()
        assert runs(database)["b"].failure is None

    def test_what_may_take_long_comes_last_and_keeps_no_mail_waiting(
        self, database: Database, config: Config, jobs: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs(Job("a", lambda _database: None))
        monkeypatch.setattr(scheduler, "SLOW_JOBS", (Job("slow", lambda own: seen.extend(runs(own))),))
        seen: list[str] = []
        scheduler.run_quick(database, config)
        assert set(runs(database)) == {"a", DELIVERY}
        scheduler.run_all(database, config)
        assert set(seen) == {"a", DELIVERY}
        assert "slow" in runs(database)

    def test_a_run_that_cannot_be_noted_does_not_stop_the_next(
        self, database: Database, config: Config, jobs: Callable[..., None], caplog: pytest.LogCaptureFixture
    ) -> None:
        done: list[str] = []

        def lose(own: Database) -> None:
            with own.transaction() as session:
                session.execute(text("DROP TABLE job_run"))

        jobs(Job("a", lose), Job("b", lambda _database: done.append("b")))
        scheduler.run_all(database, config)
        assert done == ["b"]
        assert "could not be noted" in caplog.text

    def test_several_at_once_are_harmless(self, database: Database, config: Config, jobs: Callable[..., None]) -> None:
        jobs(Job("a", lambda _database: None), Job("b", lambda _database: None))
        barrier, failures = threading.Barrier(4), list[Exception]()

        def tick() -> None:
            try:
                barrier.wait()
                scheduler.run_all(database, config)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=tick) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert set(runs(database)) == {"a", "b", DELIVERY}

    def test_what_a_job_queues_is_sent_in_the_same_tick(
        self, database: Database, config: Config, jobs: Callable[..., None]
    ) -> None:
        def ask(own: Database) -> None:
            with own.transaction() as session:
                account = make_account(session, make_municipality(session), Role.STAFF, email="karin@alvhaga.example")
                request_renewal(session, account.email)

        jobs(Job("a", ask))
        scheduler.run_all(database, config)
        with database.reading() as session:
            assert session.scalars(select(OutboxMessage.state)).all() == [MessageState.SENT]
        (mail,) = mailbox.Maildir(config.maildir, create=False)
        assert mail["To"] == "karin@alvhaga.example"


def _add(database: Database) -> None:
    with database.transaction() as session:
        make_municipality(session)


class TestTransport:
    def test_a_rehearsal_never_speaks_to_a_mail_server(self, database: Database, config: Config) -> None:
        assert isinstance(scheduler.make_transport(database, config), MaildirTransport)

    def test_a_real_installation_does(self, database: Database, config: Config) -> None:
        with database.transaction() as session:
            session.execute(update(Installation).values(is_rehearsal=False))
        assert isinstance(scheduler.make_transport(database, config), SmtpTransport)


class TestTicker:
    def test_every_job_and_every_mail_has_a_name_of_its_own(self) -> None:
        names = [job.id for job in (*scheduler.JOBS, *scheduler.SLOW_JOBS)]
        assert len(names) == len(set(names))
        assert all(name.count(".") == 1 for name in [*names, *scheduler.COMPOSERS])

    def test_no_job_of_a_capability_is_forgotten(self) -> None:
        app = Path(scheduler.__file__).parent
        written = [import_module(f"app.{path.parent.name}.jobs") for path in sorted(app.glob("*/jobs.py"))]
        wanted = {job.id for module in written for job in (*module.JOBS, *getattr(module, "SLOW_JOBS", ()))}
        assert {job.id for job in (*scheduler.JOBS, *scheduler.SLOW_JOBS)} == wanted

    def test_it_ticks_at_once_and_does_not_pile_up(
        self, database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticked, worked = threading.Event(), threading.Event()
        monkeypatch.setattr(scheduler, "run_quick", lambda *_given: ticked.set())
        monkeypatch.setattr(scheduler, "run_slow", lambda *_given: worked.set())
        ticker = scheduler.start(database, replace(config, port=0))
        try:
            ticked.wait()
            worked.wait()
            assert {job.id for job in ticker.get_jobs()} == {"tick", "slow"}
            for job in ticker.get_jobs():
                assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
                assert job.trigger.interval == timedelta(seconds=30)
            assert str(ticker.timezone) == "UTC"
        finally:
            ticker.shutdown()


def test_the_clock_of_a_rehearsal_rules_in_the_tickers_thread(
    database: Database, config: Config, jobs: Callable[..., None]
) -> None:
    with database.transaction() as session:
        session.execute(update(Installation).values(clock_offset=86_400))
    seen: list[timedelta] = []

    def look(own: Database) -> None:
        with own.reading():
            seen.append(clock.now() - clock.wall())

    jobs(Job("a", look))
    thread = threading.Thread(target=scheduler.run_all, args=(database, config))
    thread.start()
    thread.join()
    assert seen[0] > timedelta(hours=23)
