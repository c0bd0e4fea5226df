import pytest

from app.access.actor import Role
from tests.factories.accounts import make_account
from tests.factories.schools import make_emergency_number, make_municipality, make_unit

PAGES = {
    "help.show_help": "Hjälp",
    "help.show_numbers": "Ring nu",
    "help.show_accessibility": "Tillgänglighet",
    "help.show_storage": "Vad som sparas och hur länge",
}


def numbers(page):
    return [link["href"] for link in page.soup.select(".calls a")]


@pytest.fixture
def municipality(app, session):
    """A municipality with its own list of numbers."""
    municipality = make_municipality(session)
    make_emergency_number(session, municipality)
    make_emergency_number(
        session, municipality, label="Socialjouren", number="08-465 004 10", note="Dygnet runt", is_urgent=False
    )
    session.commit()
    return municipality


@pytest.mark.parametrize(("endpoint", "heading"), PAGES.items())
def test_nobody_needs_an_account(municipality, browser, endpoint, heading):
    assert browser.page(endpoint).h1 == heading


@pytest.mark.parametrize("endpoint", PAGES)
def test_there_is_a_page_before_there_is_a_municipality(app, browser, endpoint):
    browser.page(endpoint)


class TestShowNumbers:
    def test_the_numbers_are_those_of_the_only_municipality(self, municipality, browser):
        assert numbers(browser.page("help.show_numbers")) == ["tel:112", "tel:0846500410"]

    def test_without_any_list_there_is_still_112(self, app, browser):
        assert numbers(browser.page("help.show_numbers")) == ["tel:112"]

    def test_among_several_municipalities_a_stranger_sees_what_all_have(self, municipality, session, browser, sign_in):
        other = make_municipality(session)
        make_emergency_number(session, other)
        make_emergency_number(session, other, label="Vår jour", number="08-465 004 99", is_urgent=False)
        account = make_account(session, other, Role.STAFF, make_unit(session, other))
        session.commit()
        assert numbers(browser.page("help.show_numbers")) == ["tel:112"]
        assert numbers(sign_in(account).page("help.show_numbers")) == ["tel:112", "tel:0846500499"]

    @pytest.mark.parametrize(("role", "may_report"), [(Role.STAFF, True), (Role.DIRECTOR, False)])
    def test_who_can_write_a_report_is_led_there(self, municipality, session, sign_in, role, may_report):
        account = make_account(session, municipality, role, make_unit(session, municipality))
        session.commit()
        page = sign_in(account).page("help.show_numbers")
        assert ("Skriv orosanmälan nu" in page.links) is may_report
        assert "Anmälningsplikten är din egen" in page.text


class TestShowHelp:
    @pytest.mark.parametrize(
        ("role", "words"),
        [
            (Role.STAFF, "Vem ser min anmälan?"),
            (Role.RESPONDENT, "Svara på kartläggningen"),
            (Role.COORDINATOR, "Du är ett stöd, aldrig en grind"),
            (Role.DIRECTOR, "Varför är vissa tal dolda?"),
            (Role.ADMINISTRATOR, "Varje person har ett eget konto."),
            (Role.AUDITOR, "Kontrollera kedjan"),
        ],
    )
    def test_it_speaks_to_the_role(self, municipality, session, sign_in, role, words):
        account = make_account(session, municipality, role, make_unit(session, municipality))
        session.commit()
        page = sign_in(account).page("help.show_help")
        assert words in page.text
        assert "Hur får jag ett konto?" not in page.text
        assert "Maria Ekblad" in page.text

    def test_a_stranger_learns_what_it_is(self, municipality, browser):
        page = browser.page("help.show_help")
        assert "Hur får jag ett konto?" in page.text
        assert "Ring 112" in page.text or "ring 112" in page.text


def test_the_statement_says_what_has_not_been_tried(municipality, browser):
    assert "Det som inte har provats" in browser.page("help.show_accessibility").text


def test_the_page_on_storage_says_that_nothing_is_disposed_of_yet(municipality, browser):
    assert "Ingenting gallras ännu." in browser.page("help.show_storage").text
