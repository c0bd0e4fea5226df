"""Reporting outside rounds, and worry before a break: what the coordinator hears, and what is asked after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.cases import queries as cases
from app.cases import service as case_service
from app.cases.models import Case
from app.cases.types import ClaimedBy, ContactSafety, NewClaim, NoteKind, OpenReason
from app.kernel import clock
from app.kernel.errors import Refused
from app.responses import queries, service
from app.responses.models import MissingPupil, Response
from app.responses.service.drafts import list_pupils
from app.responses.types import (
    AddMissingPupil,
    AnswerCarried,
    AnyYesNo,
    CarriedAnswer,
    CarriedFrom,
    GuardiansAnswers,
    ObservedAnswers,
    ObservedSign,
    PupilAnswers,
    PupilPage,
    ResponseState,
    SaidAnswers,
    SavePupilPage,
    Sibling,
    SiblingPlace,
    SiblingsAnswers,
    Sign,
    TravelAnswers,
    UrgentAnswers,
    UrgentSign,
)
from app.surveys.types import Asks, InvitationState, PlanKind
from tests.factories.responses import identity
from tests.factories.surveys import make_plan
from tests.integration.responses.conftest import School
from tests.integration.responses.waves import SIGNED, add, answer, ask, named, next_term, next_wave, submit

Clock = Callable[[datetime], None]


def worried(name: str = "Elin Sandhage", suspects: AnyYesNo = AnyYesNo.NO) -> PupilAnswers:
    """What is asked about a pupil whom somebody worries about."""
    sign = ObservedSign(Sign.SAID_AFRAID_OF_TRIP, on=date(2026, 8, 20), seen_by="Klassläraren")
    return PupilAnswers(
        urgent=UrgentAnswers(),
        identity=identity(name=name, kind="none", number=None),
        observed=ObservedAnswers(suspects, (sign,)),
        said=SaidAnswers("Jag vill inte åka.", "Klassläraren", date(2026, 8, 20)),
        travel=TravelAnswers(AnyYesNo.YES, "Ett land", date(2026, 12, 19)),
        guardians=GuardiansAnswers(ContactSafety.RAISES_RISK),
    )


def begin(session: Session, school: School, asks: Asks) -> Response:
    """Begin a report at the school."""
    return service.start_report(session, school.actor, school.desk.unit.id, asks)


def tell(session: Session, school: School, response: Response, answers: PupilAnswers) -> MissingPupil:
    """Put a pupil in a report with these answers."""
    pupil = service.add_missing_pupil(
        session, school.actor, response, AddMissingPupil(answers.urgent or UrgentAnswers())
    )
    for page in answers.answered:
        if page is not PupilPage.URGENT and (values := answers.page(page)) is not None:
            service.save_pupil_page(session, school.actor, pupil, SavePupilPage(page, values))
    return pupil


def worry(session: Session, school: School, answers: PupilAnswers | None = None) -> MissingPupil:
    """Report a worry, signed."""
    response = begin(session, school, Asks.WORRY)
    pupil = tell(session, school, response, answers or worried())
    service.submit_response(session, school.actor, response, SIGNED)
    return pupil


def report(session: Session, school: School, answers: PupilAnswers) -> MissingPupil:
    """Report a missing pupil outside a round, signed."""
    response = begin(session, school, Asks.REPORT)
    pupil = tell(session, school, response, answers)
    service.submit_response(session, school.actor, response, SIGNED)
    return pupil


def find_case(session: Session, pupil: MissingPupil) -> Case | None:
    """Return the case that a pupil led to."""
    return cases.find_case_of_entry(session, pupil.municipality_id, pupil.entry_id)


class TestReportNow:
    def test_a_report_has_no_figures_and_opens_a_case(self, session: Session, school: School) -> None:
        response = begin(session, school, Asks.REPORT)
        pupil = tell(session, school, response, named("Elin Sandhage"))
        assert response.invitation.state is InvitationState.COMPLETED
        service.submit_response(session, school.actor, response, SIGNED)
        case = find_case(session, pupil)
        assert case is not None
        assert case.opened_because is OpenReason.UNEXPLAINED
        assert (response.state, response.enrolled) == (ResponseState.SUBMITTED, None)

    def test_a_report_without_pupils_says_nothing(self, session: Session, school: School) -> None:
        response = begin(session, school, Asks.REPORT)
        with pytest.raises(Refused, match="nothing_reported"):
            service.submit_response(session, school.actor, response, SIGNED)

    def test_a_unit_reports_as_often_as_it_needs_to(self, session: Session, school: School) -> None:
        first = begin(session, school, Asks.REPORT)
        assert begin(session, school, Asks.REPORT).id == first.id, "what holds nothing is gone on with"
        tell(session, school, first, named("Elin Sandhage"))
        second = begin(session, school, Asks.REPORT)
        assert second.id != first.id
        assert second.invitation.number == first.invitation.number + 1

    def test_what_is_urgent_waits_for_no_signature(self, session: Session, school: School) -> None:
        response = begin(session, school, Asks.REPORT)
        pupil = tell(session, school, response, PupilAnswers(urgent=UrgentAnswers((UrgentSign.HELD_ABROAD,))))
        case = find_case(session, pupil)
        assert case is not None
        assert case.opened_because is OpenReason.URGENT

    def test_the_next_round_asks_about_those_reported(self, session: Session, school: School, set_clock: Clock) -> None:
        response = begin(session, school, Asks.REPORT)
        pupil = tell(session, school, response, named("Elin Sandhage"))
        service.submit_response(session, school.actor, response, SIGNED)
        wave = next_wave(session, school, set_clock)
        (carried,) = queries.list_carried(session, wave.invitation, None)
        assert (carried.entry_id, carried.origin) == (pupil.entry_id, CarriedFrom.MISSING)

    @pytest.mark.parametrize("asks", [Asks.REPORT, Asks.WORRY])
    def test_a_protected_pupil_is_counted_and_the_coordinator_knows_whom_to_ring(
        self, session: Session, school: School, asks: Asks
    ) -> None:
        response = begin(session, school, asks)
        pupil = tell(session, school, response, PupilAnswers(urgent=UrgentAnswers()))
        service.withhold_pupil(session, school.actor, pupil)
        service.submit_response(session, school.actor, response, SIGNED)
        ((unit, number),) = cases.list_protected_units(session, visible_to=school.desk.coordinator)
        assert (unit.id, number) == (school.desk.unit.id, 1)

    def test_a_round_is_not_reported_outside_rounds(self, session: Session, school: School) -> None:
        with pytest.raises(ValueError, match="rounds"):
            begin(session, school, Asks.RETURN)


class TestWorry:
    def test_it_opens_a_case_when_it_is_signed(self, session: Session, school: School) -> None:
        response = begin(session, school, Asks.WORRY)
        pupil = tell(session, school, response, worried())
        assert find_case(session, pupil) is None
        service.submit_response(session, school.actor, response, SIGNED)
        case = find_case(session, pupil)
        assert case is not None
        assert case.opened_because is OpenReason.WORRY
        assert case.is_concern_open
        assert case.contact_safety is ContactSafety.RAISES_RISK
        note = cases.list_notes(session, case)[0]
        assert "Eleven har sagt 2026-08-20 till Klassläraren: ”Jag vill inte åka.”" in note.text
        assert "Planerad resa: ja. Resmål: Ett land. Reser 2026-12-19." in note.text

    def test_a_suspicion_waits_for_no_signature(self, session: Session, school: School) -> None:
        response = begin(session, school, Asks.WORRY)
        pupil = tell(session, school, response, worried(suspects=AnyYesNo.YES))
        case = find_case(session, pupil)
        assert case is not None
        assert case.opened_because is OpenReason.SUSPECTED

    def test_nobody_worried_about_is_an_answer_when_somebody_asks(self, session: Session, school: School) -> None:
        plan = make_plan(session, school.desk.municipality, PlanKind.BEFORE_CHRISTMAS)
        asked = ask(session, school, plan, moved=timedelta())
        response = service.start_response(session, asked.actor, asked.invitation)
        service.submit_response(session, asked.actor, response, SIGNED)
        assert (asked.invitation.state, asked.invitation.is_nil) == (InvitationState.SUBMITTED, True)
        assert asked.invitation.new_count is None


class TestAfterTheBreak:
    def test_the_round_after_the_break_asks_whether_the_child_came_back(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        pupil = worry(session, school)
        assert queries.list_carried(session, next_wave(session, school, set_clock).invitation, None) == []
        term = next_term(session, school, set_clock)
        (carried,) = queries.list_carried(session, term.invitation, None)
        assert (carried.entry_id, carried.origin) == (pupil.entry_id, CarriedFrom.WORRY)

    def test_a_child_who_came_back_is_told_once_and_the_worry_stays(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        pupil = worry(session, school)
        term = next_term(session, school, set_clock)
        answer(session, term, {pupil.entry_id: CarriedAnswer.BACK})
        response = submit(session, term)
        case = find_case(session, pupil)
        assert case is not None
        assert cases.list_notes(session, case)[0].kind is NoteKind.BACK_AFTER_BREAK
        assert case.is_concern_open
        assert response.is_nil
        assert queries.list_carried(session, next_wave(session, term, set_clock).invitation, None) == []

    def test_a_child_who_did_not_come_back_is_told_at_once(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        pupil = worry(session, school)
        term = next_term(session, school, set_clock)
        response = answer(session, term, {pupil.entry_id: CarriedAnswer.STILL_AWAY})
        case = find_case(session, pupil)
        assert case is not None
        assert cases.list_notes(session, case)[0].text.startswith("Eleven som skolan oroade sig för inför lovet")
        with pytest.raises(Refused, match="pupils_not_described"):
            submit(session, term)
        (listed,) = list_pupils(session, response)
        assert listed.entry_id == pupil.entry_id
        assert listed.told.observed == worried().observed

    def test_not_knowing_is_an_answer_but_no_nil_return(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        pupil = worry(session, school)
        term = next_term(session, school, set_clock)
        answer(session, term, {pupil.entry_id: CarriedAnswer.UNKNOWN})
        assert not submit(session, term).is_nil
        (carried,) = queries.list_carried(session, next_wave(session, term, set_clock).invitation, None)
        assert carried.origin is CarriedFrom.WORRY


class TestBeforeBreak:
    def test_whom_staff_worry_about_and_what_came_of_it(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        coordinator = school.desk.coordinator
        pupil = worry(session, school)
        (listed,) = queries.list_worries(session, visible_to=coordinator)
        assert (listed.is_asked, listed.answer) == (False, None)
        term = next_term(session, school, set_clock)
        (listed,) = queries.list_worries(session, visible_to=coordinator)
        assert (listed.is_asked, listed.answer) == (True, None)
        answer(session, term, {pupil.entry_id: CarriedAnswer.BACK})
        submit(session, term)
        (listed,) = queries.list_worries(session, visible_to=coordinator)
        assert (listed.is_asked, listed.answer) == (True, CarriedAnswer.BACK)
        assert queries.list_worries(session, visible_to=school.actor) == []

    def test_who_was_away_before_and_whose_sibling_is_away(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        coordinator = school.desk.coordinator
        siblings = SiblingsAnswers(
            AnyYesNo.YES,
            (
                Sibling("Aron", "åk 3", SiblingPlace.SAME_SCHOOL, is_missing=AnyYesNo.NO),
                Sibling("Ida", "åk 9", SiblingPlace.OTHER_SCHOOL, is_missing=AnyYesNo.YES),
            ),
        )
        back = add(session, school, named("Åke Öst"))
        add(session, school, named("Elin Sandhage", siblings=siblings))
        submit(session, school)
        case = find_case(session, back)
        assert case is not None
        case.returned_on, case.located_at = clock.today(), clock.now()
        session.flush()
        assert [each.case.id for each in queries.list_once_away(session, visible_to=coordinator)] == [case.id]
        (found,) = queries.list_siblings_of_away(session, visible_to=coordinator)
        assert found.sibling is not None
        assert found.sibling.name == "Aron", "a sibling who is missing too has a row of its own"
        assert queries.list_once_away(session, visible_to=school.actor) == []

    def test_siblings_whom_nobody_has_described_are_asked_for(self, session: Session, school: School) -> None:
        add(session, school, named("Elin Sandhage", siblings=SiblingsAnswers(AnyYesNo.YES)))
        spoken = add(session, school, named("Ebba Falk", siblings=SiblingsAnswers(AnyYesNo.UNKNOWN)))
        add(session, school, named("Åke Öst", siblings=SiblingsAnswers(AnyYesNo.NO)))
        submit(session, school)
        case = find_case(session, spoken)
        assert case is not None
        claim = NewClaim("Hon är hos mormor", ClaimedBy.SIBLING, claimed_on=date(2026, 8, 24))
        case_service.add_claim(session, school.desk.coordinator, case, claim)
        found = queries.list_siblings_of_away(session, visible_to=school.desk.coordinator)
        assert [each.sibling for each in found] == [None, None]
        assert found[1].case.id == case.id

    def test_two_who_worry_about_one_child_are_one_row_and_one_question(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        told = replace(worried(), identity=identity())
        worry(session, school, told)
        set_clock(clock.now() + timedelta(days=1))
        last = worry(session, school, told)
        (listed,) = queries.list_worries(session, visible_to=school.desk.coordinator)
        assert listed.times == 2
        term = next_term(session, school, set_clock)
        (carried,) = queries.list_carried(session, term.invitation, None)
        assert carried.entry_id == last.entry_id
        answer(session, term, {last.entry_id: CarriedAnswer.BACK})
        submit(session, term)
        (listed,) = queries.list_worries(session, visible_to=school.desk.coordinator)
        assert listed.answer is CarriedAnswer.BACK

    def test_a_protected_pupil_stands_there_until_the_school_has_said_otherwise(
        self, session: Session, school: School, set_clock: Clock
    ) -> None:
        service.withhold_pupil(session, school.actor, add(session, school, named("Elin Sandhage")))
        submit(session, school)
        wave = next_wave(session, school, set_clock)
        ((_, number),) = cases.list_protected_units(session, visible_to=school.desk.coordinator)
        assert number == 1, "a round that has opened says nothing"
        response = answer(session, wave, {})
        service.answer_carried(session, wave.actor, response, AnswerCarried({}, protected_missing=0))
        submit(session, wave)
        assert cases.list_protected_units(session, visible_to=school.desk.coordinator) == []
