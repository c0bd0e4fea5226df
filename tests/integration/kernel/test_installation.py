"""What a database is, which keys it is for, and where its clock may go."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text, update

from app.kernel import clock, encryption, installation
from app.kernel.database import Database, Installation
from app.kernel.encryption import RING_FILE, WrongKey, new_key_ring, read_key_ring, use_key_ring, write_key_ring
from app.kernel.installation import NotReady, Readiness, check, prepare
from tests.conftest import Clock
from tests.machine import postgresql

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)


@pytest.fixture
def empty(kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if kind == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'own' / 'aterkomst.sqlite3'}")
        yield made
        made.dispose()
        return
    server = postgresql.server()
    name = f"aterkomst_{os.environ[postgresql.RUN]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_empty"
    made = Database(postgresql.recreate(server, name, "template0").render_as_string(hide_password=False))
    yield made
    made.dispose()
    postgresql.drop(server, name)


@pytest.fixture
def own_keys(tmp_path: Path) -> Iterator[Path]:
    """A folder for keys of the test's own."""
    before = encryption.key_ring()
    yield tmp_path / "keys"
    use_key_ring(before)


def tables(database: Database) -> set[str]:
    with database.connect() as connection:
        return set(inspect(connection).get_table_names())


class TestPrepare:
    def test_an_empty_database_gets_tables_and_keys(self, empty: Database, own_keys: Path) -> None:
        assert check(empty, own_keys) is Readiness.EMPTY
        prepare(empty, own_keys)
        assert check(empty, own_keys) is Readiness.READY
        assert (own_keys / RING_FILE).stat().st_mode & 0o777 == 0o600
        with empty.reading() as session:
            row = session.scalars(select(Installation)).one()
            assert (row.is_rehearsal, row.clock_offset) == (False, 0)
        assert encryption.key_ring().root == _root(own_keys)

    def test_looking_makes_nothing(self, empty: Database, own_keys: Path) -> None:
        assert check(empty, own_keys) is Readiness.EMPTY
        assert not own_keys.exists()
        assert tables(empty) == set()

    def test_doing_it_again_changes_nothing(self, empty: Database, own_keys: Path) -> None:
        prepare(empty, own_keys)
        kept, root = tables(empty), _root(own_keys)
        prepare(empty, own_keys)
        assert (tables(empty), _root(own_keys)) == (kept, root)
        with empty.reading() as session:
            assert session.scalar(select(func.count()).select_from(Installation)) == 1

    def test_keys_that_were_there_before_are_used(self, empty: Database, own_keys: Path) -> None:
        write_key_ring(own_keys, new_key_ring())
        root = _root(own_keys)
        prepare(empty, own_keys)
        assert _root(own_keys) == root

    def test_several_at_once_make_one(self, empty: Database, own_keys: Path) -> None:
        barrier, failures = threading.Barrier(3), list[Exception]()

        def work() -> None:
            try:
                barrier.wait()
                write_or_find(own_keys)
            except Exception as error:
                failures.append(error)

        _run(3, work)
        assert failures == []
        # Alembic works for one thread at a time, so the rest is done in turn, each as if it had come first.
        for _ in range(2):
            prepare(empty, own_keys)
        with empty.reading() as session:
            assert session.scalar(select(func.count()).select_from(Installation)) == 1

    def test_what_is_cut_short_leaves_no_tables_without_their_row(
        self, empty: Database, own_keys: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_args: object) -> None:
            raise SystemExit("killed")

        with monkeypatch.context() as patch:
            patch.setattr(encryption.KeyRing, "seal", killed)
            with pytest.raises(SystemExit):
                prepare(empty, own_keys)
        assert tables(empty) == set()
        root = _root(own_keys)
        prepare(empty, own_keys)
        assert check(empty, own_keys) is Readiness.READY
        assert _root(own_keys) == root


def write_or_find(keys: Path) -> None:
    """Do what a process does that finds no keys."""
    installation._find_or_make_keys(keys)


def _run(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _root(keys: Path) -> bytes:
    ring = read_key_ring(keys)
    assert ring is not None
    return ring.root


class TestRefusal:
    """A new key for old tables would make everything unreadable, and look like a fresh start."""

    @pytest.fixture
    def prepared(self, empty: Database, own_keys: Path) -> Database:
        """A database with tables and keys."""
        prepare(empty, own_keys)
        return empty

    @pytest.mark.parametrize("step", [check, prepare])
    def test_tables_without_keys(
        self, prepared: Database, own_keys: Path, step: Callable[[Database, Path], object]
    ) -> None:
        (own_keys / RING_FILE).unlink()
        with pytest.raises(WrongKey, match="restore instance/keys"):
            step(prepared, own_keys)
        assert not (own_keys / RING_FILE).exists()

    @pytest.mark.parametrize("step", [check, prepare])
    def test_tables_and_other_keys(
        self, prepared: Database, own_keys: Path, step: Callable[[Database, Path], object]
    ) -> None:
        (own_keys / RING_FILE).unlink()
        other = new_key_ring()
        write_key_ring(own_keys, other)
        with pytest.raises(WrongKey, match="not those"):
            step(prepared, own_keys)
        assert _root(own_keys) == other.root

    @pytest.mark.parametrize("step", [check, prepare])
    def test_tables_and_damaged_keys(
        self, prepared: Database, own_keys: Path, step: Callable[[Database, Path], object]
    ) -> None:
        (own_keys / RING_FILE).write_text("{}", encoding="ascii")
        with pytest.raises(WrongKey, match="damaged"):
            step(prepared, own_keys)

    @pytest.mark.parametrize("step", [check, prepare])
    def test_tables_without_the_row_and_without_keys(
        self, prepared: Database, own_keys: Path, step: Callable[[Database, Path], object]
    ) -> None:
        with prepared.transaction() as session:
            session.execute(text("DELETE FROM installation"))
        (own_keys / RING_FILE).unlink()
        with pytest.raises(WrongKey, match="restore instance/keys"):
            step(prepared, own_keys)

    def test_a_canary_that_was_moved_from_elsewhere(self, prepared: Database, own_keys: Path) -> None:
        with prepared.transaction() as session:
            session.execute(update(Installation).values(key_canary=b"\x02k1" + bytes(40)))
        with pytest.raises(WrongKey):
            check(prepared, own_keys)

    def test_tables_of_another_version_are_outdated(self, prepared: Database, own_keys: Path) -> None:
        with prepared.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0001_installation'"))
        assert check(prepared, own_keys) is Readiness.OUTDATED


class TestRehearsal:
    def test_it_is_marked_by_a_row(self, database: Database) -> None:
        with database.transaction() as session:
            session.execute(update(Installation).values(is_rehearsal=False))
            assert not installation.is_rehearsal(session)
            with pytest.raises(NotReady, match="not a rehearsal"):
                installation.require_rehearsal(session)
            installation.mark_as_rehearsal(session)
        with database.reading() as session:
            assert installation.is_rehearsal(session)
            installation.require_rehearsal(session)

    def test_a_database_without_its_row_is_none(self, database: Database) -> None:
        with database.transaction() as session:
            session.execute(text("DELETE FROM installation"))
            assert not installation.is_rehearsal(session)


class TestMoveClock:
    def test_it_goes_forward_for_everyone(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            installation.move_clock(session, NOON + timedelta(days=30))
            assert clock.now() == NOON + timedelta(days=30)
        clock.synchronise(timedelta())
        with database.reading():
            assert (clock.now(), clock.wall()) == (NOON + timedelta(days=30), NOON)

    def test_it_goes_on_from_there(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            installation.move_clock(session, NOON + timedelta(days=30))
        set_clock(NOON + timedelta(hours=1))
        with database.reading():
            assert clock.now() == NOON + timedelta(days=30, hours=1)

    def test_it_never_goes_back(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            installation.move_clock(session, NOON + timedelta(days=30))
            with pytest.raises(NotReady, match="only moves forward"):
                installation.move_clock(session, NOON + timedelta(days=30, seconds=-1))
            installation.move_clock(session, NOON + timedelta(days=30))

    def test_it_never_falls_short_of_the_moment_asked_for(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON + timedelta(microseconds=300_000))
        wanted = NOON + timedelta(days=30)
        with database.transaction() as session:
            installation.move_clock(session, wanted)
        assert wanted <= clock.now() < wanted + timedelta(seconds=1)

    def test_a_slip_of_the_year_is_refused(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            for far in (NOON.replace(year=2062), NOON.replace(year=9999)):
                with pytest.raises(NotReady, match="ten years"):
                    installation.move_clock(session, far)

    def test_nowhere_but_in_a_rehearsal(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            session.execute(update(Installation).values(is_rehearsal=False))
            with pytest.raises(NotReady, match="not a rehearsal"):
                installation.move_clock(session, NOON + timedelta(days=1))
        with database.reading():
            assert clock.now() == NOON
