"""What is typed and not saved is not lost by sending without a word."""

from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database
from app.responses.models import MissingPupil
from app.responses.pages import messages
from tests.conftest import Clock
from tests.integration.responses.conftest import School
from tests.integration.responses.typed.words import (
    SAVE,
    SEND,
    describe,
    kept,
    own_words,
    shown,
    told,
    typing,
)
from tests.pages import Browser, Page


class TestSending:
    """What is typed and not saved is not lost by sending without a word."""

    NIL: ClassVar = {"enrolled": 412, "present": 408, "known_absence": 4, "declared": "ja"}
    WITHOUT = "Skicka in utan den texten"

    @pytest.fixture
    def ready(self, people: dict[str, Account], school: School, pupil: MissingPupil, session: Session) -> MissingPupil:
        """The pupil, described, in an answer that may be sent."""
        return describe(session, school, pupil)

    def check(self, browser: Browser, school: School) -> Page:
        return browser.page("responses.submit_response", invitation_id=school.invitation.id)

    def test_the_pages_are_named_before_signing(
        self, karin: Browser, anna: Browser, ready: MissingPupil, school: School
    ) -> None:
        typing(karin, own_words(karin, ready), {"text": "Hon sa att hon inte"})
        for browser, by in ((karin, ""), (anna, " av Karin Lövdahl")):
            for endpoint in ("submit_response", "show_response", "list_missing_pupils"):
                page = browser.page(f"responses.{endpoint}", invitation_id=school.invitation.id)
                assert "1 sida har text som inte är sparad" in page.text
                assert f"Vill ni berätta något mer?, skrivet i dag kl. 10.00{by}" in page.text
                name = next(text for text in page.links if text.endswith(": Vill ni berätta något mer?"))
                assert name.startswith("Elin Sandhage")
                assert shown(browser.visit(page.link(name))) == "Hon sa att hon inte"

    def test_it_is_refused_until_the_words_are_saved(
        self, karin: Browser, ready: MissingPupil, school: School, database: Database
    ) -> None:
        stale = self.check(karin, school)
        typing(karin, own_words(karin, ready), {"text": "Hon sa att hon inte"})
        page = karin.submit(stale, {"declared": "ja"}, button=SEND, status=409)
        assert page.errors == [messages.UNSAVED_WORDS]
        assert len(kept(database)) == 1
        link = next(text for text in page.links if text.endswith(": Vill ni berätta något mer?"))
        page = karin.submit(karin.visit(page.link(link)), button=SAVE)
        assert page.h1 == "Kontrollera och skicka in"
        assert "inte är sparad" not in page.text
        assert karin.submit(page, {"declared": "ja"}, button=SEND).h1 == "Kvitto"
        assert told(database).own_words.text == "Hon sa att hon inte"

    def test_one_may_send_without_exactly_what_one_was_shown(
        self, karin: Browser, ready: MissingPupil, school: School, database: Database, set_clock: Clock
    ) -> None:
        typing(karin, own_words(karin, ready), {"text": "Hon"})
        page = self.check(karin, school)
        set_clock(clock.wall() + timedelta(seconds=5))
        typing(karin, own_words(karin, ready), {"text": "Hon sa"})
        page = karin.submit(page, {"declared": "ja"}, button=self.WITHOUT, status=409)
        assert karin.submit(page, {"declared": "ja"}, button=self.WITHOUT).h1 == "Kvitto"
        assert kept(database) == []

    def test_nobody_waits_for_what_is_a_colleagues_own(
        self, karin: Browser, anna: Browser, ready: MissingPupil, school: School
    ) -> None:
        page = anna.page("responses.add_missing_pupil", invitation_id=school.invitation.id)
        typing(anna, page, {"signs": ["danger_now"]})
        assert "Lägg till en elev, skrivet" in self.check(anna, school).text
        page = self.check(karin, school)
        assert "inte är sparad" not in page.text
        assert karin.submit(page, {"declared": "ja"}, button=SEND).h1 == "Kvitto"

    def test_what_one_signs_with_is_not_what_one_loses(
        self, karin: Browser, ready: MissingPupil, school: School
    ) -> None:
        page = self.check(karin, school)
        typing(karin, page, {"signed_name": "Karin"}, SEND)
        assert "inte är sparad" not in self.check(karin, school).text

    def test_nor_by_a_nil_return(self, karin: Browser, pupil: MissingPupil, school: School, database: Database) -> None:
        karin.submit(karin.page("responses.remove_missing_pupil", pupil_id=pupil.id), button="Ta bort eleven")
        where = {"invitation_id": school.invitation.id}
        typing(karin, karin.page("responses.add_missing_pupil", **where), {"signs": ["danger_now"]})
        page = karin.page("responses.submit_nil_return", **where)
        assert page.link("Lägg till en elev")
        page = karin.submit(page, self.NIL, button="Skriv under och skicka nollsvar", status=409)
        assert page.errors == [messages.UNSAVED_WORDS]
        assert len(kept(database)) == 1
        assert karin.submit(page, self.NIL, button=self.WITHOUT).h1 == "Kvitto"
