"""Writing, handing over, acknowledging and answering reports of concern."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.audit.models import AuditRow
from app.cases import queries as case_queries
from app.cases.models import Case
from app.cases.types import CaseState, DeadlineKind, NoteKind, OpenReason
from app.kernel import clock
from app.kernel.csv_files import FilesRefused
from app.kernel.encryption import Sealed
from app.kernel.errors import Conflict, InvalidTransition, NotFound, Refused
from app.kernel.identity_number import IdentityKind
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.referrals import mails, queries, service
from app.referrals.documents import fingerprint
from app.referrals.models import HandOver, ReceiverLink, ReportOfConcern
from app.referrals.types import (
    AcknowledgedBy,
    ConcernPart,
    DangerPart,
    HandOverChannel,
    HandOverReport,
    ReceiverAnswer,
    RecordAcknowledgement,
    RecordAnswer,
    ReporterPart,
    ReportPage,
    ReportState,
    ReportStatus,
    SaveReportPage,
    StartReport,
    TypedReceiver,
)
from app.responses.service import ON_WITHHELD
from tests.conftest import Clock
from tests.factories.accounts import make_account
from tests.factories.cases import Desk, make_case, make_claim
from tests.factories.pupils import make_identity
from tests.factories.referrals import (
    CHILD,
    Office,
    child_part,
    make_handed_over,
    make_office,
    make_receiver,
    make_report,
    reread,
)
from tests.integration.referrals.place import TUESDAY
from tests.unit.referrals.test_documents import text_of

PUBLIC_URL = "https://aterkomst.example"


def desk_of(office: Office) -> Desk:
    return Desk(
        office.municipality, None, office.unit, office.actor(office.respondent), office.actor(office.coordinator)
    )


def link_of(session: Session, report: ReportOfConcern) -> ReceiverLink:
    session.flush()
    session.expire_all()
    found = session.scalars(select(ReceiverLink).where(ReceiverLink.report_id == report.id)).one()
    return queries.get_link(session, found.id)


def case_of(session: Session, report: ReportOfConcern) -> Case:
    return session.get_one(Case, report.case_id)


def kinds_of(session: Session, case: Case) -> list[NoteKind]:
    return [note.kind for note in case_queries.list_notes(session, case)]


class TestStartReport:
    def test_a_blank_one_knows_who_writes_and_where(self, session: Session, office: Office) -> None:
        report = service.start_report(session, office.actor(office.staff), StartReport())
        assert report.reference == "O-2026-001"
        assert report.state is ReportState.DRAFT
        assert report.school_unit_id == office.unit.id
        assert report.receiver_id == office.receiver.id
        reporter = report.told.reporter
        assert reporter is not None
        assert (reporter.name, reporter.phone) == ("Karin Lövdahl", "08-465 004 31")
        assert reporter.wants_feedback

    def test_references_go_on_within_the_year_and_begin_anew_in_the_next(
        self, session: Session, office: Office, set_clock: Clock
    ) -> None:
        actor = office.actor(office.staff)
        first = [service.start_report(session, actor, StartReport()).reference for _ in range(2)]
        set_clock(datetime(2027, 1, 1, 1, tzinfo=UTC))
        assert [*first, service.start_report(session, actor, StartReport()).reference] == [
            "O-2026-001",
            "O-2026-002",
            "O-2027-001",
        ]

    def test_from_a_case_it_begins_with_what_the_case_holds(self, session: Session, office: Office) -> None:
        identity = make_identity(home_municipality_code=office.municipality.code)
        case = make_case(session, desk_of(office), identity=identity, claims=(make_claim(),))
        report = service.start_report(session, office.actor(office.coordinator), StartReport(case_id=case.id))
        content = report.told
        assert content.child is not None
        assert (content.child.name, content.child.number) == (identity.name, identity.number)
        assert content.child.school == "Strandängsskolan"
        assert content.child.school_class == "5 B"
        assert content.told is not None
        statement = content.told.statements[0]
        assert (statement.text, statement.source, statement.said_on, statement.evidence) == (
            "Är hos mormor utomlands till oktober",
            "Vårdnadshavare",
            date(2026, 8, 20),
            "Inget",
        )
        assert content.travel is not None
        assert content.travel.last_seen_on == date(2026, 6, 11)
        assert (report.case_id, report.receiver_id) == (case.id, office.receiver.id)

    @pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT])
    def test_a_school_cannot_begin_from_a_case_it_may_not_read(
        self, session: Session, office: Office, role: Role
    ) -> None:
        case = make_case(session, desk_of(office))
        account = office.staff if role is Role.STAFF else office.respondent
        with pytest.raises(NotFound):
            service.start_report(session, office.actor(account), StartReport(case_id=case.id))

    def test_what_does_not_exist_begins_nothing(self, session: Session, office: Office) -> None:
        actor = office.actor(office.coordinator)
        for command in (StartReport(case_id=uuid4()), StartReport(entry_id=uuid4()), StartReport(corrects_id=uuid4())):
            with pytest.raises(NotFound):
                service.start_report(session, actor, command)
        assert session.scalar(select(func.count()).select_from(ReportOfConcern)) == 0

    def test_the_board_is_that_of_the_child_s_home_municipality(self, session: Session, office: Office) -> None:
        other = make_receiver(session, office.municipality, municipality_code="0180", municipality_name="Stockholm")
        child = SaveReportPage(ReportPage.CHILD, child_part(home_municipality_code="0180"), 0)
        report = service.start_report(session, office.actor(office.staff), StartReport(), child)
        assert report.receiver_id == other.id

    def test_a_home_municipality_outside_the_register_has_no_board_by_guess(
        self, session: Session, office: Office
    ) -> None:
        child = SaveReportPage(ReportPage.CHILD, child_part(home_municipality_code="2584"), 0)
        report = service.start_report(session, office.actor(office.staff), StartReport(), child)
        assert report.receiver_id is None

    def test_an_unknown_home_municipality_gives_the_own_board(self, session: Session, office: Office) -> None:
        child = SaveReportPage(ReportPage.CHILD, child_part(), 0)
        report = service.start_report(session, office.actor(office.staff), StartReport(), child)
        assert report.receiver_id == office.receiver.id

    def test_a_correction_begins_with_what_the_earlier_said(self, session: Session, office: Office) -> None:
        earlier = make_handed_over(session, office)
        actor = office.actor(office.staff)
        report = service.start_report(session, actor, StartReport(corrects_id=earlier.id))
        assert report.corrects_id == earlier.id
        assert report.case_id == earlier.case_id
        assert report.told.concern == earlier.told.concern
        assert earlier.state is ReportState.HANDED_OVER

    def test_a_draft_is_changed_and_not_corrected(self, session: Session, office: Office) -> None:
        draft = make_report(session, office)
        with pytest.raises(Refused, match="report_has_not_left"):
            service.start_report(session, office.actor(office.staff), StartReport(corrects_id=draft.id))


class TestSaveReport:
    def test_a_page_is_kept_and_the_others_stay(self, session: Session, office: Office) -> None:
        report = make_report(session, office)
        before = report.version
        part = DangerPart(danger="Bröllop i september")
        service.save_report(
            session, office.actor(office.staff), report, SaveReportPage(ReportPage.DANGER, part, before)
        )
        assert report.told.danger == part
        assert report.told.child is not None
        assert report.version == before + 1

    def test_the_second_of_two_windows_meets_a_conflict(self, session: Session, office: Office) -> None:
        report = make_report(session, office)
        actor, stale = office.actor(office.staff), report.version
        service.save_report(session, actor, report, SaveReportPage(ReportPage.DANGER, DangerPart(), stale))
        with pytest.raises(Conflict):
            service.save_report(session, actor, report, SaveReportPage(ReportPage.DANGER, DangerPart(), stale))

    def test_what_has_left_is_never_changed(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        command = SaveReportPage(ReportPage.CONCERN, ConcernPart("Annat"), report.version)
        with pytest.raises(InvalidTransition):
            service.save_report(session, office.actor(office.staff), report, command)

    def test_the_reporter_is_who_is_signed_in_whatever_is_sent(self, session: Session, office: Office) -> None:
        report = make_report(session, office)
        command = SaveReportPage(ReportPage.REPORTER, ReporterPart(name="Någon annan"), report.version)
        service.save_report(session, office.actor(office.staff), report, command)
        assert report.told.reporter is not None
        assert report.told.reporter.name == "Karin Lövdahl"

    def test_a_board_of_another_municipality_s_register_cannot_be_chosen(
        self, session: Session, office: Office
    ) -> None:
        foreign = make_office(session)
        report = make_report(session, office)
        command = SaveReportPage(ReportPage.REPORTER, ReporterPart(), report.version, receiver_id=foreign.receiver.id)
        with pytest.raises(NotFound):
            service.save_report(session, office.actor(office.staff), report, command)

    def test_a_school_that_is_not_one_s_own_cannot_be_chosen(self, session: Session, office: Office) -> None:
        foreign = make_office(session)
        report = make_report(session, office)
        command = SaveReportPage(ReportPage.CHILD, child_part(), report.version, school_unit_id=foreign.unit.id)
        with pytest.raises(NotFound):
            service.save_report(session, office.actor(office.staff), report, command)

    def test_nothing_that_says_something_about_somebody_stands_in_the_table(
        self, session: Session, office: Office
    ) -> None:
        report = make_report(session, office)
        row = session.execute(select(ReportOfConcern.__table__).where(ReportOfConcern.id == report.id)).one()
        assert "Sandhage" not in str(row)
        assert isinstance(ReportOfConcern.__dict__["content"], Sealed)


class TestWithdrawReport:
    def test_a_draft_is_given_up_and_forgotten(self, session: Session, office: Office) -> None:
        report = make_report(session, office)
        service.withdraw_report(session, office.actor(office.staff), report, report.version)
        assert report.state is ReportState.WITHDRAWN
        assert report.content == {}
        listed = queries.list_reports(session, visible_to=office.actor(office.staff), at=TUESDAY)
        assert listed.items == []

    def test_what_has_left_cannot_be_taken_back(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        with pytest.raises(InvalidTransition):
            service.withdraw_report(session, office.actor(office.staff), report, report.version)


class TestHandOver:
    def test_it_leaves_with_a_receipt_that_holds_the_document(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office, channels=(HandOverChannel.PRINT,))
        assert report.state is ReportState.HANDED_OVER
        assert (report.written_on, report.handed_over_at) == (date(2026, 8, 25), TUESDAY)
        receipt = queries.get_document_copy(session, report)
        assert (receipt.channel, receipt.by_id) == (HandOverChannel.PRINT, office.staff.id)
        assert receipt.sha256 == fingerprint(receipt.document)
        assert receipt.receiver.startswith("Socialnämnden, ")
        text = text_of(receipt.document)
        assert "Orosanmälan O-2026-001" in text
        assert CHILD in text

    def test_the_document_is_stored_encrypted(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        stored = session.scalars(select(HandOver.document_sealed).where(HandOver.report_id == report.id)).first()
        assert stored is not None
        assert b"%PDF" not in stored

    def test_it_leaves_once(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        command = HandOverReport((HandOverChannel.PRINT,), report.version)
        with pytest.raises(InvalidTransition):
            service.hand_over(session, office.actor(office.staff), report, command)
        assert len(report.hand_overs) == 2

    def test_the_table_too_lets_it_leave_one_way_once(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office, channels=(HandOverChannel.PRINT,))
        receipt = queries.get_document_copy(session, report)
        session.add(
            HandOver(
                municipality_id=report.municipality_id,
                report_id=report.id,
                channel=HandOverChannel.PRINT,
                handed_over_at=TUESDAY,
                by_id=office.staff.id,
                receiver=receipt.receiver,
                document=b"x",
                sha256="0" * 64,
            )
        )
        with pytest.raises(IntegrityError):
            session.flush()

    def test_an_old_window_hands_nothing_over(self, session: Session, office: Office) -> None:
        report = make_report(session, office)
        with pytest.raises(Conflict):
            service.hand_over(
                session,
                office.actor(office.staff),
                report,
                HandOverReport((HandOverChannel.PRINT,), report.version - 1),
            )

    def test_without_a_case_it_opens_one(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        case = case_of(session, report)
        assert case.opened_because is OpenReason.REPORT_OF_CONCERN
        assert case.state is CaseState.TO_ASSESS
        assert case.reported_at == TUESDAY
        assert case.school_unit_id == office.unit.id
        assert NoteKind.REPORT_HANDED_OVER in kinds_of(session, case)

    def test_a_child_that_is_followed_up_already_keeps_its_case(self, session: Session, office: Office) -> None:
        identity = make_identity()
        case = make_case(session, desk_of(office), identity=identity)
        report = make_handed_over(session, office, number=identity.number)
        assert report.case_id == case.id

    def test_a_report_from_a_case_that_was_closed_meanwhile_gets_an_open_one(
        self, session: Session, office: Office
    ) -> None:
        first = make_handed_over(session, office, kind=IdentityKind.NONE, number=None)
        actor = office.actor(office.staff)
        correction = service.start_report(session, actor, StartReport(corrects_id=first.id))
        case = case_of(session, first)
        case.state, case.closed_at, case.step_key = CaseState.CLOSED, TUESDAY, None
        case.outcome, case.outcome_evidence = "returned", {}  # type: ignore[assignment]
        session.flush()
        correction = reread(session, correction, actor)
        service.hand_over(session, actor, correction, HandOverReport((HandOverChannel.PRINT,), correction.version))
        assert case_of(session, correction).is_open

    def test_two_clocks_start(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        assert report.acknowledge_by == datetime(2026, 8, 26, 14, tzinfo=UTC)
        assert report.answer_by == datetime(2026, 9, 15, 14, tzinfo=UTC)
        running = case_queries.list_running_deadlines(
            session, case_of(session, report).id, DeadlineKind.REPORT_ACKNOWLEDGEMENT, DeadlineKind.REPORT_ANSWER
        )
        assert [(each.kind, each.due_at, each.legal_reference_key) for each in running] == [
            (DeadlineKind.REPORT_ACKNOWLEDGEMENT, report.acknowledge_by, None),
            (DeadlineKind.REPORT_ANSWER, report.answer_by, "sol-19-6"),
        ]

    def test_on_a_friday_the_working_day_is_monday(self, session: Session, office: Office, set_clock: Clock) -> None:
        set_clock(datetime(2026, 8, 28, 15, tzinfo=UTC))
        assert make_handed_over(session, office).acknowledge_by == datetime(2026, 8, 31, 14, tzinfo=UTC)

    def test_who_wants_no_feedback_waits_for_no_answer(self, session: Session, office: Office) -> None:
        report = make_report(session, office)
        actor = office.actor(office.staff)
        part = ReporterPart("", "lärare", "Strandängsskolan", "08-465 004 31", wants_feedback=False)
        command = SaveReportPage(ReportPage.REPORTER, part, report.version, receiver_id=report.receiver_id)
        service.save_report(session, actor, report, command)
        report = reread(session, report, actor)
        service.hand_over(session, actor, report, HandOverReport((HandOverChannel.PRINT,), report.version))
        assert report.answer_by is None
        kinds = [each.kind for each in case_queries.list_running_deadlines(session, report.case_id)]
        assert DeadlineKind.REPORT_ANSWER not in kinds

    @pytest.mark.parametrize(
        ("page", "part", "reason"),
        [
            (ReportPage.CHILD, child_part(name="", number=None, kind=IdentityKind.NONE), "report_is_incomplete"),
            (ReportPage.CONCERN, ConcernPart(), "report_is_incomplete"),
            (ReportPage.REPORTER, ReporterPart(), "report_is_incomplete"),
            (
                ReportPage.REPORTER,
                ReporterPart("", "lärare", "Strandängsskolan", "08-465 004 31"),
                "report_has_no_receiver",
            ),
        ],
    )
    def test_what_a_receiver_cannot_do_without_must_be_there(
        self, session: Session, office: Office, page: ReportPage, part: ReporterPart, reason: str
    ) -> None:
        report, actor = make_report(session, office), office.actor(office.staff)
        service.save_report(session, actor, report, SaveReportPage(page, part, report.version))
        report = reread(session, report, actor)
        with pytest.raises(Refused, match=reason):
            service.hand_over(session, actor, report, HandOverReport((HandOverChannel.PRINT,), report.version))
        assert report.state is ReportState.DRAFT

    def test_a_board_typed_by_hand_gets_paper_and_never_mail(self, session: Session, office: Office) -> None:
        report, actor = make_report(session, office), office.actor(office.staff)
        board = TypedReceiver("Haparanda", "Socialnämnden", "Torget 9")
        part = ReporterPart("", "lärare", "Strandängsskolan", "08-465 004 31", receiver=board)
        service.save_report(session, actor, report, SaveReportPage(ReportPage.REPORTER, part, report.version))
        report = reread(session, report, actor)
        with pytest.raises(Refused, match="receiver_takes_no_mail"):
            service.hand_over(session, actor, report, HandOverReport((HandOverChannel.MAIL_LINK,), report.version))
        service.hand_over(session, actor, report, HandOverReport((HandOverChannel.PRINT,), report.version))
        assert "Socialnämnden, Haparanda" in text_of(queries.get_document_copy(session, report).document)
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0

    def test_nobody_approves_a_teacher_s_report(self, session: Session, office: Office) -> None:
        assert make_handed_over(session, office, office.staff).state is ReportState.HANDED_OVER

    @pytest.mark.parametrize(
        ("moment", "cited"),
        [
            (datetime(2025, 6, 30, 8, tzinfo=UTC), ("14 kap. 1 § socialtjänstlagen (2001:453)", "23 kap. 2 §")),
            (datetime(2026, 1, 14, 8, tzinfo=UTC), ("19 kap. 1 § socialtjänstlagen (2025:400)", "23 kap. 2 §")),
            (datetime(2026, 1, 14, 23, 30, tzinfo=UTC), ("19 kap. 1 § socialtjänstlagen (2025:400)", "40 kap. 7 g §")),
            (datetime(2026, 8, 25, 8, tzinfo=UTC), ("19 kap. 1 § socialtjänstlagen (2025:400)", "40 kap. 7 g §")),
        ],
    )
    def test_it_cites_the_law_in_force_on_that_swedish_day(
        self, office: Office, session: Session, set_clock: Clock, moment: datetime, *, cited: tuple[str, str]
    ) -> None:
        set_clock(moment)
        text = text_of(queries.get_document_copy(session, make_handed_over(session, office)).document)
        assert f"Anmälan enligt {cited[0]}" in text
        assert f"Sekretess enligt {cited[1]}" in text

    def test_what_was_disclosed_stays_as_it_was_when_the_register_changes(
        self, session: Session, office: Office
    ) -> None:
        report = make_handed_over(session, office)
        before = bytes(queries.get_document_copy(session, report).document)
        office.receiver.board_name = "Omsorgsnämnden"
        session.flush()
        assert service.pdf_of(session, office.actor(office.staff), report) == before


class TestTheMail:
    def compose(self, session: Session, report: ReportOfConcern) -> tuple[OutboxMessage, str, str, str]:
        message = session.scalars(select(OutboxMessage)).one()
        email = mails.compose_receiver_link(session, message.payload, PUBLIC_URL)
        assert email is not None
        return message, email.to, email.subject, email.body

    def test_it_carries_no_personal_data(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        message, to, subject, body = self.compose(session, report)
        assert to == office.receiver.email
        assert report.reference in subject
        for personal in (CHILD, "Elin", "Sandhage", "Strandängsskolan", "Karin", "2015", "5 B", "barn", "sommarlov"):
            assert personal not in subject + body, personal
        assert json.dumps(message.payload) == json.dumps({"link_id": str(link_of(session, report).id)})

    def test_its_link_opens_the_report_s_reception_and_stands_nowhere_else(
        self, session: Session, office: Office
    ) -> None:
        report = make_handed_over(session, office)
        _message, _to, _subject, body = self.compose(session, report)
        token = body.split(f"{PUBLIC_URL}/mottagning/")[1].split()[0]
        found = queries.find_link(session, token)
        assert found is not None
        assert found.report_id == report.id
        row = session.execute(select(ReceiverLink.__table__)).one()
        assert token not in str(row)

    def test_it_is_never_sent_twice_by_itself(self, session: Session, office: Office) -> None:
        make_handed_over(session, office)
        message = session.scalars(select(OutboxMessage)).one()
        assert (message.kind, message.is_repeatable) == ("referrals.receiver_link", False)

    def test_once_answered_there_is_no_reason_to_send_it(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        link = link_of(session, report)
        service.answer_by_link(session, link, ReceiverAnswer.OPENED, date(2026, 8, 25))
        assert mails.compose_receiver_link(session, {"link_id": str(link.id)}, PUBLIC_URL) is None
        assert mails.compose_receiver_link(session, {"link_id": str(uuid4())}, PUBLIC_URL) is None

    def test_one_that_did_not_arrive_is_seen_and_a_person_sends_it_again(
        self, session: Session, office: Office
    ) -> None:
        report, actor = make_handed_over(session, office), office.actor(office.staff)
        with pytest.raises(Refused, match="mail_is_not_dead"):
            service.send_link_again(session, actor, report, report.version)
        session.scalars(select(OutboxMessage)).one().state = MessageState.DEAD
        session.flush()
        listed = queries.list_reports(session, visible_to=actor, at=clock.now()).items
        assert [each.status for each in listed] == [ReportStatus.BOUNCED]
        service.send_link_again(session, actor, report, report.version)
        session.flush()
        states = session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.dedupe_key)).all()
        assert states == [MessageState.DEAD, MessageState.QUEUED]
        listed = queries.list_reports(session, visible_to=actor, at=clock.now()).items
        assert [each.status for each in listed] == [ReportStatus.HANDED_OVER]


class TestAcknowledge:
    def test_the_link_acknowledges_once_and_meets_the_deadline(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        link = link_of(session, report)
        service.acknowledge_by_link(session, link)
        service.acknowledge_by_link(session, link)
        assert link.report.state is ReportState.ACKNOWLEDGED
        assert (link.report.acknowledged_at, link.report.acknowledged_by) == (TUESDAY, AcknowledgedBy.LINK)
        case = case_of(session, report)
        assert kinds_of(session, case).count(NoteKind.REPORT_ACKNOWLEDGED) == 1
        assert not case_queries.list_running_deadlines(session, case.id, DeadlineKind.REPORT_ACKNOWLEDGEMENT)

    def test_opening_is_noted_once_and_acknowledges_nothing(
        self, session: Session, office: Office, set_clock: Clock
    ) -> None:
        report = make_handed_over(session, office)
        link = link_of(session, report)
        service.note_link_opened(session, link)
        set_clock(TUESDAY + timedelta(hours=1))
        service.note_link_opened(session, link)
        assert link.opened_at == TUESDAY
        assert link.report.state is ReportState.HANDED_OVER

    def test_an_expired_link_does_nothing(self, session: Session, office: Office, set_clock: Clock) -> None:
        link = link_of(session, make_handed_over(session, office))
        set_clock(TUESDAY + timedelta(days=60))
        with pytest.raises(Refused, match="link_has_expired"):
            service.acknowledge_by_link(session, link)
        with pytest.raises(Refused, match="link_has_expired"):
            service.answer_by_link(session, link, ReceiverAnswer.OPENED, date(2026, 9, 1))

    def test_the_coordinator_may_record_it_instead(self, session: Session, office: Office, set_clock: Clock) -> None:
        report = make_handed_over(session, office, channels=(HandOverChannel.PRINT,))
        set_clock(TUESDAY + timedelta(hours=5))
        said = TUESDAY + timedelta(hours=2)
        actor = office.actor(office.coordinator)
        service.record_acknowledgement(session, actor, report, RecordAcknowledgement(said, report.version))
        assert (report.acknowledged_at, report.acknowledged_by) == (said, AcknowledgedBy.COORDINATOR)

    @pytest.mark.parametrize(
        ("after", "reason"), [(timedelta(hours=-1), "before_hand_over"), (timedelta(hours=1), "in_the_future")]
    )
    def test_not_before_it_left_and_not_tomorrow(
        self, session: Session, office: Office, after: timedelta, reason: str
    ) -> None:
        report = make_handed_over(session, office)
        command = RecordAcknowledgement(TUESDAY + after, report.version)
        with pytest.raises(Refused, match=reason):
            service.record_acknowledgement(session, office.actor(office.coordinator), report, command)

    def test_unacknowledged_in_time_is_seen(self, session: Session, office: Office, set_clock: Clock) -> None:
        make_handed_over(session, office)
        actor = office.actor(office.coordinator)
        set_clock(datetime(2026, 8, 26, 13, 59, tzinfo=UTC))
        assert queries.list_reports(session, visible_to=actor, at=clock.now()).items[0].status == "handed_over"
        set_clock(datetime(2026, 8, 26, 14, 1, tzinfo=UTC))
        assert queries.list_reports(session, visible_to=actor, at=clock.now()).items[0].status == "unacknowledged"


class TestAnswer:
    @pytest.mark.parametrize("answer", ReceiverAnswer)
    def test_the_same_link_takes_the_answer_once(
        self, session: Session, office: Office, answer: ReceiverAnswer
    ) -> None:
        report = make_handed_over(session, office)
        link = link_of(session, report)
        service.acknowledge_by_link(session, link)
        service.answer_by_link(session, link, answer, date(2026, 8, 25))
        assert (link.report.state, link.report.answer) == (ReportState.ANSWERED, answer)
        assert (link.report.answered_on, link.report.answered_at) == (date(2026, 8, 25), TUESDAY)
        with pytest.raises(InvalidTransition):
            service.answer_by_link(session, link, answer, date(2026, 8, 25))
        case = case_of(session, report)
        assert NoteKind.REPORT_ANSWERED in kinds_of(session, case)
        assert not case_queries.list_running_deadlines(session, case.id, DeadlineKind.REPORT_ANSWER)

    def test_a_board_that_answers_has_the_report(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        link = link_of(session, report)
        service.answer_by_link(session, link, ReceiverAnswer.NOT_OPENED, date(2026, 8, 25))
        assert link.report.acknowledged_at == TUESDAY
        case = case_of(session, report)
        assert not case_queries.list_running_deadlines(session, case.id, DeadlineKind.REPORT_ACKNOWLEDGEMENT)

    @pytest.mark.parametrize(
        ("answer", "on", "reason"),
        [
            (ReceiverAnswer.OPENED, date(2026, 8, 26), "in_the_future"),
            (ReceiverAnswer.OPENED, date(2026, 8, 24), "before_hand_over"),
            (ReceiverAnswer.NOT_OPENED, date(2026, 8, 24), "before_hand_over"),
        ],
    )
    def test_the_day_must_be_possible(
        self, session: Session, office: Office, answer: ReceiverAnswer, on: date, reason: str
    ) -> None:
        link = link_of(session, make_handed_over(session, office))
        with pytest.raises(Refused, match=reason):
            service.answer_by_link(session, link, answer, on)

    def test_an_investigation_that_is_going_on_began_before(self, session: Session, office: Office) -> None:
        link = link_of(session, make_handed_over(session, office))
        service.answer_by_link(session, link, ReceiverAnswer.ONGOING, date(2026, 5, 2))
        assert link.report.answered_on == date(2026, 5, 2)

    def test_the_coordinator_may_record_it_instead(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office, channels=(HandOverChannel.PRINT,))
        command = RecordAnswer(ReceiverAnswer.OPENED, date(2026, 8, 25), report.version)
        service.record_answer(session, office.actor(office.coordinator), report, command)
        assert (report.answer, report.answered_by) == (ReceiverAnswer.OPENED, AcknowledgedBy.COORDINATOR)


class TestAudit:
    def test_every_step_leaves_a_row_without_what_it_says(self, session: Session, office: Office) -> None:
        report = make_handed_over(session, office)
        link = link_of(session, report)
        service.note_link_opened(session, link)
        service.acknowledge_by_link(session, link)
        service.answer_by_link(session, link, ReceiverAnswer.OPENED, date(2026, 8, 25))
        session.commit()
        rows = session.scalars(
            select(AuditRow).where(AuditRow.object_id == str(report.id)).order_by(AuditRow.sequence)
        ).all()
        assert [row.action.removeprefix("report_of_concern:") for row in rows] == [
            "started",
            "changed",
            "changed",
            "changed",
            "handed_over",
            "handed_over",
            "link_opened",
            "acknowledged",
            "answered",
        ]
        assert not any("Sandhage" in row.details or "Elin" in row.details for row in rows)


class TestScope:
    def test_an_author_sees_the_own_a_coordinator_all_others_none(self, session: Session, office: Office) -> None:
        own, others = make_report(session, office), make_report(session, office, office.respondent)
        foreign = make_office(session)
        far_away = make_report(session, foreign)

        def seen(account: object, of: Office = office) -> set[str]:
            page = queries.list_reports(session, visible_to=of.actor(account), at=TUESDAY)  # type: ignore[arg-type]
            return {str(each.report.id) for each in page.items}

        assert seen(office.staff) == {str(own.id)}
        assert seen(office.respondent) == {str(others.id)}
        assert seen(office.coordinator) == {str(own.id), str(others.id)}
        assert seen(foreign.coordinator, foreign) == {str(far_away.id)}
        for role in (Role.ADMINISTRATOR, Role.DIRECTOR, Role.AUDITOR):
            assert seen(make_account(session, office.municipality, role)) == set()

    def test_a_list_costs_the_same_for_one_and_for_many(self, session: Session, office: Office, count_queries) -> None:  # type: ignore[no-untyped-def]
        make_handed_over(session, office)
        actor = office.actor(office.coordinator)

        def cost() -> int:
            session.flush()
            session.expunge_all()
            with count_queries() as asked:
                queries.list_reports(session, visible_to=actor, at=TUESDAY)
            return len(asked)

        once = cost()
        for _ in range(5):
            make_handed_over(session, office)
        assert cost() == once == 4  # how many; the rows with what stands around them; their receipts; their mails


def test_every_document_is_a_whole_pdf(session: Session, office: Office) -> None:
    content = service.pdf_of(session, office.actor(office.staff), make_report(session, office))
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.Root.MarkInfo.Marked


class TestImportReceivers:
    HEADER = "kommunkod;kommun;nämnd;e-post;telefon;adress\n"

    def test_a_file_fills_the_register(self, session: Session, office: Office, tmp_path: Path) -> None:
        rows = (
            "0180;Stockholm;Socialnämnden;Mottagning@Stockholm.example;08-465 004 70;Box 1\n0580;Linköping;Nämnden;;;\n"
        )
        (tmp_path / "receivers.csv").write_text(self.HEADER + rows, encoding="utf-8-sig")
        actor = office.actor(office.administrator)
        added = service.import_receivers(session, actor, tmp_path)
        assert [(each.municipality_code, each.email) for each in added] == [
            ("0180", "mottagning@stockholm.example"),
            ("0580", ""),
        ]
        assert len(queries.list_receivers(session, visible_to=actor)) == 3

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ("180;Stockholm;Socialnämnden;;;\n", "not_a_municipality_code"),
            ("0180;Stockholm;Socialnämnden;ingen adress;;\n", "not_an_email"),
            ("0180;Stockholm;A;;;\n0180;Stockholm;A;;;\n", "given_twice"),
            ("0180;Stockholm;;;;\n", "value_is_missing"),
            ("0180;Stockholm;=cmd();;;\n", "formula"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_added(
        self, session: Session, office: Office, tmp_path: Path, rows: str, code: str
    ) -> None:
        (tmp_path / "receivers.csv").write_text(self.HEADER + rows, encoding="utf-8")
        actor = office.actor(office.administrator)
        with pytest.raises(FilesRefused, match=code):
            service.import_receivers(session, actor, tmp_path)
        assert len(queries.list_receivers(session, visible_to=actor)) == 1


class TestAProtectedChild:
    def test_an_own_draft_is_forgotten_and_anothers_is_kept(self, session: Session, office: Office) -> None:
        case = make_case(session, desk_of(office))
        report = service.start_report(session, office.actor(office.coordinator), StartReport(case_id=case.id))
        rows = [source.entry_id for source in case_queries.list_sources(session, case) if source.entry_id]
        for forget in ON_WITHHELD:
            forget(session, office.actor(office.staff), rows)
        assert report.is_draft
        assert report.content, "nobody stops what somebody else is about to report"
        for forget in ON_WITHHELD:
            forget(session, office.actor(office.coordinator), rows)
        assert report.state is ReportState.WITHDRAWN
        assert report.content == {}

    def test_nothing_begins_from_a_protected_case(self, session: Session, office: Office) -> None:
        case = make_case(session, desk_of(office))
        case.is_protected = True
        session.flush()
        with pytest.raises(Refused, match="identity_is_protected"):
            service.start_report(session, office.actor(office.coordinator), StartReport(case_id=case.id))
