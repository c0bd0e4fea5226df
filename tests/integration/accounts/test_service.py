"""Signing in, one-time links, and the end of sessions."""

import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.access.actor import Actor, Role
from app.accounts import queries, service
from app.accounts.models import Account, OneTimeLink, SignInAttempt, SignInSession
from app.accounts.service import passwords
from app.accounts.types import AddAccount, LinkPurpose, TooManyAttempts
from app.audit.models import AuditRow
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import NotFound, Refused
from app.outbox.models import OutboxMessage
from app.schools.models import Municipality
from tests.conftest import Clock
from tests.factories.schools import make_municipality, make_unit
from tests.integration.accounts.conftest import ADDRESS, EMAIL, PASSWORD, Person

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
NEW_PASSWORD = "helt-andra-ord-i-rad"


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.municipality_id, AuditRow.sequence)))


def tries(database: Database, *, email: str = EMAIL, password: str = PASSWORD, address: str = ADDRESS) -> str:
    try:
        token = service.sign_in(database, email, password, address)
    except TooManyAttempts:
        return "too many"
    return "in" if token else "wrong"


def at_once(count: int, work: Callable[[], str]) -> list[str]:
    """Let several threads do the same at the same moment, and return what each got."""
    barrier, outcomes = threading.Barrier(count), list[str]()

    def run() -> None:
        barrier.wait()
        try:
            outcomes.append(work())
        except Exception as error:
            outcomes.append(repr(error))

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


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
        outcomes = at_once(20, lambda: tries(database, password="fel-fel-fel-fel-fel"))
        assert set(outcomes) <= {"wrong", "too many"}
        assert outcomes.count("too many") >= 15  # All of them when all are counted before the first is looked at.
        assert tries(database) == "too many"

    def test_nor_one_whose_last_guess_is_right(self, database: Database, karin: Account) -> None:
        for _ in range(5):
            tries(database, password="fel-fel-fel-fel-fel")
        assert set(at_once(20, lambda: tries(database))) == {"too many"}

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


class TestLinks:
    def make(self, database: Database, account: Account, purpose: LinkPurpose = LinkPurpose.RENEWAL) -> OneTimeLink:
        with database.transaction() as session:
            own = session.get_one(Account, account.id)
            return service.make_link(session, Actor.system(account.municipality_id), own, purpose)

    def use(self, database: Database, token: str, password: str = NEW_PASSWORD) -> bool:
        with database.transaction() as session:
            link = queries.find_usable_link(session, token, clock.wall())
            if link is None:
                return False
            service.use_link(session, link, password)
            return True

    def test_it_works_once(self, database: Database, karin: Account) -> None:
        token = self.make(database, karin).token
        assert [self.use(database, token), self.use(database, token)] == [True, False]
        assert tries(database, password=NEW_PASSWORD) == "in"
        assert tries(database, password=PASSWORD) == "wrong"

    def test_two_at_once_use_it_once(self, database: Database, karin: Account) -> None:
        token = self.make(database, karin).token
        passwords = iter(f"{number}-{NEW_PASSWORD}" for number in range(6))

        def use() -> str:
            try:
                return str(self.use(database, token, next(passwords)))
            except NotFound:
                return "False"

        assert sorted(at_once(6, use)) == ["False"] * 5 + ["True"]

    @pytest.mark.parametrize(
        ("purpose", "lasts"),
        [(LinkPurpose.ACTIVATION, timedelta(days=14)), (LinkPurpose.RENEWAL, timedelta(hours=1))],
    )
    def test_it_wears_out(
        self, database: Database, karin: Account, set_clock: Clock, purpose: LinkPurpose, lasts: timedelta
    ) -> None:
        set_clock(NOON)
        token = self.make(database, karin, purpose).token
        set_clock(NOON + lasts)
        assert not self.use(database, token)
        set_clock(NOON + lasts - timedelta(seconds=1))
        assert self.use(database, token)

    def test_the_rehearsals_clock_does_not_wear_it_out(self, database: Database, karin: Account) -> None:
        token = self.make(database, karin).token
        clock.synchronise(timedelta(days=200))
        with database.reading() as session:
            clock.synchronise(timedelta(days=200))
            assert queries.find_usable_link(session, token, clock.wall()) is not None

    def test_a_new_one_replaces_it(self, database: Database, karin: Account) -> None:
        first, second = self.make(database, karin).token, self.make(database, karin, LinkPurpose.ACTIVATION).token
        assert [self.use(database, first), self.use(database, second)] == [False, True]

    @pytest.mark.parametrize("token", ["", "x", "å", "A" * 64, "\x00", "%00", "a" * 5000])
    def test_garbage_is_no_link(self, database: Database, karin: Account, token: str) -> None:
        assert not self.use(database, token)

    def test_a_weak_password_leaves_it_as_it_was(self, database: Database, karin: Account) -> None:
        token = self.make(database, karin).token
        with pytest.raises(Refused, match="short"):
            self.use(database, token, "kort")
        assert self.use(database, token)

    def test_using_it_ends_every_session(self, database: Database, karin: Account) -> None:
        tokens = [service.sign_in(database, EMAIL, PASSWORD, ADDRESS) for _ in range(2)]
        assert self.use(database, self.make(database, karin).token)
        with database.reading() as session:
            for token in tokens:
                found = queries.find_session(session, str(token))
                assert found is not None
                assert not found.is_alive(clock.wall())

    def test_the_first_activates_and_the_next_changes(self, database: Database, person: Person) -> None:
        new = person(Role.STAFF, activated_at=None, password_hash=None)
        assert self.use(database, self.make(database, new, LinkPurpose.ACTIVATION).token)
        assert self.use(database, self.make(database, new).token, "tredje-raden-med-ord")
        made = "account:link_made"
        assert actions(database) == [made, "account:activated", made, "account:password_changed"]
        with database.reading() as session:
            assert session.get_one(Account, new.id).activated_at is not None


class TestRequestRenewal:
    def ask(self, database: Database, email: str) -> int:
        with database.transaction() as session:
            service.request_renewal(session, email)
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0

    def test_a_mail_is_queued_with_an_id_and_no_token(self, database: Database, karin: Account) -> None:
        assert self.ask(database, EMAIL.upper()) == 1
        with database.reading() as session:
            message, link = session.scalars(select(OutboxMessage)).one(), session.scalars(select(OneTimeLink)).one()
            assert message.payload == {"link_id": str(link.id)}
            assert EMAIL not in f"{message.payload}{message.dedupe_key}"

    def test_nobody_and_a_closed_account_get_none(self, database: Database, person: Person) -> None:
        person(Role.STAFF, email="closed@alvhaga.example", is_active=False)
        assert self.ask(database, "nobody@alvhaga.example") == 0
        assert self.ask(database, "closed@alvhaga.example") == 0

    def test_nobodys_mailbox_is_filled(self, database: Database, karin: Account, set_clock: Clock) -> None:
        set_clock(NOON)
        assert [self.ask(database, EMAIL) for _ in range(5)] == [1, 2, 3, 3, 3]
        set_clock(NOON + timedelta(hours=1, seconds=1))
        assert self.ask(database, EMAIL) == 4


class TestAccounts:
    def test_one_is_added_with_its_units(self, database: Database, municipality: Municipality, actor: Actor) -> None:
        with database.transaction() as session:
            unit = make_unit(session, municipality)
            command = AddAccount("Per Hallonqvist", "rektor", EMAIL, "08-465 004 32", Role.RESPONDENT, (unit.id,))
            account = service.add_account(session, actor, command)
        with database.reading() as session:
            found = queries.get_account(session, account.id, visible_to=actor)
            assert (found.name, found.email, found.password_hash) == ("Per Hallonqvist", EMAIL, None)
            assert found.as_actor(clock.today()).unit_ids == {unit.id}
        assert actions(database) == ["account:added"]

    def test_an_address_is_one_persons_in_any_municipality(self, database: Database, karin: Account) -> None:
        command = AddAccount("Någon Annan", "rektor", EMAIL.upper(), "08-465 004 32", Role.STAFF)
        with database.transaction() as session:
            elsewhere = Actor.system(make_municipality(session).id)
            with pytest.raises(Refused, match="email_is_taken"):
                service.add_account(session, elsewhere, command)

    def test_a_closed_account_is_out_at_once_and_may_be_opened(
        self, database: Database, karin: Account, actor: Actor
    ) -> None:
        token = str(service.sign_in(database, EMAIL, PASSWORD, ADDRESS))
        with database.transaction() as session:
            service.disable_account(session, actor, session.get_one(Account, karin.id))
        with database.reading() as session:
            found = queries.find_session(session, token)
            assert found is not None
            assert not found.is_alive(clock.wall())
        assert tries(database) == "wrong"
        with database.transaction() as session:
            service.enable_account(session, actor, session.get_one(Account, karin.id))
        assert tries(database) == "in"
        with database.reading() as session:
            found = queries.find_session(session, token)
            assert found is not None
            assert not found.is_alive(clock.wall())

    def test_nobody_closes_the_own_account(self, database: Database, karin: Account) -> None:
        own = Actor(karin.id, karin.municipality_id, karin.role)
        with database.transaction() as session, pytest.raises(Refused, match="own_account"):
            service.disable_account(session, own, session.get_one(Account, karin.id))

    def test_names_are_found_within_the_municipality(self, database: Database, karin: Account, actor: Actor) -> None:
        with database.transaction() as session:
            elsewhere = Actor.system(make_municipality(session).id)
            assert queries.names_by_id(session, [karin.id], visible_to=actor) == {karin.id: karin.name}
            assert queries.names_by_id(session, [karin.id], visible_to=elsewhere) == {}
            with pytest.raises(NotFound):
                queries.get_account(session, karin.id, visible_to=elsewhere)
