"""Choosing a password, and asking for a link to."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.access.actor import Actor, Role
from app.accounts import mails, service
from app.accounts.models import Account
from app.accounts.types import LinkPurpose
from app.kernel.database import Database
from app.kernel.email import MemoryTransport
from app.outbox.service import deliver_due
from tests.conftest import Clock
from tests.integration.accounts.conftest import EMAIL, Person, sign_in_at
from tests.pages import Browser, Page

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
NEW_PASSWORD = "helt-andra-ord-i-rad"


class TestChoosePassword:
    @pytest.fixture
    def link(self, database: Database, karin: Account, actor: Actor) -> str:
        """The address of a link."""
        with database.transaction() as session:
            own = session.get_one(Account, karin.id)
            return f"/aktivera/{service.make_link(session, actor, own, LinkPurpose.RENEWAL).token}"

    def choose(self, browser: Browser, link: str, *passwords: str, status: int = 200) -> Page:
        values = dict(zip(("password", "again"), passwords, strict=True))
        return browser.submit(browser.visit(link), values, button="Spara lösenordet", status=status)

    def test_one_chooses_and_signs_in(self, browser: Browser, link: str) -> None:
        page = self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD)
        assert page.h1 == "Logga in"
        assert "Lösenordet är sparat. Logga in med det." in page.text
        assert sign_in_at(browser, password=NEW_PASSWORD).h1 == "Logg"

    def test_looking_at_it_does_not_use_it_up(self, browser: Browser, link: str) -> None:
        for _ in range(3):
            assert browser.visit(link).h1 == "Välj lösenord"
        assert self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD).h1 == "Logga in"

    def test_it_works_once(self, browser: Browser, link: str) -> None:
        self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD)
        assert browser.visit(link, status=404).h1 == "Länken fungerar inte"

    @pytest.mark.parametrize(
        ("passwords", "error"),
        [
            (("", ""), "Skriv ett lösenord"),
            ((NEW_PASSWORD, ""), "Skriv lösenordet en gång till"),
            ((NEW_PASSWORD, NEW_PASSWORD + "x"), "Lösenorden är inte lika. Skriv samma i båda fälten."),
            (("kort", "kort"), "Lösenordet är för kort. Använd minst 15 tecken, till exempel fyra ord."),
            (("qwertyqwertyqwerty",) * 2, "Lösenordet är för lätt att gissa."),
            (("KarinLövdahl2026",) * 2, "Lösenordet liknar ditt namn eller din e-postadress. Välj något annat."),
            (("x" * 129,) * 2, "Lösenordet är för långt."),
        ],
    )
    def test_what_is_wrong_is_said_and_the_link_still_works(
        self, browser: Browser, link: str, passwords: tuple[str, str], error: str
    ) -> None:
        page = self.choose(browser, link, *passwords, status=422)
        assert any(line.startswith(error) for line in page.errors)
        assert f'value="{passwords[0]}"' not in page.html or not passwords[0]
        assert self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD).h1 == "Logga in"

    def test_garbage_is_a_page(self, app: Flask, browser: Browser) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        for token in ("x", "%00", "A" * 64, "å", "a" * 3000):
            for method in ("GET", "POST"):
                answer = browser.open(f"/aktivera/{token}", method=method)
                assert (answer.status_code, Page(answer.text).h1) == (404, "Länken fungerar inte")

    def test_a_link_that_wears_out_while_one_thinks_is_a_page(
        self, database: Database, browser: Browser, karin: Account, actor: Actor, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            own = session.get_one(Account, karin.id)
            link = f"/aktivera/{service.make_link(session, actor, own, LinkPurpose.RENEWAL).token}"
        page = browser.visit(link)
        set_clock(NOON + timedelta(hours=1))
        values = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
        assert browser.submit(page, values, status=404).h1 == "Länken fungerar inte"

    def test_one_who_is_new_is_welcomed(
        self, database: Database, browser: Browser, person: Person, actor: Actor
    ) -> None:
        new = person(Role.STAFF, password_hash=None, activated_at=None)
        with database.transaction() as session:
            link = service.make_link(session, actor, session.get_one(Account, new.id), LinkPurpose.ACTIVATION)
        assert "Välkommen till Återkomst" in browser.visit(f"/aktivera/{link.token}").text


class TestRequestRenewal:
    def test_the_answer_is_the_same_for_everybody(self, browser: Browser, karin: Account) -> None:
        answers = []
        for email in (EMAIL, "nobody@alvhaga.example"):
            page = browser.submit(browser.visit("/nytt-losenord"), {"email": email}, button="Skicka länken")
            answers.append(page.text)
        assert answers[0] == answers[1]
        assert "Om adressen hör till ett konto skickar vi en länk." in answers[0]

    def test_the_link_in_the_mail_works(self, database: Database, browser: Browser, karin: Account) -> None:
        browser.submit(browser.visit("/nytt-losenord"), {"email": EMAIL}, button="Skicka länken")
        memory = MemoryTransport()
        assert deliver_due(database, memory, mails.COMPOSERS, "") == 1
        ((mail, _message_id),) = memory.sent
        link = next(word for word in mail.body.split() if word.startswith("/aktivera/"))
        assert mail.to == EMAIL
        assert TestChoosePassword().choose(browser, link, NEW_PASSWORD, NEW_PASSWORD).h1 == "Logga in"

    @pytest.mark.parametrize("email", ["", "karin", "x" * 300, "a@b\n.example"])
    def test_what_is_no_address_is_said(self, browser: Browser, email: str) -> None:
        page = browser.submit(browser.visit("/nytt-losenord"), {"email": email}, button="Skicka länken", status=422)
        assert page.errors
