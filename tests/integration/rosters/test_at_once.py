"""Two people, or two clicks, decide on class lists at the same moment."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.database import Database
from app.rosters import service
from app.rosters.models import Roster, RosterClass
from app.rosters.queries import get_class
from app.rosters.types import Mark, RosterState, SaveMarks
from app.surveys.models import Invitation
from app.surveys.types import RoundState
from tests.factories.rosters import make_pupils, make_roster, make_upload
from tests.integration.rosters.conftest import School
from tests.machine.at_once import committed_at_once


def test_a_double_click_confirms_once(database: Database, session: Session, school: School) -> None:
    upload_id = make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(3)})
    session.commit()
    confirm = [lambda each: service.confirm_upload(each, school.coordinator, upload_id)] * 4
    assert committed_at_once(database, confirm) == ["done", "upload_is_gone", "upload_is_gone", "upload_is_gone"]


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.PLANNED])
def test_a_school_and_the_coordinator_confirm_at_once_and_one_list_is_staged(
    database: Database, session: Session, school: School, state: RoundState
) -> None:
    unit_id = school.desk.unit.id
    school.survey_round.state = state
    if state is RoundState.PLANNED:
        school.survey_round.opened_at = None
        session.delete(school.invitation)
    uploads = [
        make_upload(session, school.coordinator, school.survey_round, {unit_id: make_pupils(3)}, school_unit_id=each)
        for each in (None, unit_id)
    ]
    session.commit()
    works = [lambda each, one=one: service.confirm_upload(each, school.coordinator, one) for one in uploads]
    assert committed_at_once(database, works) == ["done", "done"]
    with database.reading() as later:
        rosters = later.scalars(select(Roster)).all()
        assert sorted(each.state for each in rosters) == [RosterState.DESTROYED, RosterState.STAGED]
        assert len(later.scalars(select(RosterClass)).all()) == 1


def test_no_pupil_outlives_an_answer_that_comes_with_the_confirmation(
    database: Database, session: Session, school: School
) -> None:
    upload_id = make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(3)})
    invitation_id = school.invitation.id
    session.commit()

    def answer(each: Session) -> None:
        invitation = each.get_one(Invitation, invitation_id, with_for_update=True)
        invitation.submitted_at = school.survey_round.opens_at
        invitation.next_at = None
        service.destroy_roster(each, school.respondent, invitation)

    works = [answer, lambda each: service.confirm_upload(each, school.coordinator, upload_id)]
    assert committed_at_once(database, works) == ["done", "done"]
    with database.reading() as later:
        assert later.scalars(select(RosterClass)).all() == []
        assert later.scalars(select(Roster.state)).all() == [RosterState.DESTROYED]


def test_marks_that_come_with_a_new_list_are_kept_or_refused_and_never_lost(
    database: Database, session: Session, school: School
) -> None:
    make_roster(session, school.respondent, school.invitation, make_pupils(3))
    class_id = session.scalars(select(RosterClass.id)).one()
    upload_id = make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})
    session.commit()

    def mark(each: Session) -> None:
        found = get_class(each, class_id, visible_to=school.respondent)
        service.save_marks(each, school.respondent, found, SaveMarks({"1": Mark.MISSING}, found.version))

    told = committed_at_once(database, [mark, lambda each: service.confirm_upload(each, school.coordinator, upload_id)])
    assert told in (["classes_started", "done"], ["done", "roster"], ["class", "done"])
    with database.reading() as later:
        staged = later.scalars(select(RosterClass).join(RosterClass.roster).where(Roster.state == RosterState.STAGED))
        assert staged.one().missing == (1 if "classes_started" in told else 0)
