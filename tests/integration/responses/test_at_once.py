"""Two people, or two clicks, at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.kernel.database import Database
from app.kernel.errors import DomainError
from app.responses import queries, service
from app.responses.models import MissingPupil, PupilReturn, Response
from app.responses.types import (
    AddMissingPupil,
    PupilPage,
    SaveFigures,
    SavePupilPage,
    SubmitResponse,
    UrgentAnswers,
)
from app.surveys.queries import get_invitation
from tests.factories.responses import complete_answers, identity
from tests.integration.responses.conftest import School
from tests.integration.responses.test_service import add, submit

CROWD = 6
Work = Callable[[Session], object]


def at_once(database: Database, work: Work) -> list[str]:
    """Do the same from several threads that start together; return what each was told."""
    barrier = Barrier(CROWD)

    def one(_number: int) -> str:
        barrier.wait()
        try:
            with database.transaction() as session:
                work(session)
        except DomainError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(CROWD) as pool:
        return sorted(pool.map(one, range(CROWD)))


def all_of(database: Database, model: type[object]) -> list[object]:
    """Return the rows that are there afterwards."""
    with database.reading() as session:
        return list(session.scalars(select(model)))


def draft_of(session: Session, invitation_id: UUID) -> Response:
    """Return the version being written."""
    draft = queries.find_draft(session, invitation_id) or queries.find_submitted(session, invitation_id)
    assert draft is not None
    return draft


def test_the_first_saving_begins_one_answer(database: Database, session: Session, school: School) -> None:
    session.commit()
    invitation_id, actor = school.invitation.id, school.actor

    def save(session: Session) -> None:
        invitation = get_invitation(session, invitation_id, visible_to=actor)
        response = service.start_response(session, actor, invitation)
        service.save_figures(session, actor, response, SaveFigures(412, 408, 4))

    assert at_once(database, save) == ["done"] * CROWD
    assert len(all_of(database, Response)) == 1


def test_every_pupil_added_is_on_the_list(database: Database, session: Session, school: School) -> None:
    session.commit()
    invitation_id, actor = school.invitation.id, school.actor

    def add_one(session: Session) -> None:
        invitation = get_invitation(session, invitation_id, visible_to=actor)
        response = service.start_response(session, actor, invitation)
        service.add_missing_pupil(session, actor, response, AddMissingPupil(UrgentAnswers()))

    assert at_once(database, add_one) == ["done"] * CROWD
    places = [pupil.position for pupil in all_of(database, MissingPupil) if isinstance(pupil, MissingPupil)]
    assert sorted(places) == list(range(1, CROWD + 1))


def test_an_answer_is_submitted_once(database: Database, session: Session, school: School) -> None:
    pupil = add(session, school, complete_answers())
    service.save_figures(session, school.actor, pupil.response, SaveFigures(412, 407, 4))
    session.commit()
    invitation_id, actor = school.invitation.id, school.actor

    def send(session: Session) -> None:
        service.submit_response(session, actor, draft_of(session, invitation_id), SubmitResponse("Karin Lövdahl"))

    told = at_once(database, send)
    assert told == ["already_submitted"] * (CROWD - 1) + ["done"]
    assert len(all_of(database, Response)) == 1
    assert len(all_of(database, Case)) == 1


def test_a_change_is_begun_once(database: Database, session: Session, school: School) -> None:
    submit(session, school, complete_answers())
    session.commit()
    invitation_id, actor = school.invitation.id, school.actor

    def change(session: Session) -> None:
        service.change_response(session, actor, get_invitation(session, invitation_id, visible_to=actor))

    assert at_once(database, change) == ["done"] * CROWD
    assert len(all_of(database, Response)) == 2


def test_of_those_who_had_the_same_page_one_saves(database: Database, session: Session, school: School) -> None:
    pupil_id = add(session, school).id
    session.commit()
    actor = school.actor
    version = session.get_one(MissingPupil, pupil_id).version
    session.rollback()

    def save(session: Session) -> None:
        pupil = queries.get_missing_pupil(session, pupil_id, visible_to=actor)
        command = SavePupilPage(PupilPage.IDENTITY, identity(), version)
        service.save_pupil_page(session, actor, pupil, command)

    told = at_once(database, save)
    assert told == ["MissingPupil"] * (CROWD - 1) + ["done"]


def test_a_return_is_reported_once(database: Database, session: Session, school: School) -> None:
    pupil_id = submit(session, school, complete_answers()).pupils[0].id
    session.commit()
    actor = school.actor

    def report(session: Session) -> None:
        service.report_return(session, actor, queries.get_missing_pupil(session, pupil_id, visible_to=actor))

    assert at_once(database, report) == ["done"] * CROWD
    assert len(all_of(database, PupilReturn)) == 1
