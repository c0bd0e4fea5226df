"""A school's pages, walked as a person walks them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditShown
from app.cases.models import Case
from app.kernel.database import Database
from app.responses.models import MissingPupil, Response
from app.schools.models import EmergencyNumber
from app.surveys.models import Invitation
from app.surveys.types import InvitationState
from tests.factories.accounts import make_account
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation
from tests.integration.responses.conftest import School
from tests.pages import Browser, Page

SignIn = Callable[[Account], Browser]

FIGURES = {
    "enrolled": 412,
    "present": 407,
    "known_absence": 4,
    "protected_known_absence": 1,
    "protected_missing": 0,
}
IDENTITY = {
    "is_protected": "no",
    "name": "Elin Sandhage",
    "kind": "personal",
    "personal": "20150412-2381",
    "school_form": "compulsory",
    "grade": "5",
    "school_class": "5 B",
}
LAST_SEEN = {
    "last_present_on-day": 10,
    "last_present_on-month": 6,
    "last_present_on-year": 2026,
    "precision": "exact",
    "absence_start": "summer",
}
WHEREABOUTS = {
    "place": "abroad",
    "country": "vet inte",
    "explanation": "delayed_return",
    "source": "guardian",
    "evidence": ["nothing"],
}
CONCERN = {"concern": "none", "earlier_concern": "no"}


@pytest.fixture
def respondent(school: School, session: Session) -> Account:
    """Karin Lövdahl, who answers for the unit."""
    account = session.get_one(Account, school.actor.account_id)
    for position, (label, number) in enumerate([("Fara just nu", "112"), ("Socialjouren", "08-465 004 10")], 1):
        session.add(
            EmergencyNumber(
                municipality_id=school.desk.municipality.id,
                label=label,
                number=number,
                note="Dygnet runt",
                is_urgent=position == 1,
                position=position,
            )
        )
    session.commit()
    return account


@pytest.fixture
def browser(respondent: Account, sign_in: SignIn) -> Browser:
    """Karin's browser."""
    return sign_in(respondent)


def rows(database: Database, model: type[Any]) -> Sequence[Any]:
    """Return all rows of a table as they are now, without holding anything."""
    with database.reading() as session:
        return session.scalars(select(model)).all()


def one(database: Database, model: type[Any]) -> Any:
    """Return the only row of a table as it is now."""
    (row,) = rows(database, model)
    return row


def start(browser: Browser, school: School) -> Page:
    """Return the task list."""
    return browser.page("responses.show_response", invitation_id=school.invitation.id)


def add_pupil(browser: Browser, school: School, *signs: str) -> Page:
    """Put a pupil on the list and return the page that follows."""
    page = browser.page("responses.add_missing_pupil", invitation_id=school.invitation.id)
    return browser.submit(page, {"signs": list(signs) or ["none"]}, button="Spara och fortsätt")


def describe(browser: Browser, page: Page) -> Page:
    """Answer every question from *Vem är eleven?* on; return the absence list."""
    for values in (IDENTITY, LAST_SEEN, WHEREABOUTS, {"status": "unknown"}, {"spoken_with_child": "no"}):
        page = browser.submit(page, values, button="Spara och fortsätt")
    for values in ({"known": "unknown"}, CONCERN, {"contact": "may"}, {}):
        page = browser.submit(page, values, button="Spara och fortsätt")
    return page


def give_figures(browser: Browser, school: School) -> Page:
    """Give figures that add up with one pupil listed."""
    page = browser.page("responses.save_figures", invitation_id=school.invitation.id)
    return browser.submit(page, FIGURES, button="Spara och fortsätt")


def answered(browser: Browser, school: School) -> Page:
    """Answer with one pupil missing; return the receipt."""
    give_figures(browser, school)
    describe(browser, add_pupil(browser, school))
    page = browser.page("responses.submit_response", invitation_id=school.invitation.id)
    return browser.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")


class TestListTasks:
    def test_the_open_round_with_the_days_left(self, browser: Browser, school: School) -> None:
        page = browser.page("responses.list_tasks")
        assert "Svara senast fredag 28 augusti 2026 kl. 16.00. Det är 3 skoldagar kvar." in page.text
        assert "Inte påbörjad" in page.text
        opened = browser.visit(page.link("Öppna kartläggningen"))
        assert opened.h1 == "Kartläggning efter sommarlovet 2026"

    def test_nothing_to_do(self, respondent: Account, sign_in: SignIn, set_clock) -> None:
        set_clock(datetime(2026, 10, 1, 8, tzinfo=UTC))
        page = sign_in(respondent).page("responses.list_tasks")
        assert "Inget att göra." in page.text
        assert "Inget svar" in page.text

    def test_every_unit_of_a_principal_with_several(self, school, session, sign_in) -> None:
        other = make_unit(session, school.desk.municipality, name="Hagtornsskolan")
        make_invitation(session, school.survey_round, other)
        account = make_account(session, school.desk.municipality, Role.RESPONDENT, school.desk.unit, other)
        session.commit()
        page = sign_in(account).page("responses.list_tasks")
        assert "Strandängsskolan" in page.text
        assert "Hagtornsskolan" in page.text

    def test_staff_report_concern_and_see_no_answers(self, school, session, sign_in) -> None:
        account = make_account(session, school.desk.municipality, Role.STAFF, school.desk.unit)
        session.commit()
        browser = sign_in(account)
        page = browser.page("responses.list_tasks")
        assert "Skriv en orosanmälan" in page.text
        assert "Kartläggning efter" not in page.text
        browser.page("responses.show_response", status=404, invitation_id=school.invitation.id)


class TestNilReturn:
    def test_one_page_and_signed(self, browser: Browser, school: School, database: Database) -> None:
        page = start(browser, school)
        assert "Ingenting är ifyllt" in page.soup.get_text()
        page = browser.visit(page.link("Ingen elev saknas – skicka nollsvar"))
        values = {"enrolled": 412, "present": 408, "known_absence": 4, "protected_known_absence": 1, "declared": "ja"}
        receipt = browser.submit(page, values, button="Skriv under och skicka nollsvar")
        assert receipt.h1 == "Kvitto"
        assert "412 inskrivna = 408 på plats + 4 känd frånvaro, varav 1 skyddad" in receipt.text
        assert "av Karin Lövdahl" in receipt.text
        assert "Nollsvaret skickades in tisdag 25 augusti 2026" in receipt.text
        assert "Inte inskickat ännu" not in receipt.html
        assert browser.visit(receipt.link("rapportera det då")).h1 == "Rapportera nu"

    def test_figures_that_do_not_add_up(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.page("responses.submit_nil_return", invitation_id=school.invitation.id)
        values = {"enrolled": 413, "present": 408, "known_absence": 4, "signed_name": "Karin", "declared": "ja"}
        again = browser.submit(page, values, button="Skriv under och skicka nollsvar", status=422)
        assert again.title.startswith("Fel: ")
        assert again.errors == [
            "408 på plats och 4 med känd frånvaro blir 412, inte 413. "
            "Rätta den siffra som är fel, eller lägg in de elever som saknas."
        ]
        assert again.form("Skriv under och skicka nollsvar").filled({})["signed_name"] == "Karin"
        assert rows(database, Response) == []

    def test_impossible_while_somebody_is_listed(self, browser: Browser, school: School) -> None:
        add_pupil(browser, school)
        page = browser.page("responses.submit_nil_return", status=409, invitation_id=school.invitation.id)
        assert page.h1 == "Nollsvar går inte att skicka"


class TestAnswering:
    def test_the_whole_way(self, browser: Browser, school: School, database: Database) -> None:
        page = start(browser, school)
        assert "Inte inskickat ännu" in page.html
        page = browser.visit(page.link("Antal elever"))
        page = browser.submit(page, FIGURES, button="Spara och fortsätt")
        assert page.h1 == "Elever som saknas"
        assert "1 elev är inte räknad ännu" in page.text
        page = browser.visit(page.link("Lägg till en elev"))
        assert page.h1 == "Är något akut?"
        page = browser.submit(page, {"signs": ["none"]}, button="Spara och fortsätt")
        assert page.h1 == "Vem är eleven?"
        listed = describe(browser, page)
        assert "Elin Sandhage, 5 B" in listed.text
        assert "412 inskrivna = 407 på plats + 4 känd frånvaro, varav 1 skyddad + 1 saknas" in listed.text
        page = browser.visit(listed.link("Kontrollera och skicka in"))
        assert "Utomlands, vet inte" in page.text
        receipt = browser.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")
        case = one(database, Case)
        assert f"Ärende {case.reference}" in receipt.text
        assert "Att bedöma" in receipt.text
        assert one(database, Invitation).state is InvitationState.SUBMITTED
        page = browser.page("responses.list_tasks")
        assert case.reference in page.text
        assert "Elin" not in page.text

    def test_a_tick_leads_to_ring_nu_and_opens_the_case(
        self, browser: Browser, school: School, database: Database
    ) -> None:
        page = add_pupil(browser, school, "leaving_soon")
        assert page.h1 == "Ring nu"
        case = one(database, Case)
        assert f"Ärendet är öppnat hos samordnaren: {case.reference}" in page.text
        assert "Anmälningsplikten är din egen" in page.text
        assert page.link("Skriv orosanmälan nu").startswith("/orosanmalningar/ny?elev=")
        values = {"called": ["Socialjouren"], "called_at": "9.20", "answered_by": "Eva på jouren"}
        page = browser.submit(page, values, button="Spara och fortsätt")
        assert page.h1 == "Vem är eleven?"

    def test_ring_nu_never_blocks(self, browser: Browser, school: School) -> None:
        page = add_pupil(browser, school, "danger_now")
        assert browser.submit(page, button="Spara och fortsätt").h1 == "Vem är eleven?"

    def test_suspicion_opens_the_case_and_says_so(self, browser: Browser, school: School, database: Database) -> None:
        add_pupil(browser, school)
        pupil = one(database, MissingPupil)
        page = browser.page("responses.save_concern", pupil_id=pupil.id)
        values = {
            "concern": "suspected",
            "earlier_concern": "unknown",
            "report": "not_made",
            "not_reported_because": "Görs i eftermiddag",
        }
        page = browser.submit(page, values, button="Spara och fortsätt")
        assert "Ärendet är öppnat hos samordnaren: K-2026-001" in page.text

    def test_rows_come_and_go_and_nothing_typed_is_lost(
        self, browser: Browser, school: School, database: Database
    ) -> None:
        add_pupil(browser, school)
        pupil = one(database, MissingPupil)
        page = browser.page("responses.save_contacts", pupil_id=pupil.id)
        values = {"rows-0-result": "Ingen svarade", "spoken_with_child": "no"}
        page = browser.submit(page, values, button="Lägg till ett kontaktförsök", status=422)
        assert not page.errors
        data = page.form("Spara och fortsätt").filled({})
        assert (data["rows-0-result"], data["rows-1-result"], data["spoken_with_child"]) == ("Ingen svarade", "", "no")
        page = browser.submit(page, {"rows-1-result": "Sms"}, button="Ta bort kontaktförsök 1", status=422)
        data = page.form("Spara och fortsätt").filled({})
        assert "rows-0-result" not in data
        assert data["rows-1-result"] == "Sms"
        page = browser.submit(page, button="Spara och fortsätt", status=422)
        assert page.errors == ["Skriv vilken dag det var. Ungefär räcker.", "Välj hur ni försökte."]
        page = browser.submit(
            page,
            {"rows-0-on-day": 20, "rows-0-on-month": 8, "rows-0-on-year": 2026, "rows-0-way": "phone"},
            button="Spara och fortsätt",
        )
        assert [attempt.result for attempt in one(database, MissingPupil).told.contacts.attempts] == ["Sms"]

    def test_later_saves_and_leaves(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.submit(add_pupil(browser, school), IDENTITY, button="Spara och gör klart senare")
        assert page.h1 == "Elever som saknas"
        assert "Elin Sandhage, 5 B" in page.text
        assert "senast i skolan" in page.text

    def test_a_change_from_the_check_leads_back_to_it(self, browser: Browser, school: School) -> None:
        give_figures(browser, school)
        describe(browser, add_pupil(browser, school))
        page = browser.page("responses.submit_response", invitation_id=school.invitation.id)
        page = browser.visit(page.link("Ändra senast i skolan"))
        page = browser.submit(page, {"precision": "approximate"}, button="Spara och fortsätt")
        assert page.h1 == "Kontrollera och skicka in"
        assert "Ungefär 2026-06-10" in page.text

    def test_sending_is_refused_while_something_is_unanswered(self, browser: Browser, school: School) -> None:
        give_figures(browser, school)
        browser.submit(add_pupil(browser, school), IDENTITY, button="Spara och gör klart senare")
        page = browser.page("responses.submit_response", invitation_id=school.invitation.id)
        assert "Det här är kvar" in page.text
        assert "Skriv under och skicka in" not in page.text

    def test_removed_by_mistake_it_asks_first(self, browser: Browser, school: School, database: Database) -> None:
        add_pupil(browser, school)
        pupil = one(database, MissingPupil)
        page = browser.page("responses.remove_missing_pupil", pupil_id=pupil.id)
        page = browser.submit(page, button="Ta bort eleven")
        assert "Ingen elev är inlagd ännu" in page.text


class TestProtectedIdentity:
    def test_it_stops_and_keeps_nothing(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.submit(
            add_pupil(browser, school), {**IDENTITY, "is_protected": "yes"}, button="Spara och fortsätt"
        )
        assert page.h1 == "Stanna här: skyddade personuppgifter"
        assert rows(database, MissingPupil) == []
        response = one(database, Response)
        assert response.protected_missing == 1

    def test_not_known_is_the_strictest(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.submit(
            add_pupil(browser, school), {**IDENTITY, "is_protected": "unknown"}, button="Spara och fortsätt"
        )
        assert page.h1 == "Ta reda på om uppgifterna är skyddade"
        pupil = one(database, MissingPupil)
        assert pupil.told.identity is None
        page = browser.submit(page, button="Räkna eleven som skyddad")
        assert page.h1 == "Stanna här: skyddade personuppgifter"
        assert rows(database, MissingPupil) == []


class TestReceipt:
    def test_a_pupil_has_come_back(self, browser: Browser, school: School, database: Database) -> None:
        receipt = answered(browser, school)
        page = browser.submit(receipt, button="Eleven har kommit tillbaka")
        assert "Vi har noterat att eleven är tillbaka" in page.text
        assert "Kommer tillbaka" in page.text
        assert "Eleven har kommit tillbaka" not in page.text

    def test_a_report_promised_for_today_is_a_step_away(
        self, browser: Browser, school: School, database: Database
    ) -> None:
        give_figures(browser, school)
        describe(browser, add_pupil(browser, school))
        page = browser.page("responses.save_concern", pupil_id=one(database, MissingPupil).id)
        browser.submit(page, {"concern": "unclear", "report": "today"}, button="Spara och fortsätt")
        page = browser.page("responses.submit_response", invitation_id=school.invitation.id)
        receipt = browser.submit(page, {"declared": "ja"}, button="Skriv under och skicka in")
        report = browser.visit(receipt.link("Skriv orosanmälan för Elin Sandhage, 5 B nu"))
        assert report.form().filled({})["name"] == "Elin Sandhage"

    def test_a_change_is_a_new_version(self, browser: Browser, school: School, database: Database) -> None:
        page = browser.submit(answered(browser, school), button="Ändra uppgift")
        assert "Ni ändrar ett svar som är inskickat" in page.text
        assert "Ändring inte inskickad" in browser.page("responses.list_tasks").text
        page = browser.visit(page.link("Beskriv elever som saknas"))
        page = browser.submit(
            browser.page("responses.submit_response", invitation_id=school.invitation.id),
            {"declared": "ja"},
            button="Skriv under och skicka in",
        )
        assert "Det är version 2." in page.text
        old = browser.visit(page.link("Version 1"))
        assert old.h1 == "Version 1 av svaret"
        assert "Elin Sandhage, 5 B" in old.text

    def test_a_submitted_answer_leads_to_its_receipt(
        self, browser: Browser, school: School, database: Database
    ) -> None:
        answered(browser, school)
        pupil = one(database, MissingPupil)
        assert start(browser, school).h1 == "Kvitto"
        assert browser.page("responses.save_identity", pupil_id=pupil.id).h1 == "Kvitto"


class TestWhatCannotBe:
    def test_a_closed_round_says_so_and_keeps_the_draft(self, respondent, school, database, sign_in, set_clock) -> None:
        set_clock(datetime(2026, 9, 11, 13, 50, tzinfo=UTC))
        browser = sign_in(respondent)
        page = browser.page("responses.save_figures", invitation_id=school.invitation.id)
        add_pupil(browser, school)
        set_clock(datetime(2026, 9, 11, 14, 0, tzinfo=UTC))
        for endpoint, status in (("show_response", 200), ("save_figures", 409), ("submit_response", 409)):
            closed = browser.page(f"responses.{endpoint}", status=status, invitation_id=school.invitation.id)
            assert closed.h1 == "Kartläggningen är stängd"
            assert "Ring samordnaren, Maria Ekblad" in closed.text
        closed = browser.submit(page, FIGURES, button="Spara och fortsätt", status=409)
        assert closed.h1 == "Kartläggningen är stängd"
        assert one(database, MissingPupil) is not None

    def test_an_old_window_meets_what_was_sent(self, browser: Browser, school: School) -> None:
        give_figures(browser, school)
        old = browser.page("responses.save_figures", invitation_id=school.invitation.id)
        describe(browser, add_pupil(browser, school))
        check = browser.page("responses.submit_response", invitation_id=school.invitation.id)
        browser.submit(check, {"declared": "ja"}, button="Skriv under och skicka in")
        page = browser.submit(old, FIGURES, button="Spara och fortsätt", status=409)
        assert page.h1 == "Svaret är redan inskickat"

    def test_two_people_on_one_page(self, browser: Browser, school: School, database: Database) -> None:
        add_pupil(browser, school)
        pupil = one(database, MissingPupil)
        mine = browser.page("responses.save_identity", pupil_id=pupil.id)
        theirs = browser.page("responses.save_identity", pupil_id=pupil.id)
        browser.submit(theirs, IDENTITY, button="Spara och fortsätt")
        page = browser.submit(mine, {**IDENTITY, "name": "Elin S"}, button="Spara och fortsätt", status=409)
        assert "Någon annan hann före" in page.text
        assert "Elin Sandhage" in page.text
        browser.submit(page, {"choose-name": "mine"}, button="Spara det jag har valt")
        assert one(database, MissingPupil).told.identity.name == "Elin S"

    def test_a_double_click_sends_once(self, browser: Browser, school: School, database: Database) -> None:
        give_figures(browser, school)
        describe(browser, add_pupil(browser, school))
        check = browser.page("responses.submit_response", invitation_id=school.invitation.id)
        for _ in range(2):
            page = browser.submit(check, {"declared": "ja"}, button="Skriv under och skicka in")
            assert page.h1 == "Kvitto"
        assert len(rows(database, Response)) == 1

    def test_another_units_answer_does_not_exist(self, school, session, sign_in) -> None:
        unit = make_unit(session, school.desk.municipality, name="Hagtornsskolan")
        account = make_account(session, school.desk.municipality, Role.RESPONDENT, unit)
        session.commit()
        sign_in(account).page("responses.show_response", status=404, invitation_id=school.invitation.id)


class TestTraces:
    def test_every_page_that_shows_a_pupil_leaves_a_trace(self, browser, school, database) -> None:
        answered(browser, school)
        pupil = one(database, MissingPupil)

        def traces() -> int:
            return sum(shown.object_id == pupil.id for shown in rows(database, AuditShown))

        before = traces()
        for endpoint, values in (
            ("show_receipt", {"invitation_id": school.invitation.id}),
            ("show_version", {"invitation_id": school.invitation.id, "number": 1}),
            ("list_tasks", {}),
        ):
            browser.page(f"responses.{endpoint}", **values)
            assert traces() > before
            before = traces()

    def test_no_name_in_an_address_or_a_title(self, browser: Browser, school: School) -> None:
        page = add_pupil(browser, school)
        assert "Elin" not in page.title
        listed = describe(browser, page)
        assert "Elin" not in listed.title
        assert not any("Elin" in url for url in listed.links.values())
