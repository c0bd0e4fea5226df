from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from app.cases import queries, service
from app.cases.models import Case
from app.cases.types import (
    PROOFS,
    Branch,
    CaseState,
    CloseCase,
    ConfirmReturn,
    DeadlineKind,
    NoteKind,
    OpenReason,
    Outcome,
    Proof,
    SettleConcern,
    Whereabouts,
)
from app.kernel.errors import Conflict, InvalidTransition, Refused
from tests.factories.cases import make_assessed_case, make_case, make_closed_case, make_proofs

NOON = datetime(2026, 8, 25, 10, 0, tzinfo=UTC)


def close(session, desk, case, outcome, **proofs):
    command = CloseCase(outcome, case.version, make_proofs(**proofs))
    service.close_case(session, desk.coordinator, case, command)
    session.flush()


def hand_over(session, desk, case):
    service.note_report_handed_over(session, desk.coordinator, case, report_reference="O-2026-001", at=NOON)
    session.flush()


def settle(session, desk, case, **values):
    command = {"settled_on": date(2026, 8, 25), "settled_by": "Socialsekreterare", "reasons": "Utredningen är klar"}
    service.settle_concern(session, desk.coordinator, case, SettleConcern(version=case.version, **command | values))
    session.flush()


class TestCloseCase:
    @pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.UNKNOWN])
    def test_shown_by_what_it_must_be_every_outcome_closes(self, session, desk, outcome):
        case = make_assessed_case(session, desk)
        close(session, desk, case, outcome)
        assert (case.state, case.outcome) == (CaseState.CLOSED, outcome)
        assert set(case.outcome_evidence) == set(PROOFS[outcome])
        assert case.closed_at is not None
        assert case.located_at is not None
        assert case.next_due_at is None
        assert queries.list_running_deadlines(session, case.id) == []

    @pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.UNKNOWN])
    def test_without_it_none_does(self, session, desk, outcome):
        case = make_assessed_case(session, desk)
        for proof in PROOFS[outcome]:
            with pytest.raises(Refused, match="proof_missing"):
                close(session, desk, case, outcome, **{proof.value: " "})
        assert case.state is CaseState.INVESTIGATING

    def test_a_confirmation_from_tomorrow_is_none(self, session, desk):
        with pytest.raises(Refused, match="proof_misdated"):
            close(session, desk, make_case(session, desk), Outcome.RETURNED, confirmed_on="2026-08-26")

    def test_back_in_school_is_back_since_a_day(self, session, desk):
        case = make_case(session, desk)
        close(session, desk, case, Outcome.RETURNED)
        assert case.returned_on == date(2026, 8, 24)

    def test_somebody_looks_again_at_a_lasting_stay_abroad(self, session, desk):
        case = make_case(session, desk)
        close(session, desk, case, Outcome.LASTING_STAY_ABROAD)
        assert case.review_on == date(2027, 1, 15)

    @pytest.mark.parametrize("outcome", [Outcome.LASTING_STAY_ABROAD, Outcome.MOVED_ABROAD, Outcome.LEFT_THE_COUNTRY])
    @pytest.mark.parametrize("reason", [OpenReason.URGENT, OpenReason.SUSPECTED, OpenReason.REPORT_OF_CONCERN])
    def test_abroad_is_no_explanation_while_somebody_fears_for_the_child(self, session, desk, outcome, reason):
        case = make_case(session, desk, reason=reason)
        with pytest.raises(Refused, match="concern_is_open"):
            close(session, desk, case, outcome)
        settle(session, desk, case)
        close(session, desk, case, outcome)

    def test_a_report_makes_it_a_concern_whatever_the_reason_was(self, session, desk):
        case = make_case(session, desk)
        hand_over(session, desk, case)
        with pytest.raises(Refused, match="concern_is_open"):
            close(session, desk, case, Outcome.LASTING_STAY_ABROAD)

    def test_unknown_is_no_outcome_before_social_services_know(self, session, desk):
        case = make_assessed_case(session, desk, Branch.NOT_FOUND)
        with pytest.raises(Refused, match="unknown_is_not_reported"):
            close(session, desk, case, Outcome.UNKNOWN)
        hand_over(session, desk, case)
        with pytest.raises(Refused, match="proof_missing"):
            close(session, desk, case, Outcome.UNKNOWN, decision_maker="")
        close(session, desk, case, Outcome.UNKNOWN)
        assert (case.outcome, case.located_at, case.review_on) == (Outcome.UNKNOWN, None, date(2027, 1, 15))

    def test_not_while_nobody_has_confirmed_that_a_report_arrived(self, session, desk):
        case = make_case(session, desk)
        hand_over(session, desk, case)
        kind = DeadlineKind.REPORT_ACKNOWLEDGEMENT
        service.add_deadline(session, case, kind, NOON + timedelta(days=1))
        with pytest.raises(Refused, match="report_is_unacknowledged"):
            close(session, desk, case, Outcome.RETURNED)
        service.meet_deadline(session, case, kind)
        close(session, desk, case, Outcome.RETURNED)

    def test_once(self, session, desk):
        case = make_closed_case(session, desk)
        with pytest.raises(InvalidTransition):
            close(session, desk, case, Outcome.RETURNED)

    def test_what_has_changed_since_is_not_overwritten(self, session, desk):
        case = make_case(session, desk)
        with pytest.raises(Conflict):
            service.close_case(
                session, desk.coordinator, case, CloseCase(Outcome.RETURNED, case.version + 1, make_proofs())
            )

    @pytest.mark.parametrize(
        "values",
        [
            {"state": CaseState.CLOSED},
            {"outcome": Outcome.RETURNED},
            {"step_key": None},
            {"state": CaseState.INVESTIGATING},
            {"returned_on": date(2026, 8, 24)},
            {"state": CaseState.WAITING, "branch": Branch.NOT_FOUND},
        ],
    )
    def test_the_table_refuses_halves(self, session, desk, values):
        case = make_case(session, desk)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(Case.__table__.update().where(Case.__table__.c.id == case.id).values(**values))


class TestSettleConcern:
    def test_who_when_and_why(self, session, desk):
        case = make_case(session, desk, reason=OpenReason.SUSPECTED)
        settle(session, desk, case)
        [note] = [each for each in queries.list_notes(session, case) if each.kind is NoteKind.CONCERN_SETTLED]
        assert note.text == "Utredningen är klar"
        assert note.details == {"on": "2026-08-25", "settled_by": "Socialsekreterare"}

    @pytest.mark.parametrize("values", [{"reasons": " "}, {"settled_by": ""}, {"settled_on": date(2026, 8, 26)}])
    def test_not_in_passing(self, session, desk, values):
        case = make_case(session, desk, reason=OpenReason.SUSPECTED)
        with pytest.raises(Refused):
            settle(session, desk, case, **values)

    def test_only_where_there_is_one(self, session, desk):
        with pytest.raises(InvalidTransition):
            settle(session, desk, make_case(session, desk))


class TestReturns:
    def report(self, session, desk, case, entry_id):
        service.note_return_reported(session, desk.respondent, entry_id, date(2026, 8, 24))
        session.flush()

    def confirm(self, session, desk, case, returned_on=date(2026, 8, 24)):
        command = ConfirmReturn(returned_on, case.version, "Mentor")
        service.confirm_return(session, desk.coordinator, case, command)
        session.flush()

    def test_what_the_school_says_is_to_be_confirmed(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        self.report(session, desk, case, entry_id)
        assert (case.state, case.step_key, case.returned_on) == (CaseState.RETURNING, "return-confirm", None)
        assert [claim.whereabouts for claim in queries.list_claims(session, case)] == [Whereabouts.IN_SCHOOL]
        [deadline] = queries.list_running_deadlines(session, case.id)
        assert deadline.label_key == "return-confirm"

    def test_confirmed_it_goes_on_to_the_plan(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        self.report(session, desk, case, entry_id)
        self.confirm(session, desk, case)
        assert (case.state, case.step_key) == (CaseState.RETURNING, "return-plan")
        assert case.returned_on == date(2026, 8, 24)
        assert case.located_at is not None
        close(session, desk, case, Outcome.RETURNED)

    def test_confirmed_once(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        self.report(session, desk, case, entry_id)
        self.confirm(session, desk, case)
        for returned_on in (date(2026, 8, 24), None):
            with pytest.raises(Refused, match="return_is_confirmed"):
                self.confirm(session, desk, case, returned_on)

    @pytest.mark.parametrize("is_assessed", [True, False])
    def test_if_it_was_not_so_the_case_is_where_it_was(self, session, desk, is_assessed):
        entry_id = uuid4()
        make = make_assessed_case if is_assessed else make_case
        case = make(session, desk, entry_id=entry_id)
        before = (case.state, case.step_key)
        self.report(session, desk, case, entry_id)
        self.confirm(session, desk, case, None)
        assert (case.state, case.step_key) == before
        [deadline] = queries.list_running_deadlines(session, case.id)
        assert deadline.label_key == case.step_key

    def test_not_from_tomorrow(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        self.report(session, desk, case, entry_id)
        with pytest.raises(Refused, match="returned_in_the_future"):
            self.confirm(session, desk, case, date(2026, 8, 26))

    def test_only_what_has_been_reported_is_confirmed(self, session, desk):
        with pytest.raises(InvalidTransition):
            self.confirm(session, desk, make_case(session, desk))

    def test_said_twice_is_two_lines_and_one_step(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        self.report(session, desk, case, entry_id)
        self.report(session, desk, case, entry_id)
        kinds = [note.kind for note in queries.list_notes(session, case)]
        assert kinds.count(NoteKind.RETURN_REPORTED) == 2
        assert len(queries.list_running_deadlines(session, case.id)) == 1

    def test_a_closed_case_only_gets_the_line(self, session, desk):
        entry_id = uuid4()
        case = make_closed_case(session, desk, entry_id=entry_id)
        self.report(session, desk, case, entry_id)
        assert case.state is CaseState.CLOSED
        assert NoteKind.RETURN_REPORTED in [note.kind for note in queries.list_notes(session, case)]

    def test_a_row_without_a_case_is_no_fault(self, session, desk):
        service.note_return_reported(session, desk.respondent, uuid4(), date(2026, 8, 24))


class TestReports:
    def test_handed_over_it_ends_its_step(self, session, desk):
        case = make_assessed_case(session, desk, Branch.NOT_FOUND)
        hand_over(session, desk, case)
        assert (case.step_key, case.reported_at) == ("search-school", NOON)

    def test_the_first_hand_over_is_what_counts(self, session, desk):
        case = make_case(session, desk)
        hand_over(session, desk, case)
        later = NOON + timedelta(hours=3)
        service.note_report_handed_over(session, desk.coordinator, case, report_reference="O-2026-002", at=later)
        assert case.reported_at == NOON

    def test_before_the_assessment_it_changes_no_step(self, session, desk):
        case = make_case(session, desk)
        hand_over(session, desk, case)
        assert (case.state, case.step_key) == (CaseState.TO_ASSESS, "assess")

    def test_a_closed_case_may_still_be_reported(self, session, desk):
        case = make_closed_case(session, desk)
        hand_over(session, desk, case)
        assert case.reported_at == NOON

    def test_receipt_and_answer_are_lines(self, session, desk):
        case = make_case(session, desk)
        service.note_report_acknowledged(session, desk.coordinator, case, report_reference="O-2026-001", at=NOON)
        service.note_report_answered(
            session, desk.coordinator, case, report_reference="O-2026-001", answer="OPENED", at=NOON
        )
        notes = {note.kind: note.details for note in queries.list_notes(session, case) if note.details}
        assert notes[NoteKind.REPORT_ACKNOWLEDGED] == {"report_reference": "O-2026-001"}
        assert notes[NoteKind.REPORT_ANSWERED]["answer"] == "opened"


def test_the_secrecy_of_evidence_holds_in_the_table(session, desk):
    case = make_case(session, desk)
    close(session, desk, case, Outcome.OTHER, reasons="hemlig omständighet")
    assert b"hemlig" not in case.outcome_evidence_sealed
    assert case.outcome_evidence[Proof.REASONS] == "hemlig omständighet"
