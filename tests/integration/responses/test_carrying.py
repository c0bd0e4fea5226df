"""Pupils carried from answer to answer: asked about until somebody has answered, told once, never closed by a round."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import queries as cases
from app.cases import service as case_service
from app.cases.types import CaseState, CloseCase, ConfirmReturn, NoteKind, OpenReason, Outcome
from app.kernel.database import Database
from app.kernel.errors import Conflict, Refused
from app.responses import queries, service
from app.responses.models import CarriedPupil, MissingPupil, PupilReturn, Response
from app.responses.types import (
    AnswerCarried,
    CarriedAnswer,
    CarriedFrom,
    Concern,
    ConcernAnswers,
    Evidence,
    Explanation,
    LeaveAnswers,
    LeaveStatus,
    Place,
    PupilPage,
    ResponseState,
    SavePupilPage,
)
from app.surveys.models import Invitation
from app.surveys.types import InvitationState
from tests.factories.cases import make_proofs
from tests.factories.responses import confirmed_change_of_school, whereabouts
from tests.integration.responses.conftest import School
from tests.integration.responses.waves import (
    NIL,
    SIGNED,
    add,
    answer,
    carried,
    case_of,
    kinds,
    named,
    next_term,
    next_wave,
    submit,
)

Clock = Callable[[datetime], None]
AWAY, BACK, NEWS = CarriedAnswer.STILL_AWAY, CarriedAnswer.BACK, CarriedAnswer.NEWS


@pytest.fixture
def missed(session: Session, school: School) -> list[UUID]:
    """Two pupils without explanation, submitted in August: their entries."""
    entries = [add(session, school, named(name)).entry_id for name in ("Elin Sandhage", "Åke Öst")]
    submit(session, school)
    return entries


@pytest.fixture
def wave(session: Session, school: School, missed: list[UUID], set_clock: Clock) -> School:
    """The same school, asked again four weeks later."""
    return next_wave(session, school, set_clock)


class TestWhoIsAskedAbout:
    def test_the_first_answer_asks_about_nobody(self, session: Session, school: School) -> None:
        service.start_response(session, school.actor, school.invitation)
        assert carried(session, school) == {}

    def test_a_wave_asks_about_those_missing_before(self, session: Session, wave: School, missed: list[UUID]) -> None:
        assert carried(session, wave) == dict.fromkeys(missed)
        service.start_response(session, wave.actor, wave.invitation)
        assert carried(session, wave) == dict.fromkeys(missed)

    def test_a_new_term_asks_again_about_everyone_still_open(
        self, session: Session, wave: School, missed: list[UUID], set_clock: Clock
    ) -> None:
        answer(session, wave, {missed[0]: BACK, missed[1]: AWAY})
        submit(session, wave)
        assert carried(session, next_term(session, wave, set_clock)) == {missed[1]: None}

    def test_a_silent_wave_changes_nothing(
        self, session: Session, wave: School, missed: list[UUID], set_clock: Clock
    ) -> None:
        assert carried(session, next_wave(session, wave, set_clock)) == dict.fromkeys(missed)

    def test_a_closed_case_is_not_asked_about(self, session: Session, wave: School, missed: list[UUID]) -> None:
        service.start_response(session, wave.actor, wave.invitation)
        case = case_of(session, wave, missed[0])
        case_service.close_case(
            session, wave.desk.coordinator, case, CloseCase(Outcome.CHANGED_SCHOOL, case.version, make_proofs())
        )
        assert carried(session, wave) == {missed[1]: None}

    def test_a_pupil_who_is_back_is_not_asked_about(self, session: Session, wave: School, missed: list[UUID]) -> None:
        pupil = queries.find_latest_pupil(session, missed[0])
        assert pupil is not None
        service.report_return(session, wave.actor, pupil)
        assert carried(session, wave) == {missed[1]: None}

    def test_a_return_that_was_not_so_is_asked_about_again(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        pupil = queries.find_latest_pupil(session, missed[0])
        assert pupil is not None
        service.report_return(session, wave.actor, pupil)
        case = case_of(session, wave, missed[0])
        case_service.confirm_return(
            session, wave.desk.coordinator, case, ConfirmReturn(None, case.version, "Ingen har sett eleven")
        )
        assert carried(session, wave) == dict.fromkeys(missed)
        answer(session, wave, {missed[0]: BACK, missed[1]: AWAY})
        submit(session, wave)
        assert case.state is CaseState.RETURNING

    def test_leave_is_asked_about_and_another_school_is_not(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        leave = whereabouts(place=Place.SWEDEN, explanation=Explanation.LEAVE_GRANTED, evidence=(Evidence.DECISION,))
        granted = LeaveAnswers(LeaveStatus.GRANTED, date(2026, 9, 20))
        away = add(session, school, named("Elin Sandhage", whereabouts=leave, leave=granted))
        add(session, school, named("Åke Öst", whereabouts=confirmed_change_of_school()))
        submit(session, school)
        wave = next_wave(session, school, set_clock)
        assert carried(session, wave) == {away.entry_id: None}
        answer(session, wave, {away.entry_id: AWAY})
        submit(session, wave)
        assert case_of(session, wave, away.entry_id).is_open, "the leave has run out: it explains nothing"

    def test_protected_pupils_are_missing_until_somebody_counts_them_anew(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        pupil = add(session, school, named("Elin Sandhage"))
        service.withhold_pupil(session, school.actor, pupil)
        submit(session, school)
        wave = next_wave(session, school, set_clock)
        assert carried(session, wave) == {}, "nobody knows who is who"
        response = service.start_response(session, wave.actor, wave.invitation)
        with pytest.raises(Refused, match="pupils_are_missing"):
            service.submit_nil_return(session, wave.actor, response, NIL)
        service.answer_carried(session, wave.actor, response, AnswerCarried({}, protected_missing=0))
        service.submit_nil_return(session, wave.actor, response, NIL)
        assert (wave.invitation.back_count, wave.invitation.new_count) == (1, 0)

    def test_a_pupil_who_turns_out_to_be_protected_is_asked_about_no_more(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        response = answer(session, wave, dict.fromkeys(missed, AWAY))
        pupil = next(each for each in _listed(session, response) if each.entry_id == missed[0])
        service.withhold_pupil(session, wave.actor, pupil)
        assert carried(session, wave) == {missed[1]: AWAY}
        assert response.protected_missing == 1
        assert submit(session, wave).state is ResponseState.SUBMITTED


class TestAnswerCarried:
    def test_still_away_brings_the_last_answers_along(self, session: Session, wave: School, missed: list[UUID]) -> None:
        response = answer(session, wave, {missed[0]: AWAY})
        (pupil,) = _listed(session, response)
        assert (pupil.entry_id, pupil.told) == (missed[0], named("Elin Sandhage"))
        assert pupil.is_complete

    def test_a_pupil_put_on_the_list_first_is_the_same_pupil(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        again = add(session, wave, named("Elin Sandhage", leave=LeaveAnswers(LeaveStatus.REFUSED)))
        response = answer(session, wave, dict.fromkeys(missed, AWAY))
        listed = _listed(session, response)
        assert [pupil.entry_id for pupil in listed] == missed
        assert listed[0].id == again.id
        assert listed[0].told.leave == LeaveAnswers(LeaveStatus.REFUSED)
        submit(session, wave)
        assert (wave.invitation.missing_count, wave.invitation.new_count) == (2, 0)

    def test_back_takes_the_pupil_off_the_list_again(self, session: Session, wave: School, missed: list[UUID]) -> None:
        answer(session, wave, {missed[0]: NEWS})
        response = answer(session, wave, {missed[0]: BACK})
        assert _listed(session, response) == []
        assert session.scalars(select(PupilReturn)).all() == [], "nothing leaves a draft"

    def test_an_answer_that_is_none_of_the_choices_changes_nothing(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        answer(session, wave, {missed[0]: CarriedAnswer.UNKNOWN})
        assert carried(session, wave) == dict.fromkeys(missed)

    def test_an_old_form_is_a_conflict(self, session: Session, wave: School, missed: list[UUID]) -> None:
        response = service.start_response(session, wave.actor, wave.invitation)
        old = response.version
        service.answer_carried(session, wave.actor, response, AnswerCarried({missed[0]: BACK}, old))
        with pytest.raises(Conflict):
            service.answer_carried(session, wave.actor, response, AnswerCarried({missed[0]: AWAY}, old))

    def test_taken_off_the_list_by_hand_the_pupil_has_no_answer_again(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        response = answer(session, wave, dict.fromkeys(missed, AWAY))
        service.remove_missing_pupil(session, wave.actor, _listed(session, response)[0])
        assert carried(session, wave) == {missed[0]: None, missed[1]: AWAY}


class TestSending:
    def test_nothing_is_sent_while_somebody_is_unanswered(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        answer(session, wave, {missed[0]: AWAY})
        with pytest.raises(Refused, match="carried_unanswered"):
            submit(session, wave)
        assert wave.invitation.state is InvitationState.STARTED

    def test_silence_about_them_is_no_nil_return(self, session: Session, wave: School) -> None:
        response = service.start_response(session, wave.actor, wave.invitation)
        with pytest.raises(Refused, match="carried_unanswered"):
            service.submit_nil_return(session, wave.actor, response, NIL)

    def test_somebody_still_away_is_no_nil_return(self, session: Session, wave: School, missed: list[UUID]) -> None:
        response = answer(session, wave, {missed[0]: AWAY, missed[1]: BACK})
        with pytest.raises(Refused, match="pupils_are_missing"):
            service.submit_nil_return(session, wave.actor, response, NIL)

    def test_when_all_are_back_a_nil_return_is_possible(
        self, session: Session, wave: School, missed: list[UUID]
    ) -> None:
        response = answer(session, wave, dict.fromkeys(missed, BACK))
        service.submit_nil_return(session, wave.actor, response, NIL)
        assert response.is_nil
        assert (wave.invitation.back_count, wave.invitation.new_count) == (2, 0)
        assert case_of(session, wave, missed[0]).state is CaseState.RETURNING

    def test_since_the_last_answer_is_counted(self, session: Session, wave: School, missed: list[UUID]) -> None:
        answer(session, wave, {missed[0]: BACK, missed[1]: AWAY})
        add(session, wave, named("Östen Ny"))
        submit(session, wave)
        assert (wave.invitation.back_count, wave.invitation.new_count) == (1, 1)
        assert wave.invitation.missing_count == 2

    def test_there_is_nothing_to_compare_the_first_answer_with(self, school: School, missed: list[UUID]) -> None:
        assert (school.invitation.back_count, school.invitation.new_count) == (None, None)


class TestWhatTheCoordinatorHears:
    def test_still_away_is_one_line_a_wave(
        self, session: Session, wave: School, missed: list[UUID], set_clock: Clock
    ) -> None:
        case = case_of(session, wave, missed[0])
        before = kinds(session, case)
        asked = wave
        for number in range(2):
            asked = next_wave(session, asked, set_clock) if number else wave
            answer(session, asked, dict.fromkeys(missed, AWAY))
            submit(session, asked)
            change = service.change_response(session, asked.actor, asked.invitation)
            service.submit_response(session, asked.actor, change, SIGNED)
        assert kinds(session, case) == [*before, NoteKind.STILL_AWAY, NoteKind.STILL_AWAY]
        assert not case.opened_because.is_concern

    def test_something_new_is_told_and_only_that(self, session: Session, wave: School, missed: list[UUID]) -> None:
        response = answer(session, wave, {missed[0]: NEWS, missed[1]: AWAY})
        pupil = next(each for each in _listed(session, response) if each.entry_id == missed[0])
        leave = SavePupilPage(PupilPage.LEAVE, LeaveAnswers(LeaveStatus.REFUSED))
        service.save_pupil_page(session, wave.actor, pupil, leave)
        submit(session, wave)
        note = cases.list_notes(session, case_of(session, wave, missed[0]))[0]
        assert note.kind is NoteKind.SCHOOL_CHANGED
        assert note.text == "Ledighet: Ansökan om ledighet har fått avslag."
        assert len(cases.list_claims(session, case_of(session, wave, missed[0]))) == 1

    def test_news_without_anything_new_is_still_away(self, session: Session, wave: School, missed: list[UUID]) -> None:
        answer(session, wave, {missed[0]: NEWS, missed[1]: AWAY})
        submit(session, wave)
        assert kinds(session, case_of(session, wave, missed[0]))[-1] is NoteKind.STILL_AWAY

    def test_a_concern_that_was_settled_is_not_raised_by_saying_the_same_again(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        feared = named("Elin Sandhage", concern=ConcernAnswers(concern=Concern.SUSPECTED))
        entry_id = add(session, school, feared).entry_id
        submit(session, school)
        case = case_of(session, school, entry_id)
        case.settle_concern(datetime(2026, 9, 1).astimezone())
        wave = next_wave(session, school, set_clock)
        answer(session, wave, {entry_id: AWAY})
        submit(session, wave)
        assert not case.is_concern_open
        assert case.opened_because is OpenReason.SUSPECTED

    def test_a_return_taken_back_is_told(self, session: Session, wave: School, missed: list[UUID]) -> None:
        answer(session, wave, dict.fromkeys(missed, BACK))
        submit(session, wave)
        service.change_response(session, wave.actor, wave.invitation)
        answer(session, wave, {missed[0]: AWAY})
        submit(session, wave)
        case = case_of(session, wave, missed[0])
        assert NoteKind.RETURN_TAKEN_BACK in kinds(session, case)
        assert queries.find_return(session, missed[0]) is None
        assert queries.find_return(session, missed[1]) is not None

    def test_a_closed_round_closes_no_case(
        self, session: Session, wave: School, missed: list[UUID], set_clock: Clock
    ) -> None:
        wave.survey_round.close(at=wave.invitation.closes_at)
        set_clock(wave.invitation.closes_at)
        assert all(case_of(session, wave, entry_id).is_open for entry_id in missed)
        assert carried(session, next_term(session, wave, set_clock)) == dict.fromkeys(missed)


def _listed(session: Session, response: Response) -> Sequence[MissingPupil]:
    return session.scalars(
        select(MissingPupil).where(MissingPupil.response_id == response.id).order_by(MissingPupil.position)
    ).all()


steps = st.lists(st.tuples(st.lists(st.sampled_from([AWAY, BACK, NEWS]), max_size=4), st.integers(0, 2)), max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_after_any_answers_each_pupil_stands_once_and_the_counts_add_up(
    database: Database, school: School, session: Session, set_clock: Clock, steps: list[tuple[list[CarriedAnswer], int]]
) -> None:
    """Whatever is answered in whatever waves, nobody is lost and nobody is counted twice."""
    with session.begin_nested() as undo:
        set_clock(datetime.fromisoformat("2026-08-25T08:00:00+00:00"))
        asked, missing = school, set()
        for number, (answers, new) in enumerate([([], 2), *steps]):
            asked = next_wave(session, asked, set_clock) if number else school
            open_now = list(carried(session, asked))
            assert set(open_now) == missing
            said = {
                entry_id: (answers[place] if place < len(answers) else AWAY) for place, entry_id in enumerate(open_now)
            }
            answer(session, asked, said)
            added = {add(session, asked, named(f"Elev {number} {place}")).entry_id for place in range(new)}
            response = submit(session, asked)
            missing = {entry_id for entry_id, each in said.items() if each is not BACK} | added
            listed = [pupil.entry_id for pupil in _listed(session, response)]
            assert sorted(listed) == sorted(missing)
            invitation = session.get_one(Invitation, asked.invitation.id)
            assert invitation.missing_count == len(missing)
            if number:
                assert invitation.back_count == sum(each is BACK for each in said.values())
                assert invitation.new_count == new
            rows = session.scalars(select(CarriedPupil).where(CarriedPupil.response_id == response.id)).all()
            assert len({row.entry_id for row in rows}) == len(rows) == len(said)
            assert all(row.origin is CarriedFrom.MISSING and row.answer is not None for row in rows)
        undo.rollback()
