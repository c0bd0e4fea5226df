"""Where the register is: its secret stays where it was typed for, and its units are remembered."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.kernel import clock
from app.kernel.database import Installation
from app.kernel.errors import Conflict, Refused
from app.rosters import queries, service
from app.rosters.models import RegisterConnection
from app.rosters.types.fetching import FetchFailure, FetchState
from tests.factories.registers import UNITS, Registry, make_connection


def codes(registry: Registry) -> dict[str, str]:
    """Return what is known of the register's units."""
    with registry.database.reading() as session:
        known: dict[str, str] = session.scalars(select(RegisterConnection.known_units)).one()
        return known


class TestKnownUnits:
    def test_a_fetch_remembers_the_units_codes(self, registry: Registry) -> None:
        registry.fetch()
        assert sorted(codes(registry).values()) == sorted(UNITS)

    def test_a_trial_of_the_connection_agrees_to_new_ones(self, registry: Registry) -> None:
        registry.fetch()
        for organisation in registry.server.data.organisations:
            if organisation.get("schoolUnitCode") in UNITS:
                organisation["schoolUnitCode"] = {"01990011": "01990012", "01990012": "01990011"}[
                    organisation["schoolUnitCode"]
                ]
        assert registry.fetch().failure is FetchFailure.CHANGED
        assert registry.fetch(is_dry_run=True, for_round=False).state is FetchState.FETCHED
        assert registry.fetch().state is FetchState.FETCHED


class TestConnection:
    def save(self, registry: Registry, **values: Any) -> RegisterConnection:
        with registry.database.transaction() as session:
            actor = registry.administrator.as_actor(clock.today())
            own = queries.find_connection(session, visible_to=actor)
            assert own is not None
            known = {"base_url": own.base_url, "token_url": own.token_url, "secret": None, "version": own.version}
            return service.save_connection(session, actor, make_connection(**known | values))

    def test_the_secret_is_kept_sealed(self, registry: Registry) -> None:
        with registry.database.reading() as session:
            own = session.scalars(select(RegisterConnection)).one()
            assert own.secret == "hemligt-ordval-åäö"
            assert b"hemligt" not in own.secret_sealed

    def test_without_a_new_one_it_stays(self, registry: Registry) -> None:
        assert self.save(registry, scope="ss12000").secret == "hemligt-ordval-åäö"
        assert registry.fetch().state is FetchState.FETCHED

    @pytest.mark.parametrize(
        "place",
        [{"token_url": "https://evil.example/token"}, {"token_url": ""}, {"base_url": "https://evil.example/v2.0"}],
    )
    def test_it_is_not_sent_to_another_place_than_it_was_typed_for(
        self, registry: Registry, place: dict[str, str]
    ) -> None:
        with pytest.raises(Refused, match="secret_required"):
            self.save(registry, **place)
        self.save(registry, **place, secret="another")

    @pytest.mark.parametrize(
        "address", ["http://register.example", "ftp://x", "", "https://", "https://u:p@register.example", "https://a b"]
    )
    def test_an_address_that_is_not_safe_is_refused(self, registry: Registry, address: str) -> None:
        with pytest.raises(Refused, match="register_address"):
            self.save(registry, base_url=address, secret="x")

    def test_only_a_rehearsal_has_its_register_on_this_machine(self, registry: Registry) -> None:
        with registry.database.transaction() as session:
            session.execute(update(Installation).values(is_rehearsal=False))
        for address in ("http://127.0.0.1:5432", "http://localhost/x", "https://[::1]/x"):
            with pytest.raises(Refused, match="register_is_here"):
                self.save(registry, base_url=address, token_url="", secret="x")
            with pytest.raises(Refused, match="register_is_here"):
                self.save(registry, base_url="https://register.example", token_url=address, secret="x")
        self.save(registry, base_url="https://register.example", token_url="", secret="x")

    def test_a_form_that_was_open_while_the_register_was_read_can_be_saved(self, registry: Registry) -> None:
        with registry.database.reading() as session:
            version = session.scalars(select(RegisterConnection.version)).one()
        registry.fetch(is_dry_run=True, for_round=False)
        assert codes(registry)
        self.save(registry, version=version, scope="ss12000")

    def test_two_administrators_meet(self, registry: Registry) -> None:
        for version in (0, None):
            with pytest.raises(Conflict):
                self.save(registry, version=version, scope="x", secret="x")

    def test_a_new_address_forgets_what_was_known_of_the_units(self, registry: Registry) -> None:
        registry.fetch()
        self.save(registry, scope="ss12000")
        assert codes(registry) == {}
