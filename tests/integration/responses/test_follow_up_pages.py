"""A wave, a report outside rounds and a worry before a break, walked as people walk them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditShown
from app.cases.models import Case
from app.kernel.database import Database
from app.responses import service
from app.responses.models import MissingPupil, Response
from app.responses.types import AnyYesNo, Sibling, SiblingPlace, SiblingsAnswers
from app.surveys.models import Invitation
from app.surveys.types import PlanKind
from tests.factories.accounts import make_account
from tests.factories.schools import make_unit
from tests.factories.surveys import make_plan
from tests.integration.responses.conftest import School
from tests.integration.responses.test_reports import worry
from tests.integration.responses.waves import add, ask, named, next_term, next_wave, submit
from tests.pages import Browser, Page

SignIn = Callable[[Account], Browser]
Clock = Callable[[datetime], None]
SAVE = "Spara och fortsätt"
WHO = {"is_protected": "no", "name": "Elin Sandhage", "kind": "none", "school_form": "compulsory", "grade": "5"} | {
    "birth_date-day": 12,
    "birth_date-month": 4,
    "birth_date-year": 2015,
}


@pytest.fixture
def wave(session: Session, school: School, set_clock: Clock) -> School:
    """The school four weeks after it reported two pupils."""
    for name in ("Elin Sandhage", "Åke Öst"):
        add(session, school, named(name))
    submit(session, school)
    asked = next_wave(session, school, set_clock)
    session.commit()
    return asked


@pytest.fixture
def browser(school: School, session: Session, sign_in: SignIn) -> Browser:
    """Karin's browser."""
    account = session.get_one(Account, school.actor.account_id)
    session.commit()
    return sign_in(account)


@pytest.fixture
def coordinator(school: School, session: Session, sign_in: SignIn) -> Browser:
    """The coordinator's browser."""
    account = make_account(session, school.desk.municipality, Role.COORDINATOR)
    session.commit()
    return sign_in(account)


def names_by_pupil(page: Page) -> dict[str, str]:
    """Return the name of each pupil's field, by the pupil."""
    return {
        field.find("legend").get_text(" ", strip=True): field.find("input")["name"]
        for field in page.soup.find_all("fieldset")
    }


def start(browser: Browser, school: School) -> Page:
    """Return the task list."""
    return browser.page("responses.show_response", invitation_id=school.invitation.id)


class TestWave:
    def test_the_quick_page_comes_first(self, wave: School, browser: Browser) -> None:
        page = start(browser, wave)
        assert "2 elever att svara om" in page.text
        assert "Svara först om eleverna från förra gången" in page.text
        page = browser.visit(page.link("Svara om eleverna från förra gången"))
        assert page.h1 == "Eleverna från förra gången"
        assert "Sist: Utomlands, Vet inte." in page.text
        assert "K-2026-001" in page.text

    def test_from_the_mail_to_the_receipt(self, wave: School, browser: Browser, database: Database) -> None:
        page = browser.page("responses.answer_carried", invitation_id=wave.invitation.id)
        fields = names_by_pupil(page)
        values = {fields["Elin Sandhage, 5 B"]: "news", fields["Åke Öst, 5 B"]: "back"}
        page = browser.submit(page, values, button=SAVE)
        assert page.h1 == "Vad sägs om var eleven är?"
        page = browser.submit(page, {"place": "unknown"}, button="Spara och gör klart senare")
        page = browser.page("responses.save_figures", invitation_id=wave.invitation.id)
        page = browser.submit(
            page, {"enrolled": 412, "present": 411, "known_absence": 0, "protected_missing": 0}, button=SAVE
        )
        page = browser.visit(page.link("Kontrollera och skicka in"))
        assert "Sedan förra svaret: 1 tillbaka." in page.text
        receipt = browser.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")
        assert "Sedan förra svaret: 1 tillbaka." in receipt.text
        with database.reading() as session:
            assert len(session.scalars(select(Case)).all()) == 2

    def test_everyone_must_be_answered_about_or_left_for_later(self, wave: School, browser: Browser) -> None:
        page = browser.page("responses.answer_carried", invitation_id=wave.invitation.id)
        first = names_by_pupil(page)["Elin Sandhage, 5 B"]
        again = browser.submit(page, {first: "back"}, button=SAVE, status=422)
        assert again.errors == ["Välj hur det är med Åke Öst, 5 B."]
        page = browser.submit(again, {first: "back"}, button="Spara och gör klart senare")
        assert "1 elev att svara om" in page.text

    def test_a_nil_return_waits_for_them(self, wave: School, browser: Browser) -> None:
        page = browser.page("responses.submit_nil_return", status=409, invitation_id=wave.invitation.id)
        assert page.h1 == "Nollsvar går inte att skicka"
        page = browser.visit(page.link("Svara om eleverna från förra gången"))
        values = dict.fromkeys(names_by_pupil(page).values(), "back")
        page = browser.submit(page, values, button=SAVE)
        page = browser.visit(page.link("Ingen elev saknas – skicka nollsvar"))
        values = {"enrolled": 412, "present": 412, "known_absence": 0, "declared": "ja"}
        receipt = browser.submit(page, values, button="Skriv under och skicka nollsvar")
        assert "Sedan förra svaret: 2 tillbaka." in receipt.text

    def test_protected_pupils_are_asked_about_as_a_number(
        self, school: School, session: Session, set_clock: Clock, sign_in: SignIn
    ) -> None:
        pupil = add(session, school, named("Elin Sandhage"))
        service.withhold_pupil(session, school.actor, pupil)
        submit(session, school)
        wave = next_wave(session, school, set_clock)
        respondent = session.get_one(Account, school.actor.account_id)
        session.commit()
        browser = sign_in(respondent)
        page = start(browser, wave)
        assert (
            "Senast räknade ni 1 elev med skyddade personuppgifter som saknades eller som ni oroade er för."
            in page.text
        )
        page = browser.page("responses.submit_nil_return", status=409, invitation_id=wave.invitation.id)
        page = browser.visit(page.link("Svara om eleverna från förra gången"))
        assert page.form(SAVE).filled({})["protected_missing"] == "1"
        page = browser.submit(page, {"protected_missing": 0}, button=SAVE)
        page = browser.visit(page.link("Ingen elev saknas – skicka nollsvar"))
        values = {"enrolled": 412, "present": 412, "known_absence": 0, "declared": "ja"}
        receipt = browser.submit(page, values, button="Skriv under och skicka nollsvar")
        assert "Sedan förra svaret: 1 tillbaka." in receipt.text

    def test_the_page_leaves_a_trace_of_whom_it_showed(
        self, wave: School, browser: Browser, database: Database
    ) -> None:
        browser.page("responses.answer_carried", invitation_id=wave.invitation.id)
        with database.reading() as session:
            shown = set(session.scalars(select(AuditShown.object_id)))
            assert set(session.scalars(select(MissingPupil.id))) <= shown

    def test_the_first_round_has_no_such_page(self, browser: Browser, school: School) -> None:
        page = browser.page("responses.answer_carried", invitation_id=school.invitation.id)
        assert page.h1 == "Kartläggning efter sommarlovet 2026"
        assert "förra gången" not in page.text


class TestReportNow:
    def test_a_report_without_figures(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.page("responses.list_tasks")
        page = browser.visit(page.link("Rapportera nu"))
        page = browser.submit(page, button="Börja")
        assert page.h1 == "Är något akut?"
        page = browser.submit(page, {"signs": ["held_abroad"]}, button=SAVE)
        assert page.h1 == "Ring nu"
        assert "K-2026-001" in page.text
        page = browser.page("responses.list_tasks")
        page = browser.visit(page.link("Elev som saknas"))
        assert page.h1 == "Rapporten"
        assert "Antal elever" not in page.text
        page = browser.visit(page.link("Fortsätt med eleverna"))
        assert page.h1 == "Elever ni rapporterar"
        with database.reading() as session:
            invitation_id = session.scalars(select(Response.invitation_id)).one()
        assert browser.page("responses.save_figures", invitation_id=invitation_id).h1 == "Rapporten"
        page = browser.page("responses.submit_response", invitation_id=invitation_id)
        assert "Det här är kvar" in page.text

    @pytest.mark.parametrize("endpoint", ["responses.report_missing", "responses.report_worry"])
    def test_one_begun_and_left_empty_is_nothing_to_do(
        self, browser: Browser, database: Database, endpoint: str
    ) -> None:
        browser.submit(browser.page(endpoint), button="Börja")
        assert "Inte inskickad" not in browser.page("responses.list_tasks").text
        assert "Inte inskickad" not in browser.page(endpoint).text
        page = browser.submit(browser.page(endpoint), button="Börja")
        with database.reading() as session:
            assert len(session.scalars(select(Response)).all()) == 1, "what was begun is gone on with"
        browser.submit(page, {"signs": ["none"]}, button=SAVE)
        assert "Inte inskickad" in browser.page("responses.list_tasks").text

    def test_who_answers_for_several_schools_chooses_one(self, school, session, sign_in) -> None:
        other = make_unit(session, school.desk.municipality, name="Hagtornsskolan")
        account = make_account(session, school.desk.municipality, Role.RESPONDENT, school.desk.unit, other)
        session.commit()
        browser = sign_in(account)
        page = browser.page("responses.report_missing")
        assert browser.submit(page, button="Börja", status=422).errors == ["Välj skola."]
        page = browser.submit(page, {"school_unit": str(other.id)}, button="Börja")
        assert page.h1 == "Är något akut?"

    def test_staff_who_answer_for_no_school_leave_it_to_those_who_do(self, school, session, sign_in) -> None:
        account = make_account(session, school.desk.municipality, Role.STAFF, school.desk.unit)
        session.commit()
        sign_in(account).page("responses.report_missing", status=403)


class TestWorry:
    def test_the_whole_way(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.page("responses.report_worry")
        assert page.h1 == "Oro inför lov"
        page = browser.submit(page, button="Börja")
        assert "Fråga 1 av 8" in page.text
        page = browser.submit(page, {"signs": ["none"]}, button=SAVE)
        assert "är orolig för samma elev" in page.text
        page = browser.submit(page, WHO, button=SAVE)
        assert page.h1 == "Vad har någon sett eller hört?"
        page = browser.submit(page, {"suspects": "no"}, button=SAVE)
        page = browser.submit(page, {"quote": "Jag vill inte åka.", "said_to": "Klassläraren"}, button=SAVE)
        page = browser.submit(page, {"known": "unknown"}, button=SAVE)
        assert page.h1 == "Är en resa planerad?"
        page = browser.submit(page, {"known": "no"}, button=SAVE)
        assert page.checked().form(SAVE).filled({})["contact"] == "raises_risk", "nobody phones unless somebody chooses"
        page = browser.submit(page, button=SAVE)
        page = browser.submit(page, button=SAVE)
        assert page.h1 == "Elever ni oroar er för"
        page = browser.visit(page.link("Kontrollera och skicka in"))
        assert "”Jag vill inte åka.” (Klassläraren)" in page.text
        receipt = browser.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")
        assert "Elever ni oroade er för" in receipt.text
        assert "Det du skrev är inskickat." in receipt.text
        assert "Rapporter mellan kartläggningarna" not in receipt.text
        assert "Eleven har kommit tillbaka" not in receipt.text
        assert "inskrivna" not in receipt.text

    def test_a_school_that_is_asked_may_say_that_it_worries_about_nobody(
        self, school: School, session: Session, browser: Browser
    ) -> None:
        plan = make_plan(session, school.desk.municipality, PlanKind.BEFORE_CHRISTMAS, title="Oro inför jullovet")
        asked = ask(session, school, plan, moved=timedelta())
        session.commit()
        page = start(browser, asked)
        assert page.h1 == "Oro inför jullovet 2026"
        page = browser.visit(page.link("Vi oroar oss inte för någon elev"))
        receipt = browser.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")
        assert "Blir ni oroliga för en elev senare" in receipt.text
        page = browser.visit(receipt.link("Version 1"))
        assert "Skolan oroade sig inte för någon elev." in page.text

    def test_what_is_only_asked_in_rounds_is_no_page_of_it(
        self, browser: Browser, school: School, session: Session
    ) -> None:
        pupil = worry(session, school)
        missing = add(session, school, named("Åke Öst"))
        session.commit()
        browser.page("responses.save_travel", status=404, pupil_id=missing.id)
        assert browser.page("responses.save_leave", pupil_id=pupil.id).h1 == "Kvitto", "what was sent is shown as sent"


class TestStaffWorry:
    """A teacher who answers for no school worries about a pupil."""

    @pytest.fixture
    def teacher(self, school: School, session: Session, sign_in: SignIn) -> Browser:
        account = make_account(session, school.desk.municipality, Role.STAFF, school.desk.unit)
        session.commit()
        return sign_in(account)

    def test_from_the_start_page_to_the_receipt(self, teacher: Browser, school: School, browser: Browser) -> None:
        page = teacher.visit(teacher.page("responses.list_tasks").link("Oro inför lov"))
        page = teacher.submit(page, button="Börja")
        page = teacher.submit(page, {"signs": ["none"]}, button=SAVE)
        page = teacher.submit(page, WHO, button=SAVE)
        page = teacher.submit(page, {"suspects": "no"}, button="Spara och gör klart senare")
        assert "Inte inskickad" in teacher.page("responses.list_tasks").text
        page = teacher.visit(page.link("Fortsätt: Får vårdnadshavarna kontaktas?"))
        page = teacher.submit(page, {"contact": "unknown"}, button="Spara och gör klart senare")
        page = teacher.visit(page.link("Kontrollera och skicka in"))
        receipt = teacher.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")
        assert "K-2026-001" in receipt.text
        assert "K-2026-001" in teacher.page("responses.list_tasks").text
        assert "K-2026-001" in browser.page("responses.list_tasks").text, "who answers for the school sees it too"

    def test_what_is_urgent_reaches_the_coordinator_at_once(self, teacher: Browser) -> None:
        page = teacher.submit(teacher.page("responses.report_worry"), button="Börja")
        page = teacher.submit(page, {"signs": ["leaving_soon"]}, button=SAVE)
        assert page.h1 == "Ring nu"
        assert "K-2026-001" in page.text

    def test_nobody_elses_answer_is_theirs_to_see(
        self, teacher: Browser, school: School, session: Session, sign_in: SignIn
    ) -> None:
        missing, worried_about = add(session, school, named("Åke Öst")), worry(session, school)
        session.commit()
        for pupil in (missing, worried_about):
            teacher.page("responses.save_identity", status=404, pupil_id=pupil.id)
            teacher.page("responses.show_response", status=404, invitation_id=pupil.response.invitation_id)
        teacher.submit(teacher.page("responses.report_worry"), button="Börja")
        begun = session.scalars(select(Invitation.id).where(Invitation.begun_by_id.is_not(None))).one()
        colleague = make_account(session, school.desk.municipality, Role.STAFF, school.desk.unit)
        session.commit()
        sign_in(colleague).page("responses.show_response", status=404, invitation_id=begun)

    def test_an_account_of_no_school_is_told_whom_to_phone(self, school: School, session: Session, sign_in) -> None:
        account = make_account(session, school.desk.municipality, Role.STAFF)
        session.commit()
        assert "hör inte till någon skola" in sign_in(account).page("responses.report_worry").text


class TestBeforeBreak:
    def test_a_sibling_who_may_be_away_too_is_not_said_to_be_here(
        self, coordinator: Browser, school: School, session: Session
    ) -> None:
        for name, other in (("Vilma Sand", "Elin Sand"), ("Elin Sand", "Vilma Sand")):
            siblings = SiblingsAnswers(AnyYesNo.YES, (Sibling(other, "åk 3", SiblingPlace.SAME_SCHOOL),))
            add(session, school, named(name, siblings=siblings))
        submit(session, school)
        session.commit()
        text = coordinator.page("responses.list_before_break").text
        assert "Syskon som är kvar" not in text
        assert "Syskon: Elin Sand, åk 3, samma skola. Samma namn som barnet i K-2026-002, som också är borta." in text

    def test_why_each_child_stands_there_and_what_came_of_it(
        self, coordinator: Browser, school: School, session: Session, set_clock: Clock, sign_in: SignIn
    ) -> None:
        siblings = SiblingsAnswers(
            AnyYesNo.YES, (Sibling("Elin Sandhage", "åk 3", SiblingPlace.SAME_SCHOOL, is_missing=AnyYesNo.NO),)
        )
        add(session, school, named("Åke Öst", siblings=siblings))
        submit(session, school)
        worry(session, school)
        session.commit()
        page = coordinator.visit(coordinator.page("cases.list_cases").link("Inför lovet"))
        assert "Skolan oroade sig 2026-08-25" in page.text
        assert "Frågas efter lovet" in page.text
        assert "Är borta. Syskon som är kvar: Elin Sandhage, åk 3, samma skola. Samma namn som barnet i" in page.text
        assert "Kan vara syskon till barnet i K-2026-001, som är borta." in page.text
        term = next_term(session, school, set_clock)
        respondent = session.get_one(Account, school.actor.account_id)
        session.commit()
        browser = sign_in(respondent)
        asked = browser.page("responses.answer_carried", invitation_id=term.invitation.id)
        assert "Kom Elin Sandhage, 5 B tillbaka efter lovet?" in asked.text
        fields = names_by_pupil(asked)
        values = dict.fromkeys(fields.values(), "still_away")
        browser.submit(asked, values, button=SAVE)
        later = make_account(session, school.desk.municipality, Role.COORDINATOR)
        session.commit()
        page = sign_in(later).page("responses.list_before_break")
        assert "0 av 1 elev som skolor oroade sig för är tillbaka" in page.text

    def test_the_filter_keeps_one_school(self, coordinator: Browser, school: School, session: Session) -> None:
        other = make_unit(session, school.desk.municipality, name="Hagtornsskolan")
        worry(session, school)
        session.commit()
        assert "K-2026-001" in coordinator.page("responses.list_before_break", skola=school.desk.unit.id).text
        assert "K-2026-001" not in coordinator.page("responses.list_before_break", skola=other.id).text
