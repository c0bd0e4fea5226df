"""One-time links: made, mailed, used once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor, Role
from app.accounts import queries, service
from app.accounts.models import Account, OneTimeLink
from app.accounts.types import LinkPurpose
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import NotFound, Refused
from app.outbox.models import OutboxMessage
from tests.conftest import Clock
from tests.integration.accounts.conftest import ADDRESS, EMAIL, PASSWORD, Person, actions, tries
from tests.machine.at_once import at_once

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
NEW_PASSWORD = "helt-andra-ord-i-rad"


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

        assert at_once([use] * 6) == ["False"] * 5 + ["True"]

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
