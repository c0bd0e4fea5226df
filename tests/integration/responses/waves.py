"""Further rounds for a school that has answered one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases import queries as cases
from app.cases.models import Case
from app.cases.types import NoteKind
from app.kernel import clock
from app.responses import queries, service
from app.responses.models import MissingPupil, Response
from app.responses.service.drafts import list_pupils
from app.responses.types import (
    AddMissingPupil,
    AnswerCarried,
    CarriedAnswer,
    PupilAnswers,
    PupilPage,
    SaveFigures,
    SavePupilPage,
    SubmitNilReturn,
    SubmitResponse,
    UrgentAnswers,
)
from app.surveys.models import SurveyPlan
from app.surveys.types import PlanKind
from tests.factories.responses import complete_answers, identity
from tests.factories.surveys import MOMENTS, make_invitation, make_plan, make_round
from tests.integration.responses.conftest import School

ENROLLED = 412
FOUR_WEEKS = timedelta(days=28)
SIGNED = SubmitResponse(signed_name="Karin Lövdahl")
NIL = SubmitNilReturn(enrolled=ENROLLED, present=ENROLLED, known_absence=0, signed_name="Karin Lövdahl")


def next_wave(session: Session, school: School, set_clock: Callable[[datetime], None]) -> School:
    """Four weeks later the same unit is asked again, in the next wave of the same round."""
    before = school.survey_round
    plan = session.get_one(SurveyPlan, before.plan_id)
    set_clock(clock.now() + FOUR_WEEKS)
    return ask(
        session,
        school,
        plan,
        wave=before.wave + 1,
        occurrence_key=f"{plan.kind}:{before.year}:{before.wave + 1}",
        title=f"{plan.title} {before.year}, uppföljning {before.wave + 1}",
        moved=(before.wave + 1) * FOUR_WEEKS,
    )


def next_term(session: Session, school: School, set_clock: Callable[[datetime], None]) -> School:
    """In January the same unit is asked after the Christmas break."""
    set_clock(clock.now() + timedelta(days=143))
    plan = make_plan(session, school.desk.municipality, PlanKind.AFTER_CHRISTMAS)
    return ask(session, school, plan, year=2027, moved=timedelta(days=143))


def ask(session: Session, school: School, plan: SurveyPlan, *, moved: timedelta, **values: Any) -> School:
    """Ask the unit in a round whose moments are those of August, moved."""
    opens_at, due_at, closes_at = (each + moved for each in (MOMENTS.opens_at, MOMENTS.due_at, MOMENTS.closes_at))
    survey_round = make_round(
        session, plan, **{"opens_at": opens_at, "opened_at": opens_at, "closes_at": closes_at} | values
    )
    invitation = make_invitation(
        session,
        survey_round,
        school.desk.unit,
        opens_at=opens_at,
        due_at=due_at,
        closes_at=closes_at,
        invited_at=opens_at,
    )
    return School(school.desk, survey_round, invitation)


def named(name: str, **pages: Any) -> PupilAnswers:
    """Everything required about a pupil of this name, who has no number."""
    return complete_answers(identity=identity(kind="none", number=None, name=name), **pages)


def add(session: Session, school: School, answers: PupilAnswers) -> MissingPupil:
    """Put a pupil on the list with these answers."""
    response = service.start_response(session, school.actor, school.invitation)
    urgent = answers.urgent or UrgentAnswers()
    pupil = service.add_missing_pupil(session, school.actor, response, AddMissingPupil(urgent))
    for page in PupilPage:
        if page is not PupilPage.URGENT and (values := answers.page(page)) is not None:
            service.save_pupil_page(session, school.actor, pupil, SavePupilPage(page, values))
    return pupil


def answer(session: Session, school: School, answers: Mapping[UUID, CarriedAnswer]) -> Response:
    """Say how it is with those who are asked about again."""
    response = service.start_response(session, school.actor, school.invitation)
    service.answer_carried(session, school.actor, response, AnswerCarried(answers))
    return response


def submit(session: Session, school: School) -> Response:
    """Give figures that add up, and send in the answer as it stands."""
    response = service.start_response(session, school.actor, school.invitation)
    missing = len(list_pupils(session, response)) + response.protected_missing
    figures = SaveFigures(ENROLLED, ENROLLED - missing, 0, protected_missing=response.protected_missing)
    service.save_figures(session, school.actor, response, figures)
    service.submit_response(session, school.actor, response, SIGNED)
    return response


def carried(session: Session, school: School) -> dict[UUID, CarriedAnswer | None]:
    """Return whom the unit is asked about again and what it has said, by entry."""
    draft = queries.find_draft(session, school.invitation.id)
    return {each.entry_id: each.answer for each in queries.list_carried(session, school.invitation, draft)}


def case_of(session: Session, school: School, entry_id: UUID) -> Case:
    """Return the case that a pupil led to."""
    found = cases.find_case_of_entry(session, school.desk.municipality.id, entry_id)
    assert found is not None
    return found


def kinds(session: Session, case: Case) -> list[NoteKind]:
    """Return the lines of a case's chronology, the first first."""
    return [note.kind for note in reversed(cases.list_notes(session, case))]
