"""What is committed stays, what is not is gone, and nobody's change is lost."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.access.actor import Role
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database, Installation, require_version
from app.kernel.errors import Conflict
from app.kernel.scheduling import JobRun
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.schools.models import Municipality
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)


def in_threads(count: int, work: Callable[[], None]) -> None:
    """Let several threads begin the same work at the same moment, and wait for all; raise what one of them raised."""
    barrier, failures = threading.Barrier(count), list[BaseException]()

    def run() -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
def account(database: Database) -> Account:
    """An account whose title is a number."""
    with database.transaction() as session:
        return make_account(session, make_municipality(session), Role.COORDINATOR, title="0")


class TestTransaction:
    def test_it_commits_at_the_end(self, database: Database) -> None:
        with database.transaction() as session:
            session.add(JobRun(job="a", started_at=NOON))
        with database.reading() as session:
            assert session.scalars(select(JobRun.job)).all() == ["a"]

    def test_what_raises_leaves_nothing(self, database: Database) -> None:
        def fail() -> None:
            with database.transaction() as session:
                session.add(JobRun(job="a", started_at=NOON))
                session.flush()
                raise KeyError("a")

        with pytest.raises(KeyError):
            fail()
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(JobRun)) == 0

    def test_reading_changes_nothing(self, database: Database) -> None:
        with database.reading() as session:
            session.add(JobRun(job="a", started_at=NOON))
            session.flush()
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(JobRun)) == 0

    def test_one_reads_while_another_writes(self, database: Database) -> None:
        with database.transaction() as writer:
            writer.add(JobRun(job="a", started_at=NOON))
            writer.flush()
            with database.reading() as reader:
                assert reader.scalar(select(func.count()).select_from(JobRun)) == 0

    def test_a_session_that_cannot_begin_leaves_no_connection_behind(self, database: Database) -> None:
        with database.transaction() as session:
            session.execute(text("DROP TABLE installation"))
        for _ in range(20):  # More than the pool holds.
            with pytest.raises(Exception, match="installation"):
                database.session(writing=True)
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


class TestLostUpdates:
    def test_a_row_that_people_edit_counts_every_change(self, database: Database, account: Account) -> None:
        def add_ten() -> None:
            done = 0
            while done < 10:
                try:
                    with database.transaction() as session:
                        row = session.get_one(Account, account.id)
                        row.title = str(int(row.title) + 1)
                    done += 1
                except StaleDataError:
                    continue  # As a person would: look again, and do it again.

        in_threads(6, add_ten)
        with database.reading() as session:
            row = session.get_one(Account, account.id)
            assert (row.title, row.version) == ("60", 61)

    def test_a_locked_row_counts_every_change(self, database: Database) -> None:
        def add_ten() -> None:
            for _ in range(10):
                with database.transaction() as session:
                    session.scalars(select(Installation).with_for_update()).one().clock_offset += 1

        in_threads(6, add_ten)
        with database.reading() as session:
            assert session.scalar(select(Installation.clock_offset)) == 60

    def test_the_second_of_two_editors_is_told(self, database: Database, account: Account) -> None:
        if database.is_sqlite:  # The second waits for the first, so what is old there is the version in the form.
            with database.transaction() as session:
                session.get_one(Account, account.id).title = "1"
            with database.transaction() as session, pytest.raises(Conflict):
                require_version(session.get_one(Account, account.id), account.version)
            return
        with database.session(writing=True) as one, database.session(writing=True) as other:
            first, second = one.get_one(Account, account.id), other.get_one(Account, account.id)
            first.title, second.title = "1", "2"
            one.commit()
            with pytest.raises(StaleDataError):
                other.commit()

    def test_the_version_in_the_form_must_hold(self, account: Account) -> None:
        require_version(account, account.version)
        for version in (0, account.version - 1, account.version + 1):
            with pytest.raises(Conflict):
                require_version(account, version)


class TestColumns:
    def test_a_moment_comes_back_the_same_in_utc(self, database: Database) -> None:
        swedish = NOON.astimezone(clock.STOCKHOLM)
        far = NOON.astimezone(timezone(timedelta(hours=-9)))
        with database.transaction() as session:
            session.add_all([JobRun(job="a", started_at=swedish), JobRun(job="b", started_at=far)])
        with database.reading() as session:
            found = session.scalars(select(JobRun.started_at)).all()
            assert found == [NOON, NOON]
            assert all(moment.utcoffset() == timedelta() for moment in found)
            assert session.scalar(select(JobRun.job).where(JobRun.started_at < NOON)) is None

    def test_a_moment_without_a_zone_is_refused(self, session: Session) -> None:
        session.add(JobRun(job="a", started_at=NOON.replace(tzinfo=None)))
        with pytest.raises(StatementError, match="without a time zone"):
            session.flush()

    def test_a_word_of_a_list_is_stored_by_its_value(self, session: Session) -> None:
        make_account(session, make_municipality(session), Role.COORDINATOR)
        assert session.scalar(text("SELECT role FROM account")) == "coordinator"

    def test_a_word_not_in_the_list_is_refused(self, session: Session) -> None:
        message = OutboxMessage(municipality_id=make_municipality(session).id, state="lost")
        session.add(message)
        with pytest.raises(StatementError, match="lost"):
            session.flush()
        assert "lost" not in {state.value for state in MessageState}

    def test_a_model_takes_its_own_names_only(self) -> None:
        assert JobRun(job="a").id != JobRun(job="a").id
        with pytest.raises(TypeError, match="jbo"):
            JobRun(jbo="a")

    def test_a_row_of_no_municipality_there_is_is_refused(self, session: Session) -> None:
        session.add(
            OutboxMessage(
                municipality_id=uuid4(),
                kind="a",
                payload={},
                dedupe_key="a",
                is_repeatable=True,
                queued_at=NOON,
                due_at=NOON,
            )
        )
        with pytest.raises(IntegrityError):
            session.flush()

    def test_an_error_says_nothing_of_what_was_written(self, session: Session) -> None:
        code = make_municipality(session).code
        with pytest.raises(IntegrityError) as refused:
            make_municipality(session, code=code, name="Hemliga kommunen")
        assert "Hemliga" not in str(refused.value)


class TestClock:
    def test_every_session_takes_over_the_offset(self, database: Database) -> None:
        with database.transaction() as session:
            session.scalars(select(Installation)).one().clock_offset = 86_400
        assert clock.now() - clock.wall() < timedelta(hours=1)
        with database.reading():
            assert clock.now() - clock.wall() > timedelta(hours=23)

    def test_every_thread_agrees(self, database: Database) -> None:
        with database.transaction() as session:
            session.scalars(select(Installation)).one().clock_offset = 86_400
        seen = list[timedelta]()

        def look() -> None:
            with database.reading():
                seen.append(clock.now() - clock.wall())

        in_threads(3, look)
        assert all(offset > timedelta(hours=23) for offset in seen)


class TestEngine:
    def test_it_is_set_up_to_keep_what_is_committed(self, database: Database) -> None:
        if not database.is_sqlite:
            with database.reading() as session:
                assert session.scalar(text("SHOW timezone")) == "UTC"
                assert session.scalar(text("SHOW statement_timeout")) == "1min"
            return
        wanted = {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "recursive_triggers": 1,
            "busy_timeout": 30_000,
        }
        for opened in (database.session(writing=True), database.session(writing=False)):
            with opened as session:
                found = {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted}
                assert found == wanted

    def test_postgresql_is_spoken_to_with_psycopg(self) -> None:
        for address in ("postgresql://u@h/d", "postgres://u@h/d", "postgresql+psycopg://u@h/d"):
            assert Database(address).engine.url.drivername == "postgresql+psycopg"

    def test_options_of_the_address_are_kept(self, database: Database, kind: str) -> None:
        if kind == "sqlite":
            return
        own = database.url.update_query_dict({"options": "-c search_path=pg_catalog"})
        other = Database(own.render_as_string(hide_password=False))
        with other.connect() as connection:
            assert connection.scalar(text("SHOW search_path")) == "pg_catalog"
            assert connection.scalar(text("SHOW timezone")) == "UTC"
        other.dispose()

    def test_a_folder_for_sqlite_is_made_for_its_owner_only(self, tmp_path: Path) -> None:
        made = Database(f"sqlite:///{tmp_path / 'instance' / 'aterkomst.sqlite3'}")
        made.connect().close()
        with made.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE x (y)")
            modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "instance").iterdir()}
        assert ((tmp_path / "instance").stat().st_mode & 0o777, modes) == (0o700, {0o600})
        made.dispose()

    def test_looking_waits_for_no_writer(self, database: Database) -> None:
        with database.session(writing=True) as session:
            session.add(JobRun(job="a", started_at=NOON))
            session.flush()
            with database.connect() as connection:
                assert connection.scalar(select(func.count()).select_from(Municipality)) == 0

    def test_a_database_that_is_not_there_is_said_to_be(self) -> None:
        with pytest.raises(OperationalError):
            Database("postgresql:///x?host=/nowhere/at/all").session(writing=False)
