"""Signing in, and how often one may try."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.access.actor import Role
from app.accounts import service
from app.accounts.models import Account, SignInAttempt, SignInSession
from app.accounts.service import passwords
from app.kernel import clock
from app.kernel.database import Database
from tests.conftest import Clock
from tests.integration.accounts.conftest import ADDRESS, EMAIL, PASSWORD, Person, actions, tries
from tests.machine.at_once import at_once

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)


class TestSignIn:
    def test_the_right_password_gives_a_token_that_is_kept_nowhere(self, database: Database, karin: Account) -> None:
        token = service.sign_in(database, EMAIL, PASSWORD, ADDRESS)
        assert token is not None
        assert len(token) >= 43
        with database.reading() as session:
            kept = session.scalars(select(SignInSession)).one()
            assert (kept.account_id, kept.token_hash) == (karin.id, sha256(token.encode()).digest())
            assert token not in str([getattr(kept, column.key) for column in SignInSession.__table__.columns])
        assert actions(database) == ["sign_in:succeeded"]

    def test_every_signing_in_has_a_token_of_its_own(self, database: Database, karin: Account) -> None:
        assert len({service.sign_in(database, EMAIL, PASSWORD, ADDRESS) for _ in range(3)}) == 3

    @pytest.mark.parametrize("email", [EMAIL.upper(), f"  {EMAIL} ", EMAIL.title()])
    def test_the_address_may_be_written_in_any_letters(self, database: Database, karin: Account, email: str) -> None:
        assert tries(database, email=email) == "in"

    def test_a_wrong_password_is_noted(self, database: Database, karin: Account) -> None:
        assert tries(database, password=PASSWORD + "x") == "wrong"
        assert actions(database) == ["sign_in:failed"]

    def test_a_closed_account_and_one_without_a_password_do_not_open(self, database: Database, person: Person) -> None:
        person(Role.STAFF, email="closed@alvhaga.example", is_active=False)
        person(Role.STAFF, email="new@alvhaga.example", password_hash=None)
        assert tries(database, email="closed@alvhaga.example") == "wrong"
        assert tries(database, email="new@alvhaga.example") == "wrong"

    def test_an_unknown_account_takes_the_same_path(
        self, database: Database, karin: Account, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person(Role.STAFF, email="closed@alvhaga.example", is_active=False)
        person(Role.STAFF, email="new@alvhaga.example", password_hash=None)
        passwords._hash_of_nobody()
        verified = _Counting(passwords._hasher)
        monkeypatch.setattr(passwords, "_hasher", verified)
        costs = set()
        for email in (EMAIL, "nobody@alvhaga.example", "closed@alvhaga.example", "new@alvhaga.example"):
            verified.count = 0
            with counting_commits(database) as commits:
                assert tries(database, email=email, password="fel-fel-fel-fel-fel") == "wrong"
            costs.add((verified.count, commits()))
        assert costs == {(1, 2)}

    def test_letters_in_one_part_or_two_are_the_same_password(self, database: Database, person: Person) -> None:
        typed = "blåbär-ö-ängar-åkrar"
        person(Role.STAFF, email="asa@alvhaga.example", password_hash=service.hash_password(typed))
        for form in ("NFC", "NFD"):
            written = unicodedata.normalize(form, typed)
            assert tries(database, email="asa@alvhaga.example", password=written) == "in"


class _Counting:
    """A hasher that counts."""

    def __init__(self, hasher: Any) -> None:
        self._hasher, self.count = hasher, 0

    def verify(self, known: str, password: str) -> bool:
        self.count += 1
        return bool(self._hasher.verify(known, password))


@contextmanager
def counting_commits(database: Database) -> Iterator[Callable[[], int]]:
    found: list[int] = []

    def note(_connection: object) -> None:
        found.append(1)

    event.listen(database.engine, "commit", note)
    yield lambda: len(found)
    event.remove(database.engine, "commit", note)


class TestThrottle:
    def test_the_sixth_within_a_minute_is_refused_even_when_right(
        self, database: Database, karin: Account, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        assert [tries(database, password="fel-fel-fel-fel-fel") for _ in range(5)] == ["wrong"] * 5
        assert [tries(database), tries(database)] == ["too many", "too many"]

    def test_after_a_minute_it_opens_again(self, database: Database, karin: Account, set_clock: Clock) -> None:
        set_clock(NOON)
        for _ in range(5):
            tries(database, password="fel-fel-fel-fel-fel")
        set_clock(NOON + timedelta(seconds=59))
        assert tries(database) == "too many"
        set_clock(NOON + timedelta(seconds=119))
        assert tries(database) == "in"

    def test_others_are_unaffected(self, database: Database, karin: Account, person: Person, set_clock: Clock) -> None:
        set_clock(NOON)
        person(Role.STAFF, email="ola@alvhaga.example")
        for _ in range(6):
            tries(database, password="fel-fel-fel-fel-fel")
        assert tries(database, email="ola@alvhaga.example") == "in"
        assert tries(database, address="192.0.2.8") == "in"
        assert tries(database) == "too many"

    def test_one_who_signs_in_begins_anew(self, database: Database, karin: Account, set_clock: Clock) -> None:
        set_clock(NOON)
        for _ in range(3):
            assert [tries(database, password="fel-fel-fel-fel-fel") for _ in range(4)] == ["wrong"] * 4
            assert tries(database) == "in"

    def test_an_account_there_is_not_is_throttled_the_same(self, database: Database, set_clock: Clock) -> None:
        set_clock(NOON)
        assert [tries(database, email="nobody@alvhaga.example") for _ in range(6)] == ["wrong"] * 5 + ["too many"]

    @pytest.mark.parametrize("email", [EMAIL.upper(), f" {EMAIL}"])
    def test_another_spelling_is_the_same_account(
        self, database: Database, karin: Account, set_clock: Clock, email: str
    ) -> None:
        set_clock(NOON)
        for _ in range(5):
            tries(database, password="fel-fel-fel-fel-fel")
        assert tries(database, email=email) == "too many"

    @pytest.mark.parametrize(
        ("addresses", "last"),
        [
            (
                ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::", "2001:db8:1:2::3%eth0", "2001:db8:1:2::"],
                True,
            ),
            (["2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1", "2001:db8:1:5::1", "2001:db8:1:6::1"], False),
            (["::ffff:192.0.2.1", "::ffff:192.0.2.2", "::ffff:192.0.2.3", "192.0.2.4", "192.0.2.5"], False),
        ],
    )
    def test_one_subscriber_is_one_address(
        self, database: Database, karin: Account, set_clock: Clock, addresses: list[str], *, last: bool
    ) -> None:
        set_clock(NOON)
        for address in addresses:
            tries(database, password="fel-fel-fel-fel-fel", address=address)
        assert tries(database, address="2001:db8:1:2:3:4:5:6") == ("too many" if last else "in")

    def test_a_server_that_does_not_know_the_address_still_counts(
        self, database: Database, karin: Account, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        assert [tries(database, password="fel-fel-fel-fel-fel", address="") for _ in range(6)][5] == "too many"

    def test_a_burst_cannot_slip_through(self, database: Database, karin: Account) -> None:
        outcomes = at_once([lambda: tries(database, password="fel-fel-fel-fel-fel")] * 20)
        assert set(outcomes) <= {"wrong", "too many"}
        assert outcomes.count("too many") >= 15  # All of them when all are counted before the first is looked at.
        assert tries(database) == "too many"

    def test_nor_one_whose_last_guess_is_right(self, database: Database, karin: Account) -> None:
        for _ in range(5):
            tries(database, password="fel-fel-fel-fel-fel")
        assert set(at_once([lambda: tries(database)] * 20)) == {"too many"}

    def test_old_tries_are_forgotten(self, database: Database, karin: Account, set_clock: Clock) -> None:
        set_clock(NOON)
        for number in range(4):
            tries(database, email=f"{number}@alvhaga.example")
        set_clock(NOON + timedelta(minutes=11))
        tries(database, password="fel-fel-fel-fel-fel")
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 1

    def test_the_machines_clock_rules(self, database: Database, karin: Account) -> None:
        for _ in range(5):
            tries(database, password="fel-fel-fel-fel-fel")
        clock.synchronise(timedelta(days=10))
        assert tries(database) == "too many"

    def test_no_address_is_kept(self, database: Database) -> None:
        tries(database)
        with database.reading() as session:
            attempt = session.scalars(select(SignInAttempt)).one()
        assert len(attempt.key) == 32
        assert {column.key for column in SignInAttempt.__table__.columns} == {"id", "key", "at"}
