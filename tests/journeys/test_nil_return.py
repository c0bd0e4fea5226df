"""Nobody is missing: from the link in the mail to the receipt, on a telephone, in four pages and nine touches."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Response, expect
from sqlalchemy import select

from app.rehearsal.types import PASSWORD
from app.responses import models
from tests.journeys.conftest import PHONE, Open, Person, Town, Window

RESPONDENT, ADDRESS = "elisabet.stahlgren@alvhaga.example", "bergsholm"
ROUND, UNIT = "Kartläggning efter sommarlovet 2026", "Bergsholms byskola"
NIL = "Ingen elev saknas – skicka nollsvar"
PAGES = ["Logga in", ROUND, "Skicka nollsvar", "Kvitto"]
"""All that one sees."""
MOST_TOUCHES = 9
"""The link, two fields and a button to sign in, a button, two figures, a box, a button. Under a minute, then."""


class PlainWindow(Window):
    """A window whose browser runs no script, and so cannot run what looks for faults in a page either."""

    def inspect(self) -> None:
        """Look at nothing."""


@pytest.fixture
def plain_window(chromium: Browser, address: str) -> Iterator[PlainWindow]:
    """A telephone whose browser runs no script."""
    context = chromium.new_context(
        base_url=address,
        viewport=PHONE,  # type: ignore[arg-type]
        locale="sv-SE",
        timezone_id="UTC",
        java_script_enabled=False,
    )
    yield PlainWindow(context.new_page())
    context.close()


class Counted:
    """A person whose pages and touches are counted."""

    def __init__(self, somebody: Person) -> None:
        self.somebody, self.touches = somebody, 0
        self.pages: list[str] = []
        somebody.page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.ok:
            self.pages.append(response.url)

    def touch(self, act: Callable[..., None], *given: str) -> None:
        """Do one thing."""
        self.touches += 1
        act(*given)


def answer_from_mail(town: Town, somebody: Person, *, while_typed: Callable[[Person], None]) -> None:
    """Walk from the link in the mail to the receipt; what is typed is what nobody can know already."""
    me = Counted(somebody)
    mail = next(mail for mail in town.mails() if ADDRESS in mail["To"])
    me.touch(lambda: str(somebody.page.goto("/svar/" + mail.get_content().split("/svar/")[1].split()[0])))  # type: ignore[arg-type, return-value]
    me.touch(somebody.write, "email", RESPONDENT)
    me.touch(somebody.write, "password", PASSWORD)
    me.touch(somebody.press, "Logga in")
    assert somebody.h1 == ROUND, "signing in leads back to what the mail is about"
    me.touch(somebody.follow, NIL)
    assert somebody.page.locator("[name=enrolled]").input_value() == "38", "the number enrolled is there already"
    assert somebody.page.locator("[name=signed_name]").input_value() == "Elisabet Ståhlgren"
    assert f"Du skriver under för {UNIT}, inloggad som Elisabet Ståhlgren" in somebody.text
    me.touch(somebody.write, "present", "36")
    me.touch(somebody.write, "known_absence", "2")
    while_typed(somebody)
    me.touch(somebody.page.locator("[name=declared]").check)
    me.touch(somebody.press, "Skriv under och skicka nollsvar")
    assert somebody.h1 == "Kvitto"
    assert "Nollsvaret skickades in" in somebody.text
    assert len(me.pages) == len(PAGES), me.pages
    assert me.touches == MOST_TOUCHES


def assert_sent(town: Town) -> None:
    """See that one nil return is there, signed."""
    with town.database.reading() as session:
        (sent,) = session.scalars(select(models.Response)).all()
        assert (sent.is_nil, sent.enrolled, sent.signed_name) == (True, 38, "Elisabet Ståhlgren")


def test_with_script_the_sum_is_said_while_it_is_typed(town: Town, window: Open) -> None:
    town.wait_until(2026, 8, 19, 8, 0)

    def add_up(somebody: Person) -> None:
        said = somebody.page.locator("[data-sum]")
        expect(said).to_have_text("38 inskrivna = 36 på plats + 2 känd frånvaro. Det går ihop.")
        somebody.write("present", "35")
        expect(said).to_have_text("1 av 38 inskrivna är inte räknad ännu.")
        somebody.write("present", "37")
        expect(said).to_have_text("Det är 1 fler än de 38 inskrivna.")
        somebody.write("present", "36")
        somebody.window.inspect()

    answer_from_mail(town, Person(window(PHONE)), while_typed=add_up)
    assert_sent(town)


def test_without_script_it_is_the_same_four_pages(town: Town, plain_window: PlainWindow) -> None:
    town.wait_until(2026, 8, 19, 8, 0)
    answer_from_mail(town, Person(plain_window), while_typed=lambda _somebody: None)
    assert_sent(town)


def test_without_script_a_sum_that_does_not_hold_is_told_and_nothing_typed_is_lost(
    town: Town, plain_window: PlainWindow
) -> None:
    town.wait_until(2026, 8, 19, 8, 0)
    somebody = Person(plain_window)
    mail = next(mail for mail in town.mails() if ADDRESS in mail["To"])
    somebody.page.goto("/svar/" + mail.get_content().split("/svar/")[1].split()[0])
    somebody.sign_in(RESPONDENT)
    somebody.follow(NIL)
    somebody.write("present", "35")
    somebody.write("known_absence", "2")
    somebody.page.locator("[name=declared]").check()
    somebody.press("Skriv under och skicka nollsvar")
    assert somebody.page.title().startswith("Fel: ")
    assert "35 på plats och 2 med känd frånvaro blir 37, inte 38." in somebody.text
    somebody.write("present", "36")
    somebody.press("Skriv under och skicka nollsvar")
    assert somebody.h1 == "Kvitto"
