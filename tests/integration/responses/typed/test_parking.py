"""What meets an ended session, an old window or a page that is gone is given back to its writer and nobody else."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, Membership, SignInSession
from app.accounts.service import start_session
from app.kernel import clock
from app.kernel.database import Database
from app.responses.models import MissingPupil
from app.web import typed_forms
from tests.conftest import Clock, SignIn
from tests.integration.responses.conftest import School
from tests.integration.responses.typed.words import (
    KEPT_BUTTON,
    PASSWORD,
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

LATER = datetime(2026, 8, 25, 9, 12, tzinfo=UTC)


class TestParking:
    def test_a_session_that_has_ended_keeps_what_was_sent_and_gives_it_back(
        self, karin: Browser, pupil: MissingPupil, set_clock: Clock, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        set_clock(LATER)
        asked = karin.submit(page, {"text": "Hon sa att hon inte vill resa."}, button=SAVE)
        assert asked.h1 == "Logga in"
        assert "Du har loggats ut. Det du skrev finns kvar i sju dagar och visas när du har loggat in." in asked.text
        assert told(database).own_words is None
        back = karin.submit(asked, {"email": self._email(database), "password": PASSWORD}, button="Logga in")
        assert back.h1 == "Vill ni berätta något mer?"
        assert shown(back) == "Hon sa att hon inte vill resa."
        karin.submit(back, button=SAVE)
        assert told(database).own_words.text == "Hon sa att hon inte vill resa."
        assert kept(database) == []

    @staticmethod
    def _email(database: Database, name: str = "Karin Lövdahl") -> str:
        with database.reading() as session:
            with_password = select(Account).where(Account.password_hash.is_not(None))
            return next(each.email for each in session.scalars(with_password) if each.name == name)

    def test_nobody_else_gets_it(
        self, karin: Browser, pupil: MissingPupil, set_clock: Clock, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        set_clock(LATER)
        asked = karin.submit(page, {"text": "Karins"}, button=SAVE)
        back = karin.submit(
            asked, {"email": self._email(database, "Anna Lind"), "password": PASSWORD}, button="Logga in"
        )
        assert back.h1 == "Vill ni berätta något mer?"
        assert shown(back) == ""
        assert KEPT_BUTTON not in back.html

    def test_what_the_script_sends_too(
        self, karin: Browser, pupil: MissingPupil, set_clock: Clock, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        set_clock(LATER)
        answer = typing(karin, page, {"text": "Hon"})
        assert (answer.status_code, answer.get_json()) == (401, {"kept": True})
        assert len(kept(database)) == 1

    def test_one_who_has_signed_out_elsewhere(
        self, karin: Browser, people: dict[str, Account], pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        with database.transaction() as session:
            session.execute(update(SignInSession).values(ended_at=clock.wall()))
        asked = karin.submit(page, {"text": "Hon"}, button=SAVE)
        assert asked.h1 == "Logga in"
        assert [row.account_id for row in kept(database)] == [people["karin"].id]

    def test_nothing_for_an_account_that_was_closed(
        self, karin: Browser, people: dict[str, Account], pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        with database.transaction() as session:
            session.get_one(Account, people["karin"].id).is_active = False
        karin.submit(page, {"text": "Hon"}, button=SAVE)
        assert kept(database) == []

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_form_of_somebody_elses_page_is_not_kept(
        self, karin: Browser, pupil: MissingPupil, set_clock: Clock, database: Database, site: str
    ) -> None:
        form = own_words(karin, pupil).form(SAVE)
        set_clock(LATER)
        karin.post(form.action, data=form.filled({"text": "x"}), headers={"Sec-Fetch-Site": site})
        assert kept(database) == []

    def test_a_page_too_old_to_be_taken_gives_its_words_back(
        self, app: Flask, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = True
        form = own_words(karin, pupil).form(SAVE)
        sent = {**form.filled({"text": "Hon"}), "csrf_token": "of another day"}
        answer = karin.post(form.action, data=sent, follow_redirects=True)
        page = Page(answer.text)
        assert "Sidan var för gammal och kunde inte sparas. Det du skrev finns kvar här." in page.text
        assert shown(page) == "Hon"
        assert told(database).own_words is None

    def test_one_form_sent_twice_with_different_words_loses_neither(
        self, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        karin.submit(page, {"text": "Först"}, button=SAVE)
        karin.submit(page, {"text": "Sedan"}, button=SAVE, status=422)
        assert told(database).own_words.text == "Först"
        assert "Sedan" in own_words(karin, pupil).text, "beside what was saved, to choose from"


class TestOldWindows:
    """A window from before somebody signed out, or somebody else signed in, at the same computer."""

    @pytest.fixture(autouse=True)
    def checked(self, app: Flask) -> None:
        """Let forms be checked as they are outside tests."""
        app.config["WTF_CSRF_ENABLED"] = True

    def test_the_next_person_is_given_nothing(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        form = own_words(karin, pupil).form(SAVE)
        own_words(anna, pupil)
        for headers in ({}, {typed_forms.HEADER: "1"}):
            answer = anna.post(form.action, data=form.filled({"text": "Hon sa nej."}), headers=headers)
            assert answer.status_code == 400
            assert "Hon sa nej." not in answer.text, "nobody reads it under another name"
            assert kept(database) == []
        assert shown(own_words(anna, pupil)) == ""

    def test_nothing_is_kept_for_the_next_person_even_when_the_page_would_pass(
        self, app: Flask, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        form = own_words(karin, pupil).form(SAVE)
        answer = anna.post(form.action, data=form.filled({"text": "Hon"}), headers={typed_forms.HEADER: "1"})
        assert (answer.status_code, answer.get_json(), kept(database)) == (409, {"kept": False}, [])

    def test_one_who_has_signed_in_again_goes_on(
        self, karin: Browser, people: dict[str, Account], sign_in: SignIn, pupil: MissingPupil
    ) -> None:
        form = own_words(karin, pupil).form(SAVE)
        again = sign_in(people["karin"])
        answer = again.post(form.action, data=form.filled({"text": "Hon sa"}), headers={typed_forms.HEADER: "1"})
        assert answer.get_json() == {"kept": True, "at": "10.00"}
        assert shown(own_words(again, pupil)) == "Hon sa"


class TestWordsBack:
    """A page that can no longer save gives the words back, to be copied."""

    WORDS = "Hon sa att hon inte vill resa."

    def send(self, browser: Browser, page: Page, status: int) -> Page:
        answer = browser.submit(page, {"text": self.WORDS}, button=SAVE, status=status)
        assert self.WORDS in answer.text
        return answer

    def test_when_the_pupil_has_been_taken_off_the_list(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        anna.submit(anna.page("responses.remove_missing_pupil", pupil_id=pupil.id), button="Ta bort eleven")
        assert self.send(karin, page, 404).h1 == "Sidan finns inte"
        assert kept(database) == [], "nothing is kept of a pupil who may be protected"

    def test_when_the_round_has_closed(
        self, people: dict[str, Account], sign_in: SignIn, pupil: MissingPupil, school: School, set_clock: Clock
    ) -> None:
        page = own_words(sign_in(people["karin"]), pupil)
        set_clock(school.invitation.closes_at)
        assert self.send(sign_in(people["karin"]), page, 409).h1 == "Kartläggningen är stängd"

    def test_when_ones_permission_has_ended(
        self, karin: Browser, people: dict[str, Account], pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        with database.transaction() as session:
            session.execute(delete(Membership).where(Membership.account_id == people["karin"].id))
        self.send(karin, page, 404)

    def test_but_never_a_password(self, anna: Browser) -> None:
        sent = {"email": "anna lind", "password": "fyra ord utan samband"}
        assert "Det du skrev" not in anna.post("/finns-inte", data=sent).text

    @pytest.fixture
    def sent(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, school: School, session: Session
    ) -> dict[str, Page]:
        """Karin's page, and what she gets to see at its address when Anna has sent the answer meanwhile."""
        page = own_words(karin, pupil)
        describe(session, school, pupil)
        check = anna.page("responses.submit_response", invitation_id=school.invitation.id)
        return {"karin": page, "anna": check}

    def test_when_a_colleague_has_sent_the_answer(self, karin: Browser, anna: Browser, sent: dict[str, Page]) -> None:
        anna.submit(sent["anna"], {"declared": "ja"}, button=SEND)
        assert self.send(karin, sent["karin"], 409).h1 == "Svaret är redan inskickat"

    def test_and_to_one_whose_session_had_ended_before_that(
        self, karin: Browser, people: dict[str, Account], sent: dict[str, Page], sign_in: SignIn, set_clock: Clock
    ) -> None:
        set_clock(LATER)
        karin.submit(sent["karin"], {"text": self.WORDS}, button=SAVE)
        anna = sign_in(people["anna"])
        check = anna.visit(sent["anna"].form(SEND).action)
        assert self.WORDS not in check.text, "what was parked is its writer's alone"
        assert anna.submit(check, {"declared": "ja"}, button=SEND).h1 == "Kvitto"
        answer = sign_in(people["karin"]).get(sent["karin"].form(SAVE).action)
        assert Page(answer.text).h1 == "Svaret är redan inskickat"
        assert self.WORDS in answer.text


def test_a_report_of_concern_is_parked_as_well(
    school: School, session: Session, sign_in: SignIn, set_clock: Clock, database: Database
) -> None:
    coordinator = session.get_one(Account, school.desk.coordinator.account_id)
    session.commit()
    browser = sign_in(coordinator)
    page = browser.page("referrals.start_report")
    set_clock(LATER)
    form = page.form()
    sent = form.filled({"name": "Elin", "is_protected": "no"})
    assert browser.post(form.action, data=sent).status_code == 303
    assert len(kept(database)) == 1
    with database.transaction() as opened:
        browser.set_cookie("inloggning", start_session(opened, coordinator))
    again = browser.page("referrals.start_report")
    assert again.form(SAVE).filled({})["name"] == "Elin"


def test_a_report_about_one_child_is_not_offered_for_another(school: School, session: Session, sign_in: SignIn) -> None:
    coordinator = session.get_one(Account, school.desk.coordinator.account_id)
    session.commit()
    browser = sign_in(coordinator)
    page = browser.page("referrals.start_report")
    form = page.form(SAVE)
    sent = form.filled({"name": "Elin", "is_protected": "no"})
    path = form.action.partition("?")[0]
    browser.post(f"{path}?tillsammans=1", data=sent, headers={typed_forms.HEADER: "1"})
    assert KEPT_BUTTON not in browser.visit(path).html
    assert KEPT_BUTTON in browser.visit(f"{path}?tillsammans=1&fran=start").html
