"""One school's word that a child is protected: what it takes away at once, and what waits for a coordinator."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.models import Account
from app.cases import queries as cases
from app.cases import service as case_service
from app.cases.models import Case
from app.cases.types import ConfirmProtection, DeadlineKind, NoteKind
from app.kernel import clock
from app.kernel.errors import Refused
from app.referrals import service as referrals
from app.referrals.models import ReportOfConcern
from app.referrals.types import StartReport
from app.responses import service
from app.responses.models import MissingPupil
from app.responses.service.drafts import list_pupils
from app.responses.types import AddMissingPupil, PupilAnswers, PupilPage, SavePupilPage, UrgentAnswers
from app.surveys.types import Asks
from tests.factories.accounts import make_account
from tests.factories.responses import complete_answers, identity
from tests.factories.schools import make_unit
from tests.integration.responses.conftest import School
from tests.integration.responses.test_reports import worried
from tests.integration.responses.waves import SIGNED, add, carried, case_of, next_wave, submit

Clock = Callable[[datetime], None]


@pytest.fixture
def told(session: Session, school: School, set_clock: Clock) -> MissingPupil:
    """A pupil that the school has reported, with a change and two reports of concern being written."""
    pupil = add(session, school, complete_answers(identity=identity(name="Elin Sandhage")))
    submit(session, school)
    set_clock(clock.now() + timedelta(minutes=5))
    service.change_response(session, school.actor, school.invitation)
    case = case_of(session, school, pupil.entry_id)
    referrals.start_report(session, school.actor, StartReport(entry_id=pupil.id))
    referrals.start_report(session, school.desk.coordinator, StartReport(case_id=case.id))
    return pupil


def say_protected(session: Session, school: School, unit_name: str | None) -> Actor:
    """Let staff without a duty, at another unit or the same, worry about the same number and then say: protected."""
    municipality = school.desk.municipality
    unit = make_unit(session, municipality, name=unit_name) if unit_name else school.desk.unit
    staff = make_account(session, municipality, Role.STAFF, unit).as_actor(clock.today())
    response = service.start_report(session, staff, unit.id, Asks.WORRY)
    answers = replace(worried("X Y"), identity=identity(name="X Y"))
    pupil = service.add_missing_pupil(session, staff, response, AddMissingPupil(answers.urgent or UrgentAnswers()))
    for page in answers.answered:
        if page is not PupilPage.URGENT and (values := answers.page(page)) is not None:
            service.save_pupil_page(session, staff, pupil, SavePupilPage(page, values))
    service.submit_response(session, staff, response, SIGNED)
    (own,) = list_pupils(session, service.change_response(session, staff, response.invitation))
    service.withhold_pupil(session, staff, own)
    session.flush()
    session.expire_all()
    return staff


def rows_of(session: Session, told: MissingPupil) -> list[MissingPupil]:
    return list(session.scalars(select(MissingPupil).where(MissingPupil.entry_id == told.entry_id)))


@pytest.mark.parametrize("unit_name", ["Helt annan skola", None])
def test_nobody_takes_away_what_others_have_told_by_saying_protected(
    session: Session, school: School, told: MissingPupil, set_clock: Clock, unit_name: str | None
) -> None:
    staff = say_protected(session, school, unit_name)
    assert [row.told.identity and row.told.identity.name for row in rows_of(session, told)] == ["Elin Sandhage"] * 2
    assert all(report.is_draft and report.content for report in session.scalars(select(ReportOfConcern)))
    case = case_of(session, school, told.entry_id)
    assert (case.is_protected, case.child.name) == (False, "Elin Sandhage")
    asked = cases.list_running_deadlines(session, case.id, DeadlineKind.PROTECTION)
    assert [each.due_at for each in asked] == [case.next_due_at], "nothing in the case presses more"
    of_staff = select(MissingPupil).where(MissingPupil.entry_id != told.entry_id)
    assert [(row.told, row.is_withheld) for row in session.scalars(of_staff)] == [(PupilAnswers(), True)], staff
    wave = next_wave(session, school, set_clock)
    assert told.entry_id in carried(session, wave), "the school is still asked"


def test_a_coordinator_who_confirms_it_empties_every_schools_rows(
    session: Session, school: School, told: MissingPupil
) -> None:
    say_protected(session, school, "Helt annan skola")
    case, coordinator = case_of(session, school, told.entry_id), school.desk.coordinator
    command = ConfirmProtection(True, case.version, "Rektorn har sett markeringen.")
    case_service.confirm_protection(session, coordinator, case, command)
    assert (case.is_protected, case.child.name) == (True, "")
    assert all(row.told == PupilAnswers() for row in rows_of(session, told))
    assert not cases.list_running_deadlines(session, case.id, DeadlineKind.PROTECTION)
    kept = {report.author_id: report.is_draft for report in session.scalars(select(ReportOfConcern))}
    assert kept == {school.actor.account_id: True, coordinator.account_id: False}, "another's draft is its author's"


def test_a_coordinator_who_denies_it_keeps_everything(session: Session, school: School, told: MissingPupil) -> None:
    say_protected(session, school, "Helt annan skola")
    case, coordinator = case_of(session, school, told.entry_id), school.desk.coordinator
    denial = ConfirmProtection(False, case.version, "Expeditionen har kontrollerat.")
    case_service.confirm_protection(session, coordinator, case, denial)
    assert (case.is_protected, case.child.name) == (False, "Elin Sandhage")
    assert NoteKind.PROTECTION_DENIED in [note.kind for note in cases.list_notes(session, case)]
    with pytest.raises(Refused, match="nobody_asks_about_protection"):
        case_service.confirm_protection(session, coordinator, case, replace(denial, version=case.version))


def test_a_case_that_only_the_own_row_has_led_to_forgets_the_child_at_once(session: Session, school: School) -> None:
    say_protected(session, school, "Helt annan skola")
    (case,) = session.scalars(select(Case))
    assert (case.is_protected, cases.get_child(session, case).name) == (True, "")


def test_the_coordinator_is_asked_on_the_case_and_in_the_queue(session, school, told, sign_in):
    say_protected(session, school, "Helt annan skola")
    case_id = case_of(session, school, told.entry_id).id
    account = session.get_one(Account, school.desk.coordinator.account_id)
    session.commit()
    browser = sign_in(account)
    assert "Svara om uppgifterna är skyddade" in browser.page("cases.list_cases").text
    page = browser.visit(browser.page("cases.show_case", case_id=case_id).link("Svara om uppgifterna är skyddade"))
    page = browser.submit(page, {"is_protected": "yes", "reasons": "Rektorn har sett markeringen."})
    assert "Eleven har skyddade personuppgifter" in page.text
    assert "En skola säger att" not in page.text
