"""An answer from its first saving to the case it opens, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.cases import queries as cases
from app.cases.models import Case, CaseNote
from app.cases.types import CaseState, ContactSafety, NoteKind, OpenReason
from app.kernel.errors import Conflict, Refused
from app.kernel.identity_number import IdentityKind
from app.responses import documents, queries, service
from app.responses.models import MissingPupil, PupilReturn, Response
from app.responses.types import (
    AddMissingPupil,
    CallAnswers,
    Concern,
    ConcernAnswers,
    GuardiansAnswers,
    OwnWordsAnswers,
    PupilAnswers,
    PupilPage,
    ResponseState,
    SaveCalls,
    SaveFigures,
    SavePupilPage,
    SubmitNilReturn,
    SubmitResponse,
    UrgentAnswers,
    UrgentSign,
)
from app.surveys.types import InvitationState
from tests.factories.accounts import make_actor
from tests.factories.responses import complete_answers, confirmed_change_of_school, identity
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation
from tests.integration.responses.conftest import School

URGENT = UrgentAnswers(signs=(UrgentSign.LEAVING_SOON,))
NOTHING_URGENT = UrgentAnswers()
SIGNED = SubmitResponse(signed_name="Karin Lövdahl")
NIL = SubmitNilReturn(
    enrolled=412, present=408, known_absence=4, protected_known_absence=1, signed_name="Karin Lövdahl"
)


def add(session: Session, school: School, answers: PupilAnswers | None = None) -> MissingPupil:
    """Put a pupil on the list and answer the pages given."""
    response = service.start_response(session, school.actor, school.invitation)
    answers = answers or PupilAnswers(urgent=NOTHING_URGENT)
    pupil = service.add_missing_pupil(
        session, school.actor, response, AddMissingPupil(answers.urgent or NOTHING_URGENT)
    )
    for page in PupilPage:
        values = answers.page(page)
        if page is not PupilPage.URGENT and values is not None:
            service.save_pupil_page(session, school.actor, pupil, SavePupilPage(page, values))
    return pupil


def give_figures(session: Session, school: School, *, listed: int, protected: int = 0) -> Response:
    """Give figures that add up with so many pupils listed."""
    response = service.start_response(session, school.actor, school.invitation)
    command = SaveFigures(412, 408 - listed - protected, 4, protected_missing=protected)
    service.save_figures(session, school.actor, response, command)
    return response


def submit(session: Session, school: School, *answers: PupilAnswers) -> Response:
    """Submit an answer with these pupils."""
    for each in answers:
        add(session, school, each)
    response = give_figures(session, school, listed=len(answers))
    service.submit_response(session, school.actor, response, SIGNED)
    return response


def case_of(session: Session, pupil: MissingPupil) -> Case | None:
    """Return the case that a pupil led to."""
    return cases.find_case_of_entry(session, pupil.municipality_id, pupil.entry_id)


def count(session: Session, model: type[object]) -> int:
    """Return how many rows there are."""
    return session.scalar(select(func.count()).select_from(model)) or 0


class TestStartResponse:
    def test_it_is_begun_once(self, session: Session, school: School) -> None:
        first = service.start_response(session, school.actor, school.invitation)
        again = service.start_response(session, school.actor, school.invitation)
        assert first is again
        assert (first.number, first.state) == (1, ResponseState.DRAFT)
        assert school.invitation.state is InvitationState.STARTED

    def test_a_submitted_answer_is_not_begun_anew(self, session: Session, school: School) -> None:
        service.submit_nil_return(session, school.actor, give_figures(session, school, listed=0), NIL)
        with pytest.raises(Refused, match="already_submitted"):
            service.start_response(session, school.actor, school.invitation)

    @pytest.mark.parametrize(
        "moment", [datetime(2026, 8, 19, 5, 59, tzinfo=UTC), datetime(2026, 9, 11, 14, tzinfo=UTC)]
    )
    def test_before_and_after_the_round_nothing_is_begun(
        self, session: Session, school: School, set_clock, moment: datetime
    ) -> None:
        set_clock(moment)
        with pytest.raises(Refused, match="round_closed"):
            service.start_response(session, school.actor, school.invitation)

    def test_late_is_better_than_never(self, session: Session, school: School, set_clock) -> None:
        set_clock(datetime(2026, 9, 11, 13, 59, tzinfo=UTC))
        assert service.start_response(session, school.actor, school.invitation).is_draft


class TestSaveFigures:
    def test_they_need_not_add_up_yet(self, session: Session, school: School) -> None:
        response = service.start_response(session, school.actor, school.invitation)
        service.save_figures(session, school.actor, response, SaveFigures(412, 405, 4))
        assert response.figures(0).difference == 3
        assert school.invitation.state is InvitationState.STARTED

    def test_an_old_form_is_a_conflict(self, session: Session, school: School) -> None:
        response = service.start_response(session, school.actor, school.invitation)
        old = response.version
        service.save_figures(session, school.actor, response, SaveFigures(412, 405, 4, version=old))
        with pytest.raises(Conflict):
            service.save_figures(session, school.actor, response, SaveFigures(410, 406, 4, version=old))

    def test_filled_in_is_not_submitted(self, session: Session, school: School) -> None:
        give_figures(session, school, listed=0)
        assert school.invitation.state is InvitationState.COMPLETED
        assert not school.invitation.has_answered


class TestSubmitNilReturn:
    def test_nobody_is_missing(self, session: Session, school: School) -> None:
        response = service.start_response(session, school.actor, school.invitation)
        service.submit_nil_return(session, school.actor, response, NIL)
        assert (response.state, response.is_nil, response.signed_name) == (
            ResponseState.SUBMITTED,
            True,
            "Karin Lövdahl",
        )
        assert (school.invitation.state, school.invitation.is_nil) == (InvitationState.SUBMITTED, True)
        assert count(session, Case) == 0

    def test_impossible_while_somebody_is_listed(self, session: Session, school: School) -> None:
        pupil = add(session, school)
        with pytest.raises(Refused, match="pupils_are_missing"):
            service.submit_nil_return(session, school.actor, pupil.response, NIL)

    def test_impossible_while_somebody_protected_is_counted(self, session: Session, school: School) -> None:
        response = give_figures(session, school, listed=0, protected=1)
        with pytest.raises(Refused, match="pupils_are_missing"):
            service.submit_nil_return(session, school.actor, response, NIL)

    @pytest.mark.parametrize(
        ("command", "reason"),
        [
            (SubmitNilReturn(412, 407, 4, "Karin Lövdahl"), "figures_do_not_add_up"),
            (SubmitNilReturn(412, 408, 4, "Karin Lövdahl", protected_known_absence=5), "figures_do_not_add_up"),
            (SubmitNilReturn(412, 408, 4, "  "), "not_signed"),
            (SubmitNilReturn(412, 408, 4, "Karin Lövdahl", declared=False), "not_signed"),
        ],
    )
    def test_refused(self, session: Session, school: School, command: SubmitNilReturn, reason: str) -> None:
        response = service.start_response(session, school.actor, school.invitation)
        with pytest.raises(Refused, match=reason):
            service.submit_nil_return(session, school.actor, response, command)


class TestAddMissingPupil:
    def test_a_pupil_is_last_on_the_list_and_opens_nothing(self, session: Session, school: School) -> None:
        first, second = add(session, school), add(session, school)
        assert [first.position, second.position] == [1, 2]
        assert first.entry_id != second.entry_id
        assert count(session, Case) == 0
        assert school.invitation.missing_count == 2

    def test_a_tick_opens_the_case_at_once(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT))
        case = case_of(session, pupil)
        assert case is not None
        assert (case.state, case.opened_because) == (CaseState.TO_ASSESS, OpenReason.URGENT)
        assert case.child.name == documents.unnamed()
        assert not school.invitation.has_answered


class TestSavePupilPage:
    def test_the_case_learns_who_it_is(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT, identity=identity()))
        case = case_of(session, pupil)
        assert case is not None
        assert (case.child.name, case.child.identity_kind) == ("Elin Sandhage", IdentityKind.PERSONAL)
        assert count(session, Case) == 1

    @pytest.mark.parametrize("concern", [Concern.SUSPECTED, Concern.CONFIRMED])
    def test_suspicion_opens_the_case_at_once(self, session: Session, school: School, concern: Concern) -> None:
        pupil = add(session, school, PupilAnswers(identity=identity(), concern=ConcernAnswers(concern=concern)))
        case = case_of(session, pupil)
        assert case is not None
        assert case.opened_because is OpenReason.SUSPECTED
        assert case.child.name == "Elin Sandhage"

    @pytest.mark.parametrize("concern", [Concern.NONE, Concern.UNCLEAR])
    def test_less_waits_for_the_answer(self, session: Session, school: School, concern: Concern) -> None:
        pupil = add(session, school, PupilAnswers(concern=ConcernAnswers(concern=concern)))
        assert case_of(session, pupil) is None

    def test_an_open_case_hears_whether_anybody_may_phone_home(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT, guardians=GuardiansAnswers(ContactSafety.RAISES_RISK)))
        case = case_of(session, pupil)
        assert case is not None
        assert case.contact_safety is ContactSafety.RAISES_RISK
        assert case.contact_safety_by == "Strandängsskolan"

    def test_calls_are_told(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT))
        service.save_calls(session, school.actor, pupil, SaveCalls(CallAnswers(called=("Socialjouren",))))
        case = case_of(session, pupil)
        assert case is not None
        assert any("Socialjouren" in note.text for note in cases.list_notes(session, case))

    def test_saving_the_same_again_tells_nothing_new(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT))
        before = count(session, CaseNote)
        service.save_pupil_page(session, school.actor, pupil, SavePupilPage(PupilPage.URGENT, URGENT))
        assert count(session, CaseNote) == before

    def test_an_old_form_is_a_conflict(self, session: Session, school: School) -> None:
        pupil = add(session, school)
        old = pupil.version
        command = SavePupilPage(PupilPage.IDENTITY, identity(), version=old)
        service.save_pupil_page(session, school.actor, pupil, command)
        with pytest.raises(Conflict):
            service.save_pupil_page(session, school.actor, pupil, command)

    def test_a_pupil_taken_off_the_list_meanwhile_is_a_conflict(self, session: Session, school: School) -> None:
        pupil = add(session, school)
        service.remove_missing_pupil(session, school.actor, pupil)
        session.flush()
        with pytest.raises(Conflict):
            service.save_pupil_page(session, school.actor, pupil, SavePupilPage(PupilPage.IDENTITY, identity()))

    def test_who_saved_is_in_the_audit_and_the_answer_is_not(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(identity=identity()))
        session.commit()
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action == AuditAction.RESPONSE_PUPIL_CHANGED.value)
        ).all()
        assert [row.object_id for row in rows] == [str(pupil.entry_id)]
        assert "Elin" not in rows[0].details
        assert '"page":"identity"' in rows[0].details


class TestSubmitResponse:
    def test_whoever_is_not_explained_becomes_a_case(self, session: Session, school: School) -> None:
        submit(
            session,
            school,
            complete_answers(),
            complete_answers(
                identity=identity(kind=IdentityKind.NONE, number=None, name="Nils Berg"),
                whereabouts=confirmed_change_of_school(),
            ),
        )
        opened = session.scalars(select(Case)).all()
        assert [case.opened_because for case in opened] == [OpenReason.UNEXPLAINED]
        assert opened[0].last_present_on == date(2026, 6, 10)
        assert opened[0].round_id == school.survey_round.id
        assert opened[0].school_class == "5 B"
        assert [claim.text for claim in cases.list_claims(session, opened[0])] == [
            "Utomlands, Vet inte. Hemresan är försenad."
        ]

    def test_the_round_sees_the_answer(self, session: Session, school: School) -> None:
        add(session, school, complete_answers())
        response = give_figures(session, school, listed=1, protected=1)
        service.submit_response(session, school.actor, response, SIGNED)
        invitation = school.invitation
        assert (invitation.state, invitation.is_nil) == (InvitationState.SUBMITTED, False)
        assert (invitation.missing_count, invitation.protected_count) == (2, 1)

    def test_with_nobody_missing_it_is_a_nil_return(self, session: Session, school: School) -> None:
        assert submit(session, school).is_nil

    def test_a_pupil_already_at_the_coordinators_gets_no_second_case(self, session: Session, school: School) -> None:
        answers = complete_answers(urgent=URGENT)
        submit(session, school, answers)
        assert count(session, Case) == 1
        case = session.scalars(select(Case)).one()
        assert case.opened_because is OpenReason.URGENT

    def test_two_schools_with_one_number_meet_in_one_case(self, session: Session, school: School) -> None:
        submit(session, school, complete_answers())
        unit = make_unit(session, school.desk.municipality, name="Hagtornsskolan")
        actor = make_actor(session, school.desk.municipality, school.actor.role, unit)
        other = School(school.desk, school.survey_round, make_invitation(session, school.survey_round, unit))
        response = service.start_response(session, actor, other.invitation)
        pupil = service.add_missing_pupil(session, actor, response, AddMissingPupil(NOTHING_URGENT))
        for page in PupilPage:
            if (values := complete_answers().page(page)) is not None:
                service.save_pupil_page(session, actor, pupil, SavePupilPage(page, values))
        service.save_figures(session, actor, response, SaveFigures(100, 99, 0))
        service.submit_response(session, actor, response, SIGNED)
        assert count(session, Case) == 1

    @pytest.mark.parametrize(
        ("listed", "reason"), [(0, "figures_do_not_add_up"), (2, "figures_do_not_add_up"), (1, "pupils_not_described")]
    )
    def test_refused(self, session: Session, school: School, listed: int, reason: str) -> None:
        is_described = reason == "figures_do_not_add_up"
        add(session, school, complete_answers() if is_described else PupilAnswers(identity=identity()))
        response = give_figures(session, school, listed=listed)
        with pytest.raises(Refused, match=reason):
            service.submit_response(session, school.actor, response, SIGNED)

    def test_submitted_twice_it_is_submitted_once(self, session: Session, school: School) -> None:
        response = submit(session, school, complete_answers())
        with pytest.raises(Refused, match="already_submitted"):
            service.submit_response(session, school.actor, response, SIGNED)
        assert count(session, Response) == 1

    def test_nobody_sends_what_a_colleague_has_changed(self, session: Session, school: School) -> None:
        response = give_figures(session, school, listed=0)
        checked = response.version
        add(session, school, complete_answers())
        with pytest.raises(Conflict):
            service.submit_response(
                session, school.actor, response, SubmitResponse(signed_name="Karin Lövdahl", version=checked)
            )

    def test_a_submitted_answer_cannot_be_changed(self, session: Session, school: School) -> None:
        response = submit(session, school, complete_answers())
        pupil = response.pupils[0]
        for attempt in (
            lambda: service.save_figures(session, school.actor, response, SaveFigures(1, 1, 0)),
            lambda: service.add_missing_pupil(session, school.actor, response, AddMissingPupil(NOTHING_URGENT)),
            lambda: service.save_pupil_page(
                session, school.actor, pupil, SavePupilPage(PupilPage.IDENTITY, identity())
            ),
            lambda: service.remove_missing_pupil(session, school.actor, pupil),
        ):
            with pytest.raises(Refused, match="already_submitted"):
                attempt()


class TestChangeResponse:
    def test_the_old_version_stays(self, session: Session, school: School) -> None:
        first = submit(session, school, complete_answers())
        second = service.change_response(session, school.actor, school.invitation)
        assert (second.number, second.is_draft) == (2, True)
        assert service.change_response(session, school.actor, school.invitation) is second
        assert [each.entry_id for each in second.pupils] == [each.entry_id for each in first.pupils]
        assert second.pupils[0].id != first.pupils[0].id
        assert second.pupils[0].told == first.pupils[0].told
        service.save_pupil_page(
            session, school.actor, second.pupils[0], SavePupilPage(PupilPage.IDENTITY, identity(name="Elin S"))
        )
        assert first.pupils[0].told.identity == identity()

    def test_what_was_submitted_holds_until_the_change_is(self, session: Session, school: School) -> None:
        submit(session, school, complete_answers())
        second = service.change_response(session, school.actor, school.invitation)
        add(session, school, complete_answers(identity=identity(kind=IdentityKind.NONE, number=None, name="Nils Berg")))
        assert school.invitation.state is InvitationState.SUBMITTED
        assert school.invitation.missing_count == 1
        service.save_figures(session, school.actor, second, SaveFigures(412, 406, 4))
        service.submit_response(session, school.actor, second, SIGNED)
        assert school.invitation.missing_count == 2
        assert [each.number for each in queries.list_submitted(session, school.invitation.id)] == [2, 1]
        assert count(session, Case) == 2

    def test_nothing_changed_tells_nothing_new(self, session: Session, school: School) -> None:
        submit(session, school, complete_answers())
        notes = count(session, CaseNote)
        second = service.change_response(session, school.actor, school.invitation)
        service.submit_response(session, school.actor, second, SIGNED)
        assert count(session, CaseNote) == notes

    def test_a_pupil_who_is_explained_now_leaves_the_case_to_the_coordinator(
        self, session: Session, school: School
    ) -> None:
        submit(session, school, complete_answers())
        second = service.change_response(session, school.actor, school.invitation)
        service.save_pupil_page(
            session,
            school.actor,
            second.pupils[0],
            SavePupilPage(PupilPage.WHEREABOUTS, confirmed_change_of_school()),
        )
        service.submit_response(session, school.actor, second, SIGNED)
        case = session.scalars(select(Case)).one()
        assert case.is_open
        assert NoteKind.SCHOOL_CHANGED in [note.kind for note in cases.list_notes(session, case)]
        assert len(cases.list_claims(session, case)) == 2

    def test_without_an_answer_there_is_nothing_to_change(self, session: Session, school: School) -> None:
        with pytest.raises(Refused, match="nothing_submitted"):
            service.change_response(session, school.actor, school.invitation)

    def test_after_the_round_nothing_is_changed(self, session: Session, school: School, set_clock) -> None:
        submit(session, school)
        set_clock(datetime(2026, 9, 12, tzinfo=UTC))
        with pytest.raises(Refused, match="round_closed"):
            service.change_response(session, school.actor, school.invitation)


class TestRemoveMissingPupil:
    def test_the_case_stays_and_is_told(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT))
        case = case_of(session, pupil)
        assert case is not None
        service.remove_missing_pupil(session, school.actor, pupil)
        assert count(session, MissingPupil) == 0
        assert case.is_open
        assert documents.compose_removed_note() in [note.text for note in cases.list_notes(session, case)]
        assert school.invitation.missing_count == 0


class TestWithholdPupil:
    def test_only_the_number_is_kept(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(identity=identity()))
        response = pupil.response
        service.withhold_pupil(session, school.actor, pupil)
        assert count(session, MissingPupil) == 0
        assert response.protected_missing == 1
        assert school.invitation.protected_count == 1

    def test_what_an_earlier_version_held_is_taken_away(self, session: Session, school: School) -> None:
        first = submit(session, school, complete_answers())
        second = service.change_response(session, school.actor, school.invitation)
        service.withhold_pupil(session, school.actor, second.pupils[0])
        assert first.pupils[0].is_withheld
        assert first.pupils[0].told == PupilAnswers()

    def test_the_case_is_told(self, session: Session, school: School) -> None:
        pupil = add(session, school, PupilAnswers(urgent=URGENT))
        case = case_of(session, pupil)
        assert case is not None
        service.withhold_pupil(session, school.actor, pupil)
        assert documents.compose_withheld_note() in [note.text for note in cases.list_notes(session, case)]

    def test_the_case_keeps_no_word_of_what_the_school_said(self, session: Session, school: School) -> None:
        words = OwnWordsAnswers("Elins kusin har ringt.")
        pupil = add(session, school, PupilAnswers(urgent=URGENT, own_words=words))
        case = case_of(session, pupil)
        assert case is not None
        service.withhold_pupil(session, school.actor, pupil)
        kept = [note.text for note in cases.list_notes(session, case)]
        assert sorted(set(kept)) == ["", documents.compose_withheld_note()]
        assert all(claim.text == "" for claim in cases.list_claims(session, case))

    def test_every_row_about_the_child_is_emptied(self, session: Session, school: School) -> None:
        first, second = add(session, school, complete_answers()), add(session, school, complete_answers())
        response = give_figures(session, school, listed=2)
        service.submit_response(session, school.actor, response, SIGNED)
        changed = service.change_response(session, school.actor, school.invitation)
        service.withhold_pupil(session, school.actor, changed.pupils[0])
        assert [pupil.told for pupil in (first, second)] == [PupilAnswers(), PupilAnswers()]
        assert changed.protected_missing == 2


class TestReportReturn:
    def test_the_case_turns_to_the_return(self, session: Session, school: School) -> None:
        response = submit(session, school, complete_answers())
        pupil = response.pupils[0]
        service.report_return(session, school.actor, pupil)
        case = case_of(session, pupil)
        assert case is not None
        assert case.state is CaseState.RETURNING

    def test_said_twice_it_is_said_once(self, session: Session, school: School) -> None:
        response = submit(session, school, complete_answers())
        pupil = response.pupils[0]
        first = service.report_return(session, school.actor, pupil)
        assert service.report_return(session, school.actor, pupil) is first
        assert count(session, PupilReturn) == 1

    def test_also_when_the_round_has_closed(self, session: Session, school: School, set_clock) -> None:
        response = submit(session, school, complete_answers())
        pupil = response.pupils[0]
        set_clock(datetime(2026, 10, 5, 8, tzinfo=UTC))
        assert service.report_return(session, school.actor, pupil).reported_at == datetime(2026, 10, 5, 8, tzinfo=UTC)

    def test_a_pupil_without_a_case_has_come_back_too(self, session: Session, school: School) -> None:
        answers = complete_answers(whereabouts=confirmed_change_of_school())
        response = submit(session, school, answers)
        pupil = response.pupils[0]
        service.report_return(session, school.actor, pupil)
        assert count(session, Case) == 0
        assert count(session, PupilReturn) == 1
