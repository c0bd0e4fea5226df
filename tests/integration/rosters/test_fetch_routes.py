"""The pages order and show; what they say is in plain words, and the secret is on none of them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.kernel.database import Database
from app.rosters.models import RosterFetch
from app.rosters.pages.fetching import FAULTS, STEPS
from app.rosters.types.fetching import FetchFailure, FetchState, FetchStep
from tests.conftest import Clock, SignIn
from tests.factories.registers import NOON, Registry, make_registry
from tests.machine.register_data import MARKED
from tests.machine.register_server import CLIENT_ID, SECRET, RegisterServer
from tests.pages import Browser, Page, all_of


@pytest.fixture
def coordinator(registry: Registry, sign_in: SignIn) -> Browser:
    return sign_in(registry.coordinator)


@pytest.fixture
def administrator(registry: Registry, sign_in: SignIn) -> Browser:
    return sign_in(registry.administrator)


def show(coordinator: Browser, registry: Registry) -> Page:
    return coordinator.page("rosters.show_fetches", round_id=registry.round_id)


class TestCoordinator:
    def test_the_lists_lead_to_the_register_and_the_register_back(
        self, coordinator: Browser, registry: Registry
    ) -> None:
        lists = coordinator.page("rosters.show_lists", round_id=registry.round_id)
        page = coordinator.visit(lists.link("Hämta från elevregistret"))
        assert page.h1 == "Hämta från elevregistret"
        assert coordinator.visit(page.link("Klasslistor")).h1 == "Klasslistor"

    def test_what_is_ordered_is_fetched_by_nobody_who_looks(self, coordinator: Browser, registry: Registry) -> None:
        page = coordinator.submit(show(coordinator, registry), button="Hämta klasslistor")
        assert "Väntar på sin tur" in page.text
        assert "Visa hur det går" in page.links
        assert registry.server.asked == []
        assert "Hämta klasslistor" not in [button for form in page.forms for button in form.buttons]

    def test_what_was_fetched_is_counted_and_leads_to_where_it_is_confirmed(
        self, coordinator: Browser, registry: Registry
    ) -> None:
        data = registry.server.data
        unit = next(each["id"] for each in data.organisations if each.get("schoolUnitCode") == "01990011")
        data.add_pupil(unit, marking=MARKED, givenName="Hemlig", familyName="Hemligsson")
        data.add_organisation("Nya skolan", "01990099")
        coordinator.submit(show(coordinator, registry), button="Hämta klasslistor")
        registry.work()
        page = show(coordinator, registry)
        assert all_of(page.rows("Skolor i registret"), "Elever") == ["24", "24"]
        assert all_of(page.rows("Skolor i registret"), "Skyddade") == ["–", "1"]
        assert "1 skolenhet i registret finns inte här: Nya skolan (01990099)" in page.text
        assert not [person for person in data.persons if str(person["familyName"]) in page.text]
        lists = coordinator.visit(page.link("Granska och bekräfta"))
        confirmed = coordinator.submit(lists, button="Bekräfta klasslistorna")
        assert "2 skolor har en klasslista" in confirmed.text
        assert "Granska och bekräfta" not in show(coordinator, registry).links

    def test_a_trial_is_a_trial(self, coordinator: Browser, registry: Registry) -> None:
        coordinator.submit(show(coordinator, registry), button="Prova utan att lägga upp")
        registry.work()
        page = show(coordinator, registry)
        assert "Det här var ett prov. Inga listor är upplagda." in page.text
        assert "Granska och bekräfta" not in page.links

    def test_what_went_wrong_is_said_and_what_to_do(
        self, coordinator: Browser, registry: Registry, set_clock: Clock
    ) -> None:
        registry.server.hangs_up = {"persons"}
        registry.fetch()
        page = show(coordinator, registry)
        assert "Registret är nere" in page.text
        assert "Klasslistor som redan var upplagda är som de var." in page.text
        registry.server.hangs_up = set()
        set_clock(NOON + timedelta(minutes=5))
        coordinator.submit(page, button="Hämta klasslistor")
        registry.work()
        assert all_of(show(coordinator, registry).rows("Tidigare hämtningar"), "Läge") == [
            "Misslyckades Registret är nere"
        ]

    def test_every_failure_and_every_step_has_its_words(self, coordinator: Browser, registry: Registry) -> None:
        fetch_id = registry.order()
        for step in FetchStep:
            with registry.database.transaction() as session:
                fetch = session.get_one(RosterFetch, fetch_id)
                fetch.state, fetch.step = FetchState.FETCHING, step
            assert STEPS[step] in show(coordinator, registry).text
        for failure in FetchFailure:
            with registry.database.transaction() as session:
                session.get_one(RosterFetch, fetch_id).fail(failure, NOON)
            assert FAULTS[failure].title in show(coordinator, registry).text

    def test_guardians_that_were_not_told_are_a_caution(self, coordinator: Browser, registry: Registry) -> None:
        for person in registry.server.data.persons:
            person.pop("responsibles", None)
        registry.fetch()
        assert "Vårdnadshavare saknas i registret" in show(coordinator, registry).text
        lists = coordinator.page("rosters.show_lists", round_id=registry.round_id)
        assert "Vårdnadshavare saknas i registret" in lists.text

    def test_two_orders_at_once_are_one(self, coordinator: Browser, registry: Registry) -> None:
        page = show(coordinator, registry)
        registry.order(is_dry_run=True, for_round=False)
        assert "Registret läses redan" in show(coordinator, registry).text
        refused = coordinator.submit(page, button="Hämta klasslistor", status=409)
        assert "pågår redan" in refused.text

    def test_without_a_register_one_is_told_whom_to_ask(
        self, database: Database, register_server: RegisterServer, sign_in: SignIn
    ) -> None:
        registry = make_registry(database, register_server, base_url="")
        page = show(sign_in(registry.coordinator), registry)
        assert "Registret är inte anslutet" in page.text


class TestAdministrator:
    def test_a_register_is_connected_and_tried(
        self, database: Database, register_server: RegisterServer, sign_in: SignIn
    ) -> None:
        registry = make_registry(database, register_server, base_url="")
        administrator = sign_in(registry.administrator)
        page = administrator.page("rosters.edit_register")
        assert "Registret är inte anslutet." in page.text
        empty = administrator.submit(page, button="Spara anslutningen", status=422)
        assert [error.partition(".")[0] for error in empty.errors] == ["Skriv registrets adress", "Skriv hemligheten"]
        values = {"base_url": register_server.base_url, "token_url": register_server.token_url, "client_id": CLIENT_ID}
        page = administrator.submit(page, values | {"password": SECRET}, button="Spara anslutningen")
        assert "Anslutningen är sparad" in page.text
        page = administrator.submit(page, button="Prova anslutningen")
        registry.work()
        page = administrator.page("rosters.edit_register")
        assert "Det här var ett prov" in page.text
        assert "Skyddade" not in str(page.rows("Skolor i registret"))

    def test_saved_is_not_connected_until_the_register_has_answered(
        self, administrator: Browser, registry: Registry, set_clock: Clock
    ) -> None:
        def lead() -> Page:
            return administrator.page("rosters.edit_register")

        assert "Sparat. Inte provat ännu." in lead().text
        assert "Registret är anslutet" not in lead().text
        registry.fetch(is_dry_run=True, for_round=False)
        assert "Registret är anslutet." in lead().text
        administrator.submit(lead(), {"password": "fel-hemlighet"}, button="Spara anslutningen")
        assert "Sparat. Inte provat ännu." in lead().text
        set_clock(NOON + timedelta(minutes=5))
        registry.fetch(is_dry_run=True, for_round=False)
        failed = lead()
        assert "Det gick inte att logga in i registret" in failed.text
        assert "Sparat. Inget prov har lyckats ännu." in failed.text
        assert "Kontrollera klient-id och hemlighet" in failed.text
        assert "dministratören" not in failed.text

    def test_no_failure_tells_the_administrator_to_ask_the_administrator(
        self, administrator: Browser, registry: Registry
    ) -> None:
        fetch_id = registry.order(is_dry_run=True, for_round=False)
        for failure in FetchFailure:
            with registry.database.transaction() as session:
                session.get_one(RosterFetch, fetch_id).fail(failure, NOON)
            page = administrator.page("rosters.edit_register")
            assert FAULTS[failure].title in page.text
            assert "dministratören" not in page.text

    def test_the_secret_is_never_shown_again(self, administrator: Browser, registry: Registry) -> None:
        page = administrator.page("rosters.edit_register")
        assert SECRET not in page.html
        failed = administrator.submit(
            page,
            {"base_url": "http://register.example", "password": "nytt-hemligt"},
            button="Spara anslutningen",
            status=422,
        )
        assert "nytt-hemligt" not in failed.html
        assert failed.errors == ["Adressen måste börja med https, annars kan andra läsa det som skickas."]

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"base_url": ""}, "Skriv registrets adress."),
            ({"base_url": "registret"}, "Skriv hela adressen"),
            ({"token_url": "https://u:p@register.example/token"}, "Skriv adressen utan användarnamn och lösenord"),
            ({"client_id": ""}, "Skriv klient-id."),
            ({"token_url": "https://evil.example/token"}, "Skriv hemligheten."),
            ({"password": "a\u200fb"}, "Hemligheten har tecken som inte syns."),
            ({"password": "x" * 5000}, "Hemligheten är för lång."),
        ],
    )
    def test_what_cannot_be_right_is_said_where_it_stands(
        self, administrator: Browser, registry: Registry, values: dict[str, str], error: str
    ) -> None:
        page = administrator.page("rosters.edit_register")
        (told,) = administrator.submit(page, values, button="Spara anslutningen", status=422).errors
        assert told.startswith(error)

    def test_a_secret_that_meets_an_ended_session_is_kept_nowhere(
        self, administrator: Browser, registry: Registry
    ) -> None:
        page = administrator.page("rosters.edit_register")
        administrator.delete_cookie(administrator.application.config["SIGN_IN_COOKIE"])
        administrator.submit(page, {"password": "nytt-hemligt"}, button="Spara anslutningen")
        with registry.database.reading() as session:
            assert session.scalars(text("SELECT count(*) FROM typed_form")).one() == 0

    def test_saving_without_a_secret_keeps_it(self, administrator: Browser, registry: Registry) -> None:
        page = administrator.page("rosters.edit_register")
        administrator.submit(page, {"scope": "ss12000"}, button="Spara anslutningen")
        assert registry.fetch().state is FetchState.FETCHED

    def test_two_administrators_do_not_overwrite_each_other(self, administrator: Browser, registry: Registry) -> None:
        first = administrator.page("rosters.edit_register")
        second = administrator.page("rosters.edit_register")
        administrator.submit(first, {"scope": "a"}, button="Spara anslutningen")
        administrator.submit(second, {"scope": "b"}, button="Spara anslutningen", status=409)

    def test_the_connection_is_removed_after_a_question(
        self, administrator: Browser, coordinator: Browser, registry: Registry
    ) -> None:
        registry.order()
        stale = administrator.page("rosters.edit_register")
        question = administrator.visit(stale.link("Ta bort anslutningen"))
        assert question.h1 == "Ta bort anslutningen till elevregistret?"
        assert "Registret läses just nu. Läsningen avbryts" in question.text
        page = administrator.submit(question, button="Ta bort anslutningen")
        assert "Anslutningen är borttagen" in page.text
        assert "Registret är inte anslutet." in page.text
        assert "Ta bort anslutningen" not in page.links
        assert registry.server.base_url not in page.html
        assert administrator.page("rosters.remove_register").h1 == "Elevregister"
        administrator.submit(stale, {"scope": "a"}, button="Spara anslutningen", status=409)
        assert "Anslutningen togs bort innan hämtningen var klar." in show(coordinator, registry).text

    def test_a_connection_that_has_changed_since_the_question_stays(
        self, administrator: Browser, registry: Registry
    ) -> None:
        question = administrator.page("rosters.remove_register")
        administrator.submit(administrator.page("rosters.edit_register"), {"scope": "a"}, button="Spara anslutningen")
        administrator.submit(question, button="Ta bort anslutningen", status=409)
        assert registry.fetch().state is FetchState.FETCHED

    def test_the_administrator_orders_for_no_round(self, administrator: Browser, registry: Registry) -> None:
        administrator.page("rosters.show_fetches", status=403, round_id=registry.round_id)

    def test_the_coordinator_keeps_no_register(self, coordinator: Browser) -> None:
        coordinator.page("rosters.edit_register", status=403)
