"""What a school types is there when it comes back, after a crash, a time-out, a colleague; it never counts as saved."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.access.actor import Role
from app.accounts.models import Account, SignInSession
from app.accounts.service import hash_password, start_session
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.typed_forms import KEPT_FOR, MOST_KEPT, TypedForm, keep
from app.responses import service
from app.responses.models import MissingPupil
from app.responses.pages import messages
from app.responses.types import AddMissingPupil, PupilPage, SaveFigures, SavePupilPage, UrgentAnswers
from app.web import typed_forms
from app.web.jobs import dispose_of_typed
from tests.conftest import Clock, SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_unit
from tests.integration.responses.conftest import School
from tests.integration.responses.waves import named
from tests.pages import Browser, Page

PASSWORD = "fyra-ord-utan-samband"
LATER = datetime(2026, 8, 25, 9, 12, tzinfo=UTC)
SAVE = "Spara och fortsätt"
KEPT_BUTTON = "Kasta det som inte är sparat"


@pytest.fixture
def people(school: School, session: Session) -> dict[str, Account]:
    """Two who answer for the unit, one who answers for another, and a pupil on the unit's list."""
    municipality = school.desk.municipality
    karin = session.get_one(Account, school.actor.account_id)
    karin.password_hash = hash_password(PASSWORD)
    anna = make_account(session, municipality, Role.RESPONDENT, school.desk.unit, name="Anna Lind")
    anna.password_hash = hash_password(PASSWORD)
    other = make_account(session, municipality, Role.RESPONDENT, make_unit(session, municipality, name="Hagtorn"))
    response = service.start_response(session, school.actor, school.invitation)
    service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
    session.commit()
    return {"karin": karin, "anna": anna, "other": other}


@pytest.fixture
def pupil(people: dict[str, Account], database: Database) -> MissingPupil:
    """The pupil."""
    with database.reading() as session:
        return session.scalars(select(MissingPupil)).one()


@pytest.fixture
def karin(people: dict[str, Account], sign_in: SignIn) -> Browser:
    """Karin's browser."""
    return sign_in(people["karin"])


@pytest.fixture
def anna(people: dict[str, Account], sign_in: SignIn) -> Browser:
    """Her colleague's."""
    return sign_in(people["anna"])


@pytest.fixture
def other(people: dict[str, Account], sign_in: SignIn) -> Browser:
    """The browser of one who answers for another unit."""
    return sign_in(people["other"])


def own_words(browser: Browser, pupil: MissingPupil, status: int = 200) -> Page:
    return browser.page("responses.save_own_words", status, pupil_id=pupil.id)


def typing(browser: Browser, page: Page, values: dict[str, Any], button: str = SAVE) -> TestResponse:
    """Send what the page's script sends a moment after typing stops."""
    form = page.form(button)
    return browser.post(form.action, data=form.filled(values), headers={typed_forms.HEADER: "1"})


def shown(page: Page, name: str = "text") -> object:
    return page.form(SAVE).filled({})[name]


def kept(database: Database) -> list[TypedForm]:
    with database.reading() as session:
        return list(session.scalars(select(TypedForm)))


def told(database: Database) -> Any:
    with database.reading() as session:
        return session.scalars(select(MissingPupil)).one().told


class TestKeeping:
    def test_it_is_there_after_a_crash_and_counts_as_nothing(
        self, karin: Browser, people: dict[str, Account], sign_in: SignIn, pupil: MissingPupil, database: Database
    ) -> None:
        answer = typing(karin, own_words(karin, pupil), {"text": "Hon sa att hon inte"})
        assert (answer.status_code, answer.get_json()) == (200, {"kept": True, "at": "10.00"})
        assert told(database).own_words is None
        page = own_words(sign_in(people["karin"]), pupil)
        assert shown(page) == "Hon sa att hon inte"
        assert "Det du skrev i dag kl. 10.00 finns kvar här" in page.text

    def test_nobody_reads_it_in_the_database(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon sa att hon inte"})
        (row,) = kept(database)
        assert b"Hon sa" not in row.content_sealed

    def test_what_is_typed_need_not_be_right(self, karin: Browser, pupil: MissingPupil) -> None:
        page = karin.page("responses.save_leave", pupil_id=pupil.id)
        typing(karin, page, {"expected_return_on-day": "99", "expected_return_on-year": "tjugo"})
        page = karin.page("responses.save_leave", pupil_id=pupil.id)
        assert shown(page, "expected_return_on-day") == "99"
        assert page.errors == []

    def test_rows_come_back(self, karin: Browser, pupil: MissingPupil) -> None:
        page = karin.page("responses.save_siblings", pupil_id=pupil.id)
        typing(karin, page, {"rows-0-name": "Ida", "known": "yes"})
        page = karin.page("responses.save_siblings", pupil_id=pupil.id)
        assert shown(page, "rows-0-name") == "Ida"
        assert shown(page, "known") == "yes"

    def test_saving_it_ends_it(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        page = own_words(karin, pupil)
        typing(karin, page, {"text": "Hon sa att hon inte"})
        karin.submit(own_words(karin, pupil), {"text": "Hon sa att hon inte vill resa."}, button=SAVE)
        assert kept(database) == []
        assert told(database).own_words.text == "Hon sa att hon inte vill resa."

    def test_the_tail_of_what_was_saved_is_not_kept(
        self, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        karin.submit(page, {"text": "Sparat"}, button=SAVE)
        assert typing(karin, page, {"text": "Sparat"}).status_code == 409
        assert kept(database) == []

    def test_nor_shown_when_it_came_between(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        page = own_words(karin, pupil)
        typing(karin, page, {"text": "Spar"})
        (row,) = kept(database)
        karin.submit(page, {"text": "Sparat"}, button=SAVE)
        with database.transaction() as session:
            content = dict(row.content)
            keep(
                session,
                municipality_id=row.municipality_id,
                account_id=row.account_id,
                path=row.path,
                content=content,
                is_shared=True,
            )
        assert shown(own_words(karin, pupil)) == "Sparat"

    def test_it_can_be_thrown_away(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Fel elev"})
        page = karin.submit(own_words(karin, pupil), button=KEPT_BUTTON)
        assert kept(database) == []
        assert KEPT_BUTTON not in page.html

    def test_emptying_the_form_ends_it(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon"})
        assert typing(karin, own_words(karin, pupil), {"text": " "}).get_json() == {"kept": False}
        assert kept(database) == []

    def test_more_than_anybody_types_is_not_kept(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        answer = typing(karin, own_words(karin, pupil), {"text": "x" * (typed_forms.LONGEST + 1)})
        assert answer.get_json() == {"kept": False}
        assert kept(database) == []

    def test_it_does_not_stay(self, karin: Browser, pupil: MissingPupil, database: Database, set_clock: Clock) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon"})
        set_clock(clock.wall() + KEPT_FOR)
        dispose_of_typed(database)
        assert len(kept(database)) == 1
        set_clock(clock.wall() + timedelta(seconds=1))
        dispose_of_typed(database)
        assert kept(database) == []

    def test_the_oldest_gives_way(self, people: dict[str, Account], database: Database, set_clock: Clock) -> None:
        karin = people["karin"]
        for number in range(MOST_KEPT + 2):
            set_clock(LATER + timedelta(seconds=number))
            with database.transaction() as session:
                keep(
                    session,
                    municipality_id=karin.municipality_id,
                    account_id=karin.id,
                    path=f"/{number}",
                    content={},
                    is_shared=False,
                )
        assert {row.path for row in kept(database)} == {f"/{number}" for number in range(2, MOST_KEPT + 2)}


class TestColleagues:
    def test_a_colleague_goes_on_where_one_stopped(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon sa att hon inte"})
        page = own_words(anna, pupil)
        assert "Karin Lövdahl skrev det som står här i dag kl. 10.00 men har inte sparat det." in page.text
        anna.submit(page, {"text": f"{shown(page)} vill resa."}, button=SAVE)
        assert told(database).own_words.text == "Hon sa att hon inte vill resa."
        assert kept(database) == []

    def test_each_has_the_own_words(self, karin: Browser, anna: Browser, pupil: MissingPupil) -> None:
        pages = own_words(karin, pupil), own_words(anna, pupil)
        typing(karin, pages[0], {"text": "Karins"})
        typing(anna, pages[1], {"text": "Annas"})
        assert (shown(own_words(karin, pupil)), shown(own_words(anna, pupil))) == ("Karins", "Annas")

    def test_what_is_new_is_ones_own(self, karin: Browser, anna: Browser, school: School) -> None:
        page = karin.page("responses.add_missing_pupil", invitation_id=school.invitation.id)
        typing(karin, page, {"signs": ["danger_now"]})
        page = anna.page("responses.add_missing_pupil", invitation_id=school.invitation.id)
        assert KEPT_BUTTON not in page.html

    def test_nobody_is_made_to_sign_by_another(self, karin: Browser, anna: Browser, school: School) -> None:
        page = karin.page("responses.save_figures", invitation_id=school.invitation.id)
        typing(karin, page, {"enrolled": "400"})
        assert shown(anna.page("responses.save_figures", invitation_id=school.invitation.id), "enrolled") == "400"

    def test_another_units_page_does_not_exist(
        self, app: Flask, karin: Browser, other: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        answer = typing(other, own_words(karin, pupil), {"text": "Nyfiken"})
        assert answer.status_code == 404
        assert kept(database) == []

    def test_the_header_carries_nothing_out(
        self, karin: Browser, school: School, pupil: MissingPupil, database: Database
    ) -> None:
        page = karin.page("responses.remove_missing_pupil", pupil_id=pupil.id)
        form = page.form("Ta bort eleven")
        answer = karin.post(form.action, data=form.filled({}), headers={typed_forms.HEADER: "1"})
        assert answer.get_json() == {"kept": False}
        assert told(database) is not None


class TestProtected:
    def test_who_a_pupil_is_is_kept_only_when_the_data_are_unprotected(
        self, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        page = karin.page("responses.save_identity", pupil_id=pupil.id)
        for answer in ({}, {"is_protected": "unknown"}, {"is_protected": "yes"}):
            assert typing(karin, page, {"name": "Elin", **answer}).get_json() == {"kept": False}
            assert kept(database) == []
        assert typing(karin, page, {"name": "Elin", "is_protected": "no"}).get_json()["kept"]
        assert typing(karin, page, {"name": "Elin", "is_protected": "yes"}).get_json() == {"kept": False}
        assert kept(database) == [], "what was kept is dropped as well"

    def test_everything_typed_about_a_protected_pupil_is_forgotten(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        typing(anna, own_words(anna, pupil), {"text": "Bor på"})
        page = karin.page("responses.withhold_pupil", pupil_id=pupil.id)
        karin.submit(page, button=next(button for button in page.form().buttons))
        assert kept(database) == []


class TestParking:
    def test_a_session_that_has_ended_keeps_what_was_sent_and_gives_it_back(
        self, karin: Browser, pupil: MissingPupil, set_clock: Clock, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        set_clock(LATER)
        asked = karin.submit(page, {"text": "Hon sa att hon inte vill resa."}, button=SAVE)
        assert asked.h1 == "Logga in"
        assert "Du har loggats ut. Det du skrev är sparat och visas när du har loggat in." in asked.text
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
        assert "Sedan" in own_words(karin, pupil).text or shown(own_words(karin, pupil)) == "Sedan"


class TestConflicts:
    def test_two_pages_of_one_pupil_are_no_conflict(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        mine, theirs = own_words(karin, pupil), anna.page("responses.save_guardians", pupil_id=pupil.id)
        anna.submit(theirs, {"contact": "may_not"}, button=SAVE)
        karin.submit(mine, {"text": "Hon"}, button=SAVE)
        assert told(database).own_words.text == "Hon"
        assert told(database).guardians.contact == "may_not"

    @pytest.fixture
    def compared(self, karin: Browser, anna: Browser, pupil: MissingPupil) -> Page:
        """What Karin sees when Anna has saved the same page."""
        mine, theirs = (browser.page("responses.save_whereabouts", pupil_id=pupil.id) for browser in (karin, anna))
        known = {"place": "abroad", "explanation": "delayed_return", "source": "guardian", "evidence": ["nothing"]}
        anna.submit(theirs, {**known, "country": "Somalia"}, button=SAVE)
        return karin.submit(mine, {**known, "country": "Kenya", "source": "relative"}, button=SAVE, status=409)

    def test_both_stand_side_by_side(self, compared: Page, database: Database) -> None:
        assert "Någon annan hann före" in compared.text
        assert [legend.get_text() for legend in compared.soup.select(".compared legend")] == [
            "Land, och ort om ni vet",
            "Vem har sagt det?",
        ]
        assert "Kenya" in compared.text
        assert "Somalia" in compared.text
        assert told(database).whereabouts.country == "Somalia"

    def test_one_chooses_question_by_question(self, compared: Page, karin: Browser, database: Database) -> None:
        chosen = {"choose-country": "saved", "choose-source": "mine"}
        karin.submit(compared, chosen, button="Spara det jag har valt")
        assert told(database).whereabouts.country == "Somalia"
        assert told(database).whereabouts.source == "relative"

    def test_keeping_the_saved_throws_the_own_away(self, compared: Page, karin: Browser, database: Database) -> None:
        page = karin.submit(compared, button="Behåll det som är sparat och kasta mitt")
        assert shown(page, "country") == "Somalia"
        assert kept(database) == []

    def test_it_happens_again_when_a_third_is_quicker(
        self, compared: Page, karin: Browser, anna: Browser, pupil: MissingPupil
    ) -> None:
        page = anna.page("responses.save_whereabouts", pupil_id=pupil.id)
        anna.submit(page, {"country": "Irak"}, button=SAVE)
        page = karin.submit(compared, button="Spara det jag har valt", status=409)
        assert "Irak" in page.text

    def test_figures_begun_by_two_at_once(self, karin: Browser, anna: Browser, school: School) -> None:
        mine, theirs = (
            browser.page("responses.save_figures", invitation_id=school.invitation.id) for browser in (karin, anna)
        )
        anna.submit(theirs, {"enrolled": 412, "present": 400, "known_absence": 3}, button=SAVE)
        page = karin.submit(mine, {"enrolled": 412, "present": 410, "known_absence": 1}, button=SAVE, status=409)
        assert [legend.get_text() for legend in page.soup.select(".compared legend")] == [
            "Hur många är på plats?",
            "Hur många har känd frånvaro?",
        ]

    def test_words_from_before_a_colleague_saved_are_compared_on_return(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Karins"})
        page = own_words(anna, pupil)
        anna.submit(page, {"text": "Annas"}, button=SAVE)
        assert kept(database) == [], "Anna was shown what Karin wrote and went on from it"
        stale = own_words(karin, pupil)
        anna.submit(own_words(anna, pupil), {"text": "Annas nya"}, button=SAVE)
        typing(karin, stale, {"text": "Karins nya"})
        page = own_words(karin, pupil)
        assert "Någon annan hann före" in page.text
        karin.submit(page, button="Spara det jag har valt")
        assert told(database).own_words.text == "Karins nya"


class TestSending:
    """What is typed and not saved is not lost by sending without a word."""

    NIL: ClassVar = {"enrolled": 412, "present": 408, "known_absence": 4, "declared": "ja"}
    SEND = "Skriv under och skicka in"
    WITHOUT = "Skicka in utan den texten"

    @pytest.fixture
    def ready(self, people: dict[str, Account], school: School, pupil: MissingPupil, session: Session) -> MissingPupil:
        """The pupil, described, in an answer that may be sent."""
        response = service.start_response(session, school.actor, school.invitation)
        row, answers = session.get_one(MissingPupil, pupil.id), named("Elin Sandhage")
        for page in answers.answered:
            if page is not PupilPage.URGENT and (values := answers.page(page)) is not None:
                service.save_pupil_page(session, school.actor, row, SavePupilPage(page, values))
        service.save_figures(session, school.actor, response, SaveFigures(412, 408, 3))
        session.commit()
        return row

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
        page = karin.submit(stale, {"declared": "ja"}, button=self.SEND, status=409)
        assert page.errors == [messages.UNSAVED_WORDS]
        assert len(kept(database)) == 1
        link = next(text for text in page.links if text.endswith(": Vill ni berätta något mer?"))
        page = karin.submit(karin.visit(page.link(link)), button=SAVE)
        assert page.h1 == "Kontrollera och skicka in"
        assert "inte är sparad" not in page.text
        assert karin.submit(page, {"declared": "ja"}, button=self.SEND).h1 == "Kvitto"
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
        assert karin.submit(page, {"declared": "ja"}, button=self.SEND).h1 == "Kvitto"

    def test_what_one_signs_with_is_not_what_one_loses(
        self, karin: Browser, ready: MissingPupil, school: School
    ) -> None:
        page = self.check(karin, school)
        typing(karin, page, {"signed_name": "Karin"}, self.SEND)
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
