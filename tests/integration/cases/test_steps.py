from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from app.access.actor import Role
from app.cases import queries, service
from app.cases.models import Deadline
from app.cases.types import (
    AssessCase,
    Branch,
    CaseState,
    CompleteStep,
    ContactSafety,
    DeadlineKind,
    NoteKind,
    OpenReason,
    SetContactSafety,
    WaitForOthers,
    Whereabouts,
)
from app.kernel.errors import Conflict, InvalidTransition, Refused
from app.routine.types import StepAction
from tests.factories.accounts import make_account
from tests.factories.cases import make_assessed_case, make_case, make_claim, make_closed_case, make_proven_claim

WEDNESDAY_AT_FOUR = datetime(2026, 8, 26, 14, 0, tzinfo=UTC)


def assess(session, desk, case, branch, motivation="Enligt underlaget"):
    service.assess_case(session, desk.coordinator, case, AssessCase(branch, case.version, motivation))
    session.flush()


def complete(session, desk, case, text="Gjort", *, departs=False):
    command = CompleteStep(case.step_key, case.version, text, departs)
    service.complete_step(session, desk.coordinator, case, command)
    session.flush()


def running(session, case):
    return {each.kind: each for each in queries.list_running_deadlines(session, case.id)}


def kinds(session, case):
    return [note.kind for note in queries.list_notes(session, case)]


class TestAssessCase:
    @pytest.mark.parametrize("branch", Branch)
    def test_each_way_begins_with_its_first_step_and_clock(self, session, desk, branch):
        case = make_assessed_case(session, desk, branch)
        first = desk.routine.start_of(branch)
        assert (case.state, case.branch, case.step_key) == (CaseState.INVESTIGATING, branch, first.key)
        step = running(session, case)[DeadlineKind.STEP]
        assert (step.label_key, step.legal_reference_key) == (first.key, first.legal_reference_key)
        assert step.due_at == case.next_due_at

    def test_the_assessment_has_met_its_deadline(self, session, desk):
        case = make_assessed_case(session, desk)
        [met] = [each for each in queries.list_deadlines(session, case) if each.label_key == "assess"]
        assert met.met_at is not None

    def test_abroad_on_the_familys_word_needs_a_motivation(self, session, desk):
        case = make_case(session, desk, claims=(make_claim(whereabouts=Whereabouts.ABROAD),))
        with pytest.raises(Refused, match="motivation_required"):
            assess(session, desk, case, Branch.FOUND_ABROAD, "  ")
        assess(session, desk, case, Branch.FOUND_ABROAD, "Mormodern har svarat i telefon")
        assert case.branch is Branch.FOUND_ABROAD

    def test_the_way_the_evidence_points_to_needs_none(self, session, desk):
        case = make_case(session, desk, claims=(make_proven_claim(Whereabouts.ABROAD),))
        assess(session, desk, case, Branch.FOUND_ABROAD, "")
        [note] = [each for each in queries.list_notes(session, case) if each.kind is NoteKind.ASSESSED]
        assert note.details == {"branch": "found_abroad", "recommended": "found_abroad"}

    def test_a_verified_claim_is_evidence(self, session, desk):
        case = make_case(session, desk, claims=(make_claim(whereabouts=Whereabouts.IN_SWEDEN),))
        [claim] = queries.list_claims(session, case)
        service.verify_claim(session, desk.coordinator, claim, case, "Talade med barnet")
        assert queries.get_recommendation(session, case) is Branch.FOUND_IN_SWEDEN

    def test_found_is_located_until_it_is_not(self, session, desk):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SWEDEN)
        assert case.located_at is not None
        assess(session, desk, case, Branch.NOT_FOUND)
        assert case.located_at is None

    def test_a_report_made_before_is_not_asked_for_again(self, session, desk):
        case = make_case(session, desk, reason=OpenReason.SUSPECTED)
        at = datetime(2026, 8, 25, 7, 0, tzinfo=UTC)
        service.note_report_handed_over(session, desk.respondent, case, report_reference="O-2026-001", at=at)
        assess(session, desk, case, Branch.NOT_FOUND)
        assert case.step_key == "search-school"

    def test_what_has_changed_since_is_not_overwritten(self, session, desk):
        case = make_case(session, desk)
        with pytest.raises(Conflict):
            service.assess_case(
                session, desk.coordinator, case, AssessCase(Branch.NOT_FOUND, case.version - 1, "Inaktuell")
            )

    def test_a_closed_case_is_not_assessed(self, session, desk):
        case = make_closed_case(session, desk)
        with pytest.raises(InvalidTransition):
            assess(session, desk, case, Branch.NOT_FOUND)


class TestCompleteStep:
    @pytest.mark.parametrize("branch", Branch)
    def test_the_whole_way_leads_to_the_closing(self, session, desk, branch):
        case = make_assessed_case(session, desk, branch)
        walked = [case.step_key]
        while (step := desk.routine.step(case.step_key)).action is not StepAction.CLOSE:
            complete(session, desk, case, departs=step.action is StepAction.REPORT)
            assert running(session, case)[DeadlineKind.STEP].label_key == case.step_key
            walked.append(case.step_key)
        assert len(walked) == desk.routine.place(step).of - 1
        done = [note.details["step"] for note in queries.list_notes(session, case) if note.details.get("step")]
        assert set(done) == set(walked[:-1])

    def test_the_closing_is_not_completed_in_words(self, session, desk):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        complete(session, desk, case)
        complete(session, desk, case)
        with pytest.raises(Refused, match="step_ends_otherwise"):
            complete(session, desk, case)

    def test_a_report_is_completed_by_being_handed_over(self, session, desk):
        case = make_assessed_case(session, desk, Branch.NOT_FOUND)
        with pytest.raises(Refused, match="step_ends_otherwise"):
            complete(session, desk, case)

    def test_departing_from_it_takes_reasons(self, session, desk):
        case = make_assessed_case(session, desk, Branch.NOT_FOUND)
        with pytest.raises(Refused, match="words_required"):
            complete(session, desk, case, " ", departs=True)
        complete(session, desk, case, "Anmäld av skolan i går", departs=True)
        [note] = [each for each in queries.list_notes(session, case) if each.kind is NoteKind.STEP_COMPLETED]
        assert note.details["departs"] is True

    def test_a_double_click_does_not_skip_a_step(self, session, desk):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        with pytest.raises(Conflict):
            service.complete_step(session, desk.coordinator, case, CompleteStep("assess", case.version, "Gjort"))

    def test_a_case_that_waits_goes_on(self, session, desk):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        wait = WaitForOthers(date(2026, 9, 1), case.version, "nya skolan")
        service.wait_for_others(session, desk.coordinator, case, wait)
        session.flush()
        complete(session, desk, case)
        assert case.state is CaseState.INVESTIGATING
        assert set(running(session, case)) == {DeadlineKind.STEP}


class TestWaitForOthers:
    def test_the_clock_is_the_day_to_ask_again(self, session, desk):
        case = make_assessed_case(session, desk)
        wait = WaitForOthers(date(2026, 8, 31), case.version, "hemkommunen", "Frågade om folkbokföringen")
        service.wait_for_others(session, desk.coordinator, case, wait)
        assert (case.state, case.waiting_for) == (CaseState.WAITING, "hemkommunen")
        assert case.next_due_at == datetime(2026, 8, 31, 14, 0, tzinfo=UTC)

    @pytest.mark.parametrize("day", [date(2026, 8, 25), date(2020, 1, 1)])
    def test_not_until_a_day_that_has_been(self, session, desk, day):
        case = make_assessed_case(session, desk)
        with pytest.raises(Refused, match="waits_until_the_past"):
            service.wait_for_others(session, desk.coordinator, case, WaitForOthers(day, case.version, "hemkommunen"))

    def test_what_is_to_be_assessed_cannot_wait(self, session, desk):
        case = make_case(session, desk)
        with pytest.raises(InvalidTransition):
            service.wait_for_others(
                session, desk.coordinator, case, WaitForOthers(date(2026, 9, 1), case.version, "någon")
            )

    def test_taken_up_again_the_step_has_its_whole_time(self, session, desk, set_clock):
        case = make_assessed_case(session, desk)
        wait = WaitForOthers(date(2026, 8, 31), case.version, "hemkommunen")
        service.wait_for_others(session, desk.coordinator, case, wait)
        set_clock(datetime(2026, 8, 28, 8, 0, tzinfo=UTC))
        service.resume_case(session, desk.coordinator, case, "Svar kom")
        assert (case.state, case.waiting_for) == (CaseState.INVESTIGATING, None)
        assert case.next_due_at == datetime(2026, 8, 31, 14, 0, tzinfo=UTC)
        assert set(running(session, case)) == {DeadlineKind.STEP}


class TestAssignCase:
    def test_it_is_somebodys(self, session, desk):
        case = make_case(session, desk)
        service.assign_case(session, desk.coordinator, case, desk.coordinator.account_id)
        [note] = [each for each in queries.list_notes(session, case) if each.kind is NoteKind.ASSIGNED]
        assert (case.assignee_id, note.details) == (desk.coordinator.account_id, {"name": "Maria Ekblad"})

    @pytest.mark.parametrize("role", [Role.RESPONDENT, Role.DIRECTOR, Role.ADMINISTRATOR])
    def test_only_a_coordinators(self, session, desk, role):
        other = make_account(session, desk.municipality, role)
        with pytest.raises(Refused, match="not_a_coordinator"):
            service.assign_case(session, desk.coordinator, make_case(session, desk), other.id)

    def test_nobody_elses(self, session, desk):
        with pytest.raises(Refused, match="not_a_coordinator"):
            service.assign_case(session, desk.coordinator, make_case(session, desk), uuid4())

    def test_several_at_once_say_how_many_changed_hands(self, session, desk):
        mine, other, closed = make_case(session, desk), make_case(session, desk), make_closed_case(session, desk)
        account_id = desk.coordinator.account_id
        service.assign_case(session, desk.coordinator, mine, account_id)
        assert service.assign_cases(session, desk.coordinator, [mine, other, closed], account_id) == 1
        assert closed.assignee_id is None


class TestSetContactSafety:
    def test_who_judged_it_is_kept_with_the_day(self, session, desk):
        case = make_case(session, desk)
        command = SetContactSafety(ContactSafety.RAISES_RISK, case.version, "rektor Per Hallonqvist")
        service.set_contact_safety(session, desk.coordinator, case, command)
        assert case.contact_safety is ContactSafety.RAISES_RISK
        assert (case.contact_safety_by, case.contact_safety_on) == ("rektor Per Hallonqvist", date(2026, 8, 25))

    def test_somebody_must_have_judged_it(self, session, desk):
        case = make_case(session, desk)
        with pytest.raises(Refused, match="judge_required"):
            service.set_contact_safety(
                session, desk.coordinator, case, SetContactSafety(ContactSafety.MAY, case.version, " ")
            )


def test_two_steps_never_run_at_once(session, desk):
    case = make_case(session, desk)
    session.add(
        Deadline(
            municipality_id=case.municipality_id,
            case_id=case.id,
            kind=DeadlineKind.STEP,
            label_key="assess",
            due_at=WEDNESDAY_AT_FOUR,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


class TestDeadlines:
    def test_the_earliest_rules_the_clock_and_gives_it_back(self, session, desk):
        case = make_case(session, desk)
        noon = datetime(2026, 8, 26, 10, 0, tzinfo=UTC)
        service.add_deadline(session, case, DeadlineKind.REPORT_ACKNOWLEDGEMENT, noon, legal_reference_key="sol-20-1")
        assert case.next_due_at == noon
        service.meet_deadline(session, case, DeadlineKind.REPORT_ACKNOWLEDGEMENT)
        assert case.next_due_at == WEDNESDAY_AT_FOUR

    def test_one_acknowledgement_meets_one_report(self, session, desk):
        case = make_case(session, desk)
        for day in (26, 27):
            at = datetime(2026, 8, day, 6, 0, tzinfo=UTC)
            service.add_deadline(session, case, DeadlineKind.REPORT_ACKNOWLEDGEMENT, at)
        service.meet_deadline(session, case, DeadlineKind.REPORT_ACKNOWLEDGEMENT)
        [left] = queries.list_running_deadlines(session, case.id, DeadlineKind.REPORT_ACKNOWLEDGEMENT)
        assert left.due_at.day == 27

    def test_meeting_what_is_not_there_is_no_fault(self, session, desk):
        case = make_case(session, desk)
        service.meet_deadline(session, case, DeadlineKind.REPORT_ANSWER)
        assert case.next_due_at == WEDNESDAY_AT_FOUR
