"""One child over two terms: told of twice, back and missing again, at two schools, explained for a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.cases import queries as cases
from app.cases import service as case_service
from app.cases.types import PROOFS, CaseState, ConfirmReturn, DeadlineKind, Outcome, Proof
from app.kernel import clock
from app.responses import service
from app.responses.types import CarriedAnswer
from tests.factories.accounts import make_account
from tests.factories.responses import complete_answers
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation
from tests.integration.responses.conftest import TUESDAY, School
from tests.integration.responses.test_reports import report
from tests.integration.responses.waves import add, answer, carried, case_of, named, next_term, next_wave, submit

Clock = Callable[[datetime], None]
A_WEEK = timedelta(days=7)
AWAY, BACK = CarriedAnswer.STILL_AWAY, CarriedAnswer.BACK


def test_a_child_told_of_twice_is_asked_about_once(session: Session, school: School, set_clock: Clock) -> None:
    told = complete_answers()
    first = add(session, school, told)
    submit(session, school)
    set_clock(clock.now() + A_WEEK)
    again = report(session, school, told)
    wave = next_wave(session, school, set_clock)
    assert carried(session, wave) == {again.entry_id: None}
    answer(session, wave, {again.entry_id: BACK})
    submit(session, wave)
    assert carried(session, next_wave(session, wave, set_clock)) == {}, "that it is back is said of the child"
    assert case_of(session, wave, first.entry_id).state is CaseState.RETURNING


def test_a_child_seen_back_and_missing_anew_is_asked_about_again(
    session: Session, school: School, set_clock: Clock
) -> None:
    told = complete_answers()
    first = add(session, school, told)
    submit(session, school)
    service.report_return(session, school.actor, first)
    case = case_of(session, school, first.entry_id)
    seen = ConfirmReturn(date(2026, 8, 25), case.version, "Klassläraren")
    case_service.confirm_return(session, school.desk.coordinator, case, seen)
    set_clock(clock.now() + A_WEEK)
    again = report(session, school, told)
    assert (case.state, case.returned_on) == (CaseState.TO_ASSESS, None)
    assert [each.kind for each in cases.list_running_deadlines(session, case.id)] == [DeadlineKind.STEP]
    assert carried(session, next_wave(session, school, set_clock)) == {again.entry_id: None}


def test_both_schools_of_a_child_are_asked(session: Session, school: School, set_clock: Clock) -> None:
    unit = make_unit(session, school.desk.municipality, name="Hagtornsskolan")
    respondent = make_account(session, school.desk.municipality, Role.RESPONDENT, unit).as_actor(clock.today())
    desk = replace(school.desk, unit=unit, respondent=respondent)
    other = School(desk, school.survey_round, make_invitation(session, school.survey_round, unit))
    told = complete_answers()
    here, there = (add(session, each, told) for each in (school, other))
    for each in (school, other):
        submit(session, each)
    assert case_of(session, school, here.entry_id).id == case_of(session, school, there.entry_id).id
    wave = next_wave(session, school, set_clock)
    moments = {name: getattr(wave.invitation, name) for name in ("opens_at", "due_at", "closes_at")}
    there_too = School(desk, wave.survey_round, make_invitation(session, wave.survey_round, unit, **moments))
    assert carried(session, wave) == {here.entry_id: None}
    assert carried(session, there_too) == {there.entry_id: None}
    answer(session, wave, {here.entry_id: BACK})
    submit(session, wave)
    assert carried(session, there_too) == {there.entry_id: None}, "one school's word answers for one school"


@pytest.mark.parametrize(
    ("outcome", "asked"),
    [
        (Outcome.CHANGED_SCHOOL, (False, False)),
        (Outcome.LEAVE_GRANTED, (False, True)),
        (Outcome.UNKNOWN, (True, True)),
    ],
)
def test_a_case_closed_for_a_time_is_asked_about_when_that_has_run_out(
    session: Session,
    school: School,
    set_clock: Clock,
    outcome: Outcome,
    asked: tuple[bool, bool],
) -> None:
    entry_id = add(session, school, named("Elin Sandhage")).entry_id
    submit(session, school)
    case = case_of(session, school, entry_id)
    proofs = PROOFS[outcome]
    case.close(outcome, dict.fromkeys([proof.value for proof in proofs], "Uppgift"), at=clock.now())
    case.review_on = date(2026, 10, 1) if Proof.REVIEW_ON in proofs else None
    september = next_wave(session, school, set_clock)
    assert (entry_id in carried(session, september)) is asked[0]
    set_clock(TUESDAY)
    term = next_term(session, school, set_clock)
    assert (entry_id in carried(session, term)) is asked[1]
    if asked[1]:
        answer(session, term, {entry_id: AWAY})
        submit(session, term)
        assert case.state is CaseState.TO_ASSESS, "what explained it holds no longer"


def test_a_child_of_whom_nothing_was_known_comes_back_to_somebody_who_makes_sure(
    session: Session, school: School, set_clock: Clock
) -> None:
    entry_id = add(session, school, named("Elin Sandhage")).entry_id
    submit(session, school)
    case = case_of(session, school, entry_id)
    case.close(Outcome.UNKNOWN, {}, at=clock.now())
    wave = next_wave(session, school, set_clock)
    answer(session, wave, {entry_id: BACK})
    submit(session, wave)
    assert case.state is CaseState.RETURNING
