"""Accounts: added, closed and opened again."""

import pytest

from app.access.actor import Actor, Role
from app.accounts import queries, service
from app.accounts.models import Account
from app.accounts.types import AddAccount
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import NotFound, Refused
from app.schools.models import Municipality
from tests.factories.schools import make_municipality, make_unit
from tests.integration.accounts.conftest import ADDRESS, EMAIL, PASSWORD, actions, tries


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
