"""A chain that somebody has been at is found out, and where; and who has seen what can be asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.audit import queries, service
from app.audit.models import AuditHead, AuditRow, AuditShown
from app.audit.types import TEXTS, AuditAction, digest
from app.kernel.database import Database
from tests.factories.accounts import make_actor
from tests.factories.schools import make_municipality

COLUMNS = [column.key for column in AuditRow.__table__.columns]
CASES = [UUID(int=number) for number in range(1, 5)]


@pytest.fixture
def actor(database: Database) -> Actor:
    """A coordinator."""
    with database.transaction() as session:
        return make_actor(session, make_municipality(session), Role.COORDINATOR)


@pytest.fixture
def other(database: Database, actor: Actor) -> Actor:
    """A coordinator of another municipality, with a chain of one row."""
    with database.transaction() as session:
        other = make_actor(session, make_municipality(session), Role.COORDINATOR)
        service.record(session, other, AuditAction.CASE_READ, CASES[0])
        return other


@pytest.fixture
def chain(database: Database, actor: Actor, other: Actor) -> Database:
    """A database with a chain of six rows of every shape, which nothing protects any longer."""
    with database.transaction() as session:
        service.record(session, actor, AuditAction.CASE_OPENED, CASES[0], reason="urgent", school_unit_id="x")
        service.record(session, actor, AuditAction.CASE_READ, CASES[0])
    token = service.request_id.set("0f" * 16)
    with database.transaction() as session:
        service.record_shown(session, actor, AuditAction.CASES_LISTED, CASES[:3])
        service.record(session, Actor.system(actor.municipality_id), AuditAction.SURVEY_CLOSED, uuid4())
    service.request_id.reset(token)
    with database.transaction() as session:
        service.record(session, actor, AuditAction.CASE_CLOSED, CASES[1], outcome="back_in_school")
        service.record_shown(session, actor, AuditAction.CASES_LISTED, CASES[1:2])
    _unprotect(database)
    return database


def _unprotect(database: Database) -> None:
    """Do what a database's administrator can: take away the triggers."""
    with database.transaction() as session:
        if database.is_sqlite:
            for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            for table in ("audit_row", "audit_head", "audit_shown"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


@contextmanager
def tampering(database: Database) -> Iterator[tuple[Session, Callable[[], list[queries.Break]]]]:
    """Give a session to do damage in, and what is then found; the damage is undone."""
    with database.session(writing=True) as session:
        yield session, lambda: list(queries.find_breaks(session))
        session.rollback()


def of(actor: Actor, sequence: int) -> Any:
    return (AuditRow.municipality_id == actor.municipality_id) & (AuditRow.sequence == sequence)


def places(breaks: list[queries.Break], actor: Actor) -> set[str]:
    assert {broken.municipality_id for broken in breaks} <= {actor.municipality_id.hex}
    return {broken.sequence for broken in breaks}


def test_a_chain_that_nobody_has_touched_holds(chain: Database) -> None:
    with chain.reading() as session:
        assert list(queries.find_breaks(session)) == []
        assert queries.count_rows(session) == 7
        assert [head.sequence for head in queries.list_heads(session)] in ([1, 6], [6, 1])


def test_an_empty_audit_holds(database: Database) -> None:
    with database.reading() as session:
        assert list(queries.find_breaks(session)) == []


def test_what_is_recorded_meanwhile_is_no_break(chain: Database, actor: Actor) -> None:
    with chain.snapshot() as session:
        found = queries.find_breaks(session)
        heads = queries.list_heads(session)
        with chain.transaction() as other:
            service.record(other, actor, AuditAction.CASE_READ, CASES[0])
            service.record_shown(other, actor, AuditAction.CASES_LISTED, CASES)
        assert list(found) == []
        assert queries.count_rows(session) == sum(head.sequence for head in heads) == 7
    with chain.snapshot() as session:
        assert list(queries.find_breaks(session)) == []
        assert queries.count_rows(session) == 9


def _altered(value: object, position: int) -> object:
    """Return the value with one character of its text altered, or what it cannot be when it has none."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, UUID):
        return UUID(int=value.int ^ (1 << (position * 60)))
    assert isinstance(value, str)
    if not value:
        return None
    at = min(position * (len(value) // 2), len(value) - 1)
    return value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1 :]


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "municipality_id"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_byte_of_any_column_of_any_row_is_found_and_where(
    chain: Database, actor: Actor, column: str, position: int
) -> None:
    for sequence in range(1, 7):
        with tampering(chain) as (session, found):
            before = session.scalar(select(AuditRow.__table__.c[column]).where(of(actor, sequence)))
            after = _altered(before, position)
            session.execute(update(AuditRow).where(of(actor, sequence)).values({column: after}))
            named = places(found(), actor)
            assert named, f"{column} of row {sequence}: {before!r} became {after!r}"
            assert str(sequence) in named or (column == "sequence" and str(sequence + 1000) in named)


def test_a_row_given_to_another_municipality_is_found(chain: Database, actor: Actor, other: Actor) -> None:
    with tampering(chain) as (session, found):
        session.execute(update(AuditRow).where(of(actor, 6)).values(municipality_id=other.municipality_id))
        assert {broken.municipality_id for broken in found()} == {
            actor.municipality_id.hex,
            other.municipality_id.hex,
        }


@pytest.mark.parametrize("sequence", range(1, 6))
def test_a_row_taken_out_is_found_where_it_stood(chain: Database, actor: Actor, sequence: int) -> None:
    with tampering(chain) as (session, found):
        session.execute(delete(AuditRow).where(of(actor, sequence)))
        assert any(b.sequence == str(sequence + 1) and b.what == f"expected row {sequence}" for b in found())


@pytest.mark.parametrize("left", range(6))
def test_a_chain_cut_off_is_found(chain: Database, actor: Actor, left: int) -> None:
    with tampering(chain) as (session, found):
        session.execute(
            delete(AuditRow).where(AuditRow.municipality_id == actor.municipality_id, AuditRow.sequence > left)
        )
        assert any(b.sequence == str(left) and "head" in b.what for b in found())


def test_a_row_put_in_is_found(chain: Database, actor: Actor) -> None:
    with tampering(chain) as (session, found):
        copied = session.scalars(select(AuditRow).where(of(actor, 6))).one()
        values = {name: getattr(copied, name) for name in COLUMNS} | {"id": uuid4(), "sequence": 7}
        session.execute(insert(AuditRow).values(values))
        assert places(found(), actor) == {"7"}


def test_a_row_put_in_with_a_hash_that_is_right_is_found(chain: Database, actor: Actor) -> None:
    with tampering(chain) as (session, found):
        copied = session.scalars(select(AuditRow).where(of(actor, 2))).one()
        values = {name: getattr(copied, name) for name in COLUMNS} | {"id": uuid4(), "sequence": 7}
        texts = {name: values[name] for name in TEXTS}
        values["hash"] = digest(
            {"id": values["id"].hex, "municipality_id": actor.municipality_id.hex, "sequence": "7", **texts}
        )
        session.execute(insert(AuditRow).values(values))
        assert {b.what for b in found()} == {"does not continue the row before", "the head does not match the last row"}


def test_two_rows_that_change_places_are_found(chain: Database, actor: Actor) -> None:
    with tampering(chain) as (session, found):
        for before, after in ((2, 1000), (3, 2), (1000, 3)):
            session.execute(update(AuditRow).where(of(actor, before)).values(sequence=after))
        assert {"2", "3"} <= places(found(), actor)


@pytest.mark.parametrize("values", [{"sequence": 5}, {"sequence": 7}, {"hash": "0" * 64}])
def test_a_head_that_was_edited_is_found(chain: Database, actor: Actor, values: dict[str, Any]) -> None:
    with tampering(chain) as (session, found):
        session.execute(update(AuditHead).where(AuditHead.municipality_id == actor.municipality_id).values(values))
        assert places(found(), actor) == {"6"}


def test_a_head_that_is_gone_is_found(chain: Database, actor: Actor) -> None:
    with tampering(chain) as (session, found):
        session.execute(delete(AuditHead).where(AuditHead.municipality_id == actor.municipality_id))
        assert places(found(), actor) == {"6"}


def test_a_whole_chain_that_is_gone_is_found(chain: Database, actor: Actor) -> None:
    with tampering(chain) as (session, found):
        session.execute(delete(AuditShown).where(AuditShown.municipality_id == actor.municipality_id))
        session.execute(delete(AuditRow).where(AuditRow.municipality_id == actor.municipality_id))
        assert places(found(), actor) == {"0"}


def _damage_of_the_index() -> dict[str, Any]:
    own = AuditShown.sequence == 3
    return {
        "taken out": delete(AuditShown).where(own, AuditShown.object_id == CASES[1]),
        "all taken out": delete(AuditShown).where(own),
        "another child": update(AuditShown).where(own, AuditShown.object_id == CASES[1]).values(object_id=CASES[3]),
        "another list": update(AuditShown).where(own, AuditShown.object_id == CASES[1]).values(sequence=6),
    }


@pytest.mark.parametrize("how", _damage_of_the_index())
def test_an_index_that_no_longer_tells_who_saw_a_child_is_found(chain: Database, actor: Actor, how: str) -> None:
    with tampering(chain) as (session, found):
        session.execute(_damage_of_the_index()[how])
        assert "3" in places(found(), actor)


def test_an_index_of_a_row_there_is_not_is_found(chain: Database, actor: Actor) -> None:
    with tampering(chain) as (session, found):
        session.add(AuditShown(municipality_id=actor.municipality_id, sequence=4, object_id=CASES[0]))
        session.add(AuditShown(municipality_id=actor.municipality_id, sequence=99, object_id=CASES[0]))
        session.flush()
        assert places(found(), actor) == {"4", "99"}


@pytest.mark.parametrize("value", ["CAST(x'ff41' AS TEXT)", "x'00'", "''", "'\u00b2'", "'7.5'", "'9e999'"])
def test_what_is_no_text_and_no_number_is_found_and_not_stumbled_over(
    chain: Database, actor: Actor, value: str
) -> None:
    if not chain.is_sqlite:  # PostgreSQL keeps text text and numbers numbers.
        with tampering(chain) as (session, found):
            session.execute(text("UPDATE audit_row SET details = '{\"shown\"' WHERE sequence = 3"))
            assert places(found(), actor) == {"3"}
        return
    for column in ("details", "action", "sequence", "hash", "recorded_at"):
        with tampering(chain) as (session, found):
            session.execute(
                text(f"UPDATE audit_row SET {column} = {value} WHERE sequence = 3 AND municipality_id = :id"),  # noqa: S608
                {"id": actor.municipality_id.hex},
            )
            assert places(found(), actor)


class TestReadings:
    def test_who_saw_a_case_alone_or_in_a_list(self, chain: Database, actor: Actor) -> None:
        with chain.reading() as session:
            readings = queries.list_readings(session, CASES[1], visible_to=actor)
        assert [reading.action for reading in readings] == ["case:listed", "case:closed", "case:listed"]
        assert {reading.account_id for reading in readings} == {actor.account_id}
        assert all(reading.at.tzinfo is not None for reading in readings)

    def test_a_case_that_only_a_list_showed(self, chain: Database, actor: Actor) -> None:
        with chain.reading() as session:
            assert len(queries.list_readings(session, CASES[2], visible_to=actor)) == 1
            assert queries.list_readings(session, CASES[3], visible_to=actor) == []

    def test_another_municipality_is_told_nothing_but_its_own(
        self, chain: Database, actor: Actor, other: Actor
    ) -> None:
        with chain.reading() as session:
            assert len(queries.list_readings(session, CASES[0], visible_to=other)) == 1
            assert queries.list_readings(session, CASES[1], visible_to=other) == []
            assert queries.list_rows(session, visible_to=other).total == 1


class TestListRows:
    def test_the_newest_stands_first(self, chain: Database, actor: Actor) -> None:
        with chain.reading() as session:
            page = queries.list_rows(session, visible_to=actor)
        assert [row.sequence for row in page.items] == [6, 5, 4, 3, 2, 1]

    def test_those_about_one_object(self, chain: Database, actor: Actor) -> None:
        with chain.reading() as session:
            page = queries.list_rows(session, visible_to=actor, object_id=CASES[0])
        assert [row.sequence for row in page.items] == [3, 2, 1]

    def test_scheduled_work_sees_its_own_municipality_only(self, chain: Database, actor: Actor) -> None:
        with chain.reading() as session:
            assert queries.list_rows(session, visible_to=Actor.system(actor.municipality_id)).total == 6
            assert session.scalar(select(func.count()).select_from(AuditRow)) == 7
