"""The pages of reports of concern, walked as a person walks them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditShown
from app.cases.models import Case
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.referrals.forms.sending import REFUSALS
from app.referrals.models import HandOver, Receiver, ReceiverLink, ReportOfConcern
from app.referrals.types import ReportState
from app.responses import service as responses
from app.responses.types import AddMissingPupil, PupilPage, SavePupilPage, UrgentAnswers, UrgentSign
from app.surveys.models import Invitation
from tests.conftest import Clock
from tests.factories.accounts import make_account
from tests.factories.cases import Desk, make_case, make_claim
from tests.factories.pupils import make_identity, make_number
from tests.factories.referrals import CHILD, Office, make_handed_over, make_receiver, make_report
from tests.factories.responses import complete_answers, identity
from tests.factories.surveys import make_invitation, make_plan, make_round
from tests.integration.referrals.place import QUESTIONS, TUESDAY, Place, begin, write_on
from tests.pages import Browser
from tests.unit.referrals.test_documents import text_of


class TestWriting:
    def test_a_teacher_writes_and_hands_over_without_asking_anybody(self, place: Place) -> None:
        browser = place.staff
        page = begin(browser)
        assert page.h1 == "Är det akut?"
        page = write_on(browser, page)
        assert page.h1 == "Granska innan du lämnar"
        assert CHILD in page.text
        page = browser.visit(page.link("Gå vidare och lämna"))
        page = browser.submit(page, {"channels": ["print", "mail_link"]}, button="Lämna anmälan nu")
        assert page.h1 == "Orosanmälan O-2026-001"
        assert "Skickad" in page.text
        assert CHILD not in page.title
        report = place.report()
        assert report.state is ReportState.HANDED_OVER
        assert place.count(HandOver) == 2
        assert place.count(OutboxMessage) == 1

    def test_the_preview_says_what_the_document_says(self, place: Place) -> None:
        browser = place.staff
        page = write_on(browser, begin(browser))
        response = browser.get(page.link("Visa som PDF, så som mottagaren får den"))
        text = text_of(response.data)
        shown = page.text
        for said in (CHILD, "Kom inte tillbaka.", "19 kap. 1 § socialtjänstlagen (2025:400)", "Karin Lövdahl"):
            assert said in text, said
            assert said in shown, said
        assert "Utkast" in text

    def test_urgent_shows_whom_to_ring_before_anything_else(self, place: Place) -> None:
        browser = place.staff
        page = browser.submit(begin(browser), {"is_acute": "yes", "place": "unknown"}, button="Spara och fortsätt")
        assert page.h1 == "Ring nu"
        assert page.soup.select_one('a[href="tel:112"]') is not None
        assert browser.visit(page.link("Fortsätt skriva")).h1 == "Vad är du orolig för?"

    def test_a_page_saved_for_later_leads_to_what_is_left(self, place: Place) -> None:
        browser = place.staff
        page = begin(browser)
        page = browser.submit(page, {"is_acute": "no", "place": "sweden"}, button="Spara och gör klart senare")
        assert page.h1 == "Orosanmälan O-2026-001"
        assert "Vad är du orolig för?" in page.links

    def test_a_page_changed_from_the_preview_leads_back_there(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.edit_concern", report_id=report_id, fran="granska")
        page = browser.submit(page, {"what_happened": "Något annat."}, button="Spara och fortsätt")
        assert page.h1 == "Granska innan du lämnar"
        assert "Något annat." in page.text

    def test_rows_are_added_and_taken_away_without_losing_words(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.edit_told", report_id=report_id)
        page = browser.submit(page, {"rows-0-text": "Är hos mormor"}, button="Lägg till en uppgift", status=422)
        assert "Är hos mormor" in str(page.form("Spara och fortsätt").tag)
        page = browser.submit(page, {"rows-1-text": "Reste den 14 juni"}, button="Spara och fortsätt")
        told = place.report().told.told
        assert told is not None
        assert [each.text for each in told.statements] == ["Är hos mormor", "Reste den 14 juni"]
        page = browser.page("referrals.edit_told", report_id=report_id)
        page = browser.submit(page, button="Ta bort uppgift 1", status=422)
        browser.submit(page, button="Spara och fortsätt")
        told = place.report().told.told
        assert told is not None
        assert [each.text for each in told.statements] == ["Reste den 14 juni"]

    def test_guardians_have_not_been_told_unless_somebody_says_so(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.edit_family", report_id=report_id)
        assert page.form("Spara och fortsätt").filled({})["rows-0-informed"] == "no"
        browser.submit(page, button="Spara och fortsätt")
        family = place.report().told.family
        assert family is not None
        assert family.guardians == ()
        assert (
            "Vårdnadshavarna känner inte till anmälan."
            in browser.page("referrals.preview_report", report_id=report_id).text
        )

    def test_two_windows_meet_in_a_page_that_keeps_what_was_typed(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        first, second = (browser.page("referrals.edit_concern", report_id=report_id) for _ in range(2))
        browser.submit(first, {"what_happened": "Det första."}, button="Spara och fortsätt")
        page = browser.submit(second, {"what_happened": "Det andra."}, button="Spara och fortsätt", status=409)
        assert "Det andra." in str(page.soup.select_one("#what_happened"))
        assert page.title.startswith("Fel: ")
        browser.submit(page, button="Spara och fortsätt")
        concern = place.report().told.concern
        assert concern is not None
        assert concern.what_happened == "Det andra."

    def test_a_board_outside_the_register_is_typed_and_offers_no_mail(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.edit_reporter", report_id=report_id)
        page = browser.submit(page, {"receiver": "not_listed"}, button="Spara och fortsätt", status=422)
        assert "Skriv nämndens namn." in page.errors
        page = browser.submit(
            page, {"board_name": "Socialnämnden", "municipality_name": "Haparanda"}, button="Spara och fortsätt"
        )
        assert "Socialnämnden, Haparanda" in page.text
        page = browser.page("referrals.hand_over_report", report_id=report_id)
        assert page.soup.select_one('input[value="mail_link"]') is None

    def test_a_draft_is_given_up_after_one_question(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.withdraw_report", report_id=report_id)
        assert browser.submit(page, button="Ta bort utkastet").h1 == "Mina orosanmälningar"
        assert place.report().state is ReportState.WITHDRAWN


class TestProtected:
    @pytest.mark.parametrize("answer", ["yes", "unknown"])
    def test_nothing_is_kept_and_the_page_says_whom_to_ring(self, place: Place, answer: str) -> None:
        browser = place.staff
        page = begin(browser, is_protected=answer)
        assert page.h1 == "Stanna här: skyddade personuppgifter"
        assert CHILD not in page.html
        assert "08-465 004 21" in page.text
        assert place.count(ReportOfConcern) == 0

    def test_a_draft_turns_out_to_be_about_one_and_is_forgotten(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.edit_child", report_id=report_id)
        page = browser.submit(page, {"is_protected": "yes"}, button="Spara och fortsätt")
        assert page.h1 == "Stanna här: skyddade personuppgifter"
        report = place.report()
        assert (report.state, report.content) == (ReportState.WITHDRAWN, {})

    def test_it_is_asked_anew_when_a_case_is_the_beginning(self, place: Place) -> None:
        with place.database.transaction() as session:
            case_id = make_case(session, _desk(place.office)).id
        page = place.coordinator.page("referrals.start_report", arende=str(case_id))
        assert "is_protected" not in page.form().filled({})


class TestBeginnings:
    def test_a_respondent_begins_from_a_pupil_of_the_own_answer(self, place: Place) -> None:
        pupil_id = self._pupil(place)
        browser = place.respondent
        page = browser.page("referrals.start_report", elev=str(pupil_id))
        assert page.form().filled({})["name"] == "Elin Sandhage"
        page = browser.submit(page, {"is_protected": "no"})
        assert page.form("Spara och fortsätt").filled({})["is_acute"] == "yes"
        report = place.report()
        assert report.entry_id is not None
        told = report.told
        assert told.told is not None
        assert told.told.statements[0].source == "Vårdnadshavare"
        assert told.travel is not None
        assert told.travel.last_seen_on is not None
        assert "response:pupil_read" in place.actions()

    def test_others_cannot_begin_from_it(self, place: Place) -> None:
        pupil_id = self._pupil(place)
        place.staff.page("referrals.start_report", 404, elev=str(pupil_id))
        place.sign_in(place.foreign.respondent).page("referrals.start_report", 404, elev=str(pupil_id))

    def test_a_report_from_the_answer_joins_the_case_of_the_answer(self, place: Place) -> None:
        pupil_id = self._pupil(place, sign=UrgentSign.HELD_ABROAD)
        browser = place.respondent
        page = browser.submit(browser.page("referrals.start_report", elev=str(pupil_id)), {"is_protected": "no"})
        page = browser.submit(page, button="Spara och fortsätt")
        page = browser.visit(page.link("Fortsätt skriva"))
        for answers in ({"what_happened": "Hålls kvar."}, {}, {}, {}, {}, {}):
            page = browser.submit(page, answers, button="Spara och fortsätt")
        page = browser.visit(page.link("Gå vidare och lämna"))
        browser.submit(page, button="Lämna anmälan nu")
        with place.database.reading() as session:
            case = session.scalars(select(Case)).one()
            assert place.report().case_id == case.id
            assert case.reported_at == TUESDAY

    def test_a_coordinator_begins_from_a_case(self, place: Place) -> None:
        identity = make_identity(name="Vilma Sandhage")
        with place.database.transaction() as session:
            case_id = make_case(session, _desk(place.office), identity=identity, claims=(make_claim(),)).id
        browser = place.coordinator
        page = browser.page("referrals.start_report", arende=str(case_id))
        assert page.form().filled({})["name"] == "Vilma Sandhage"
        assert "case:read" in place.actions()
        browser.submit(page, {"is_protected": "no", "school_form": "unknown"})
        assert place.report().case_id == case_id

    def test_a_school_cannot_begin_from_a_case(self, place: Place) -> None:
        with place.database.transaction() as session:
            case_id = make_case(session, _desk(place.office)).id
        for browser in (place.staff, place.respondent, place.sign_in(place.foreign.coordinator)):
            browser.page("referrals.start_report", 404, arende=str(case_id))

    @pytest.mark.parametrize("query", [{"arende": "x"}, {"elev": "1"}, {"rattar": "../"}, {"arende": str(uuid4())}])
    def test_what_is_no_id_begins_nothing(self, place: Place, query: dict[str, str]) -> None:
        place.coordinator.page("referrals.start_report", 404, **query)

    def test_a_correction_is_a_new_report_that_names_the_earlier(self, place: Place) -> None:
        earlier_id = place.made(make_handed_over)
        browser = place.staff
        page = browser.page("referrals.show_report", report_id=earlier_id)
        page = browser.visit(page.link("Skriv en rättelse"))
        assert page.form().filled({})["name"] == CHILD
        browser.submit(page, {"is_protected": "no"})
        with place.database.reading() as session:
            correction = session.scalars(select(ReportOfConcern).where(ReportOfConcern.corrects_id == earlier_id)).one()
        page = browser.page("referrals.show_report", report_id=correction.id)
        assert "Rättar O-2026-001" in page.text
        response = browser.get(f"/orosanmalningar/{correction.id}/dokument.pdf")
        assert "rättar och ersätter O-2026-001" in text_of(response.data)

    def _pupil(self, place: Place, sign: UrgentSign = UrgentSign.LEAVING_SOON) -> UUID:
        office = place.office
        with place.database.transaction() as session:
            survey_round = make_round(session, make_plan(session, office.municipality))
            invitation: Invitation = make_invitation(session, survey_round, office.unit)
            actor = office.actor(office.respondent)
            response = responses.start_response(session, actor, invitation)
            pupil = responses.add_missing_pupil(session, actor, response, AddMissingPupil(UrgentAnswers((sign,))))
            home = office.municipality.code
            answers = complete_answers(identity=identity(number=make_number(), home_municipality_code=home))
            for page in (PupilPage.IDENTITY, PupilPage.LAST_SEEN, PupilPage.WHEREABOUTS):
                values = answers.page(page)
                assert values is not None
                responses.save_pupil_page(session, actor, pupil, SavePupilPage(page, values))
            return pupil.id


class TestHandingOver:
    def test_a_double_click_hands_over_once(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.hand_over_report", report_id=report_id)
        for _ in range(2):
            assert browser.submit(page, button="Lämna anmälan nu").h1 == "Orosanmälan O-2026-001"
        assert place.count(HandOver) == 2  # paper, and the mail
        assert place.count(OutboxMessage) == 1

    def test_a_second_window_finds_that_it_has_left(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        first, second = (browser.page("referrals.hand_over_report", report_id=report_id) for _ in range(2))
        browser.submit(first, button="Lämna anmälan nu")
        assert "Skickad" in browser.submit(second, button="Lämna anmälan nu").text
        assert place.count(HandOver) == 2

    def test_what_lacks_says_what_and_offers_no_button(self, place: Place) -> None:
        browser = place.staff
        page = browser.submit(begin(browser), {"is_acute": "no", "place": "unknown"}, button="Spara och fortsätt")
        report_id = place.report().id
        page = browser.page("referrals.hand_over_report", report_id=report_id)
        assert "Vad är du orolig för?" in page.links
        assert "Lämna anmälan nu" not in page.text

    def test_the_mail_alone_is_no_hand_over(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        page = browser.page("referrals.hand_over_report", report_id=report_id)
        page = browser.submit(page, {"channels": ["mail_link"]}, button="Lämna anmälan nu", status=422)
        assert page.errors == ["Välj också hur själva anmälan lämnas: på papper eller som fil i en säker tjänst."]
        page = browser.submit(page, {"channels": []}, button="Lämna anmälan nu", status=422)
        assert page.errors == ["Välj hur du lämnar anmälan."]

    def test_the_reporter_gets_the_very_copy_and_each_opening_is_traced(self, place: Place) -> None:
        report_id = place.made(make_handed_over)
        for browser in (place.staff, place.coordinator):
            page = browser.page("referrals.show_report", report_id=report_id)
            response = browser.get(page.link("Öppna anmälan som PDF"))
            assert response.mimetype == "application/pdf"
            assert response.headers["Content-Disposition"] == 'inline; filename="O-2026-001.pdf"'
            assert response.headers["Cache-Control"] == "no-store"
            with place.database.reading() as session:
                receipt = session.scalars(select(HandOver)).first()
                assert receipt is not None
                assert response.data == receipt.document
        saved = browser.get(page.link("Spara ditt exemplar"))
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert place.actions().count("report_of_concern:document_read") == 3

    def test_what_has_left_leads_from_every_question_to_its_receipt(self, place: Place) -> None:
        report_id = place.made(make_handed_over)
        browser = place.staff
        for question in QUESTIONS:
            assert browser.page(f"referrals.edit_{question}", report_id=report_id).h1 == "Orosanmälan O-2026-001"
        assert browser.page("referrals.withdraw_report", report_id=report_id).h1 == "Orosanmälan O-2026-001"

    def test_a_mail_that_did_not_arrive_is_told_and_sent_again_by_hand(self, place: Place) -> None:
        report_id = place.made(make_handed_over)
        with place.database.transaction() as session:
            session.scalars(select(OutboxMessage)).one().state = MessageState.DEAD
        browser = place.coordinator
        assert "Kom inte fram" in browser.page("referrals.list_reports").text
        page = browser.page("referrals.show_report", report_id=report_id)
        assert "Mejlet till nämnden kom inte fram." in page.text
        page = browser.submit(page, button="Skicka mejlet igen")
        assert "Mejlet skickas igen." in page.text
        assert place.count(OutboxMessage) == 2

    def test_a_wrong_municipality_is_pointed_out(self, place: Place) -> None:
        report_id = place.made(make_report, place.office, home_municipality_code="0180")
        with place.database.transaction() as session:
            report = session.get_one(ReportOfConcern, report_id)
            report.receiver_id = place.office.receiver.id
        page = place.staff.page("referrals.hand_over_report", report_id=report_id)
        assert "Kontrollera mottagaren." in page.text


class TestReception:
    def token(self, place: Place) -> str:
        place.made(make_handed_over)
        with place.database.reading() as session:
            return session.scalars(select(ReceiverLink)).one().token

    def test_opening_shows_no_personal_data_and_acknowledges_nothing(self, place: Place, browser: Browser) -> None:
        token = self.token(place)
        for _ in range(2):
            page = browser.page("referrals.acknowledge_report", token=token)
        assert page.h1 == "Bekräfta att ni har fått anmälan O-2026-001"
        for personal in (CHILD, "Sandhage", "Elin", "Strandängsskolan", "Karin"):
            assert personal not in page.html, personal
        assert place.report().state is ReportState.HANDED_OVER
        assert place.actions().count("report_of_concern:link_opened") == 1

    def test_a_click_acknowledges_once_and_the_same_link_takes_the_answer(self, place: Place, browser: Browser) -> None:
        token = self.token(place)
        page = browser.page("referrals.acknowledge_report", token=token)
        for _ in range(2):
            after = browser.submit(page, button="Vi har tagit emot anmälan")
        assert "Tack, mottagandet är bekräftat" in after.text
        assert place.actions().count("report_of_concern:acknowledged") == 1
        day = {"on-day": 25, "on-month": 8, "on-year": 2026}
        window = browser.page("referrals.acknowledge_report", token=token)
        done = browser.submit(after, {"answer": "opened", **day}, button="Skicka svaret")
        assert done.h1 == "Tack, svaret är mottaget"
        assert place.report().state is ReportState.ANSWERED
        assert not done.soup.select("main form")
        again = browser.submit(window, {"answer": "not_opened", **day}, button="Skicka svaret", status=422)
        assert again.h1 == "Tack, svaret är mottaget"
        assert place.report().answer == "opened"

    @pytest.mark.parametrize(
        ("day", "error"),
        [
            ({"on-day": 26, "on-month": 8, "on-year": 2026}, "framtiden"),
            ({"on-day": 24, "on-month": 8, "on-year": 2026}, REFUSALS["before_hand_over"]),
            ({"on-day": 31, "on-month": 2, "on-year": 2026}, "Dagen finns inte"),
            ({}, "Skriv vilken dag ni beslutade det."),
        ],
    )
    def test_an_impossible_day_is_asked_for_again(
        self, place: Place, browser: Browser, day: dict[str, Any], error: str
    ) -> None:
        page = browser.page("referrals.acknowledge_report", token=self.token(place))
        page = browser.submit(page, button="Vi har tagit emot anmälan")
        page = browser.submit(page, {"answer": "opened", **day}, button="Skicka svaret", status=422)
        assert any(error in line for line in page.errors), page.errors
        assert page.form().filled({})["answer"] == "opened"

    @pytest.mark.parametrize("token", ["x", "A" * 64, "å" * 20, "-" * 500])
    def test_an_unknown_link_is_no_page(self, place: Place, browser: Browser, token: str) -> None:
        self.token(place)
        browser.page("referrals.acknowledge_report", 404, token=token)

    def test_a_link_with_one_letter_changed_is_no_page(self, place: Place, browser: Browser) -> None:
        token = self.token(place)
        altered = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]
        browser.page("referrals.acknowledge_report", 404, token=altered)

    def test_an_expired_link_says_whom_to_ring(self, place: Place, browser: Browser, set_clock: Clock) -> None:
        token = self.token(place)
        page = browser.page("referrals.acknowledge_report", token=token)
        set_clock(TUESDAY + timedelta(days=61))
        assert "Vi har tagit emot anmälan" in page.form().buttons
        late = browser.page("referrals.acknowledge_report", 410, token=token)
        assert not late.soup.select("main form")
        assert late.h1 == "Länken har gått ut"
        assert "08-465 004 21" in late.text
        assert place.report().state is ReportState.HANDED_OVER

    def test_a_click_from_another_site_does_nothing(self, place: Place, browser: Browser) -> None:
        token = self.token(place)
        response = browser.post(f"/mottagning/{token}", data={"acknowledge": "1"})
        assert response.status_code == 400
        assert place.report().state is ReportState.HANDED_OVER


class TestRecording:
    def test_the_coordinator_writes_down_what_the_board_said(self, place: Place) -> None:
        report_id = place.made(make_handed_over)
        browser = place.coordinator
        page = browser.page("referrals.show_report", report_id=report_id)
        page = browser.visit(page.link("Anteckna att de har fått anmälan"))
        page = browser.submit(page, button="Anteckna")
        assert "Bekräftad" in page.text
        page = browser.visit(page.link("Anteckna deras svar"))
        day = {"on-day": 25, "on-month": 8, "on-year": 2026}
        page = browser.submit(page, {"answer": "ongoing", **day}, button="Anteckna svaret")
        assert "Pågår redan" in page.text
        assert place.report().answered_by == "coordinator"

    def test_a_school_sees_what_became_of_it(self, place: Place) -> None:
        report_id = place.made(make_handed_over)
        assert "Senast onsdag 26 augusti 2026" in place.staff.page("referrals.show_report", report_id=report_id).text

    @pytest.mark.parametrize("view", ["record_acknowledgement", "record_answer"])
    def test_nobody_else_records(self, place: Place, view: str) -> None:
        report_id = place.made(make_handed_over)
        for browser in (place.staff, place.respondent, place.administrator):
            browser.page(f"referrals.{view}", 403, report_id=report_id)
        place.sign_in(place.foreign.coordinator).page(f"referrals.{view}", 404, report_id=report_id)

    def test_a_time_to_come_is_asked_for_again(self, place: Place) -> None:
        report_id = place.made(make_handed_over)
        browser = place.coordinator
        page = browser.page("referrals.record_acknowledgement", report_id=report_id)
        page = browser.submit(page, {"at-day": 24}, button="Anteckna", status=422)
        assert page.errors == [REFUSALS["before_hand_over"]]


class TestWhoSeesWhat:
    VIEWS = (
        *("show_report", "preview_report", "read_document", "hand_over_report", "withdraw_report", "call_now"),
        *(f"edit_{question}" for question in QUESTIONS),
    )

    def test_somebody_else_s_report_is_no_report(self, place: Place) -> None:
        report_id = place.made(make_report)
        others = [
            place.sign_in(each) for each in (place.office.respondent, place.foreign.staff, place.foreign.coordinator)
        ]
        own, administrator = place.staff, place.administrator
        for view in self.VIEWS:
            for browser in others:
                browser.page(f"referrals.{view}", 404, report_id=report_id)
            own.page(f"referrals.{view}", 404, report_id=uuid4())
            administrator.page(f"referrals.{view}", 403, report_id=report_id)

    def test_a_coordinator_reads_a_draft_and_cannot_change_it(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.coordinator
        assert CHILD in browser.page("referrals.show_report", report_id=report_id).text
        browser.page("referrals.edit_child", 404, report_id=report_id)
        browser.page("referrals.hand_over_report", 404, report_id=report_id)

    def test_lists_hold_what_each_may_see_and_leave_a_trace_of_it(self, place: Place) -> None:
        own = place.made(make_report)
        others = place.made(make_handed_over, place.office, place.office.respondent, name="Vilma Sandhage")
        page = place.staff.page("referrals.list_reports")
        assert "Elin Sandhage" in page.text
        assert "Vilma" not in page.html
        page = place.coordinator.page("referrals.list_reports")
        assert "Elin Sandhage" in page.text
        assert "Vilma Sandhage" in page.text
        with place.database.reading() as session:
            shown = set(session.scalars(select(AuditShown.object_id)))
        assert {own, others, place.report(others).case_id} <= shown

    def test_every_page_that_shows_the_child_leaves_a_trace(self, place: Place) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        for view in ("show_report", "preview_report", "hand_over_report", *(f"edit_{name}" for name in QUESTIONS)):
            before = place.actions().count("report_of_concern:read")
            browser.page(f"referrals.{view}", report_id=report_id)
            assert place.actions().count("report_of_concern:read") == before + 1, view

    def test_an_empty_list_says_what_will_be_there(self, place: Place) -> None:
        page = place.staff.page("referrals.list_reports")
        assert "Inga anmälningar ännu." in page.text
        assert "Skriv orosanmälan" in page.links

    @pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "²"])
    def test_a_page_number_that_is_none_is_the_nearest(self, place: Place, number: str) -> None:
        place.made(make_report)
        assert "O-2026-001" in place.staff.page("referrals.list_reports", sida=number).text


class TestReceivers:
    def values(self, **values: Any) -> dict[str, Any]:
        return {
            "municipality_code": "0180",
            "municipality_name": "Stockholm",
            "board_name": "Socialnämnden",
            "email": "Mottagning@Stockholm.example",
            "phone": "08-465 004 70",
        } | values

    def test_the_administrator_adds_and_changes_boards(self, place: Place) -> None:
        browser = place.administrator
        page = browser.submit(browser.page("referrals.add_receiver"), self.values())
        assert page.h1 == "Mottagare"
        assert "mottagning@stockholm.example" in page.text
        page = browser.visit(page.link("Stockholm, Socialnämnden"))
        page = browser.submit(page, {"phone": "08-465 004 71"})
        assert "08-465 004 71" in page.text
        assert place.actions().count("receiver:changed") == 2

    def test_a_board_is_there_once(self, place: Place) -> None:
        browser = place.administrator
        own = self.values(municipality_code=place.office.municipality.code)
        page = browser.submit(browser.page("referrals.add_receiver"), own, status=422)
        assert page.errors == ["Nämnden finns redan i registret. Ändra den i stället."]
        assert page.form().filled({})["municipality_name"] == "Stockholm"

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"municipality_code": "018"}, "Skriv kommunkoden med fyra siffror, till exempel 0180."),
            ({"municipality_code": "٠١٨٠"}, "Skriv kommunkoden med fyra siffror, till exempel 0180."),
            ({"board_name": ""}, "Skriv nämndens namn."),
            ({"email": "ingen adress"}, "Skriv en e-postadress, till exempel namn@kommunen.se"),
        ],
    )
    def test_what_cannot_be_is_told(self, place: Place, values: dict[str, str], error: str) -> None:
        browser = place.administrator
        page = browser.submit(browser.page("referrals.add_receiver"), self.values(**values), status=422)
        assert page.errors == [error]

    def test_two_administrators_meet_in_a_conflict(self, place: Place) -> None:
        browser, receiver_id = place.administrator, place.office.receiver.id
        first, second = (browser.page("referrals.edit_receiver", receiver_id=receiver_id) for _ in range(2))
        browser.submit(first, {"phone": "08-465 004 71"})
        browser.submit(second, {"phone": "08-465 004 72"}, status=409)
        with place.database.reading() as session:
            assert session.get_one(Receiver, receiver_id).phone == "08-465 004 71"

    def test_the_register_is_the_administrator_s_and_nobody_s_report(self, place: Place) -> None:
        for browser in (place.staff, place.respondent, place.coordinator):
            browser.page("referrals.list_receivers", 403)
        place.administrator.page("referrals.list_reports", 403)
        foreign = place.foreign.receiver.id
        place.administrator.page("referrals.edit_receiver", 404, receiver_id=foreign)

    def test_one_that_cannot_be_chosen_is_not_offered(self, place: Place) -> None:
        with place.database.transaction() as session:
            make_receiver(session, place.office.municipality, board_name="Gamla nämnden", is_active=False)
        report_id = place.made(make_report)
        assert "Gamla nämnden" not in place.staff.page("referrals.edit_reporter", report_id=report_id).html


class TestRolesWithoutReports:
    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_they_reach_none(self, place: Place, role: Role) -> None:
        with place.database.transaction() as session:
            account: Account = make_account(session, place.office.municipality, role)
        browser = place.sign_in(account)
        for view in ("list_reports", "start_report"):
            browser.page(f"referrals.{view}", 403)


def _desk(office: Office) -> Desk:
    return Desk(
        office.municipality, None, office.unit, office.actor(office.respondent), office.actor(office.coordinator)
    )
