"""Scenes at a school: answering, and telling that a pupil is back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.rehearsal.service.scenes.people import (
    act_as,
    answers_about,
    find_account,
    find_invitation,
    find_pupil,
    remember,
)
from app.responses import queries
from app.responses import service as responses
from app.responses.models import Response
from app.responses.types import (
    PAGES,
    AddMissingPupil,
    AnswerCarried,
    CarriedAnswer,
    PupilPage,
    SaveFigures,
    SavePupilPage,
    SubmitNilReturn,
    SubmitResponse,
    UrgentAnswers,
)

Scene = dict[str, Any]


def nil_return(session: Session, scene: Scene) -> None:
    """A school where nobody is missing."""
    actor = act_as(session, scene["by"])
    response = responses.start_response(session, actor, find_invitation(session, actor, scene["round"], scene["unit"]))
    command = SubmitNilReturn(
        enrolled=scene["enrolled"],
        present=scene["enrolled"] - scene["known_absence"],
        known_absence=scene["known_absence"],
        protected_known_absence=scene["protected"],
        signed_name=find_account(session, scene["by"]).name,
    )
    responses.submit_nil_return(session, actor, response, command)


def answer(session: Session, scene: Scene) -> None:
    """A school that misses pupils; without `submit` it fills everything in and does not send it."""
    actor = act_as(session, scene["by"])
    response = responses.start_response(session, actor, find_invitation(session, actor, scene["round"], scene["unit"]))
    _give_figures(session, scene, response, still_away=say_still_away(session, actor, response))
    for key in scene["pupils"]:
        told = answers_about(key)
        pupil = responses.add_missing_pupil(
            session, actor, response, AddMissingPupil(urgent=told.urgent or UrgentAnswers())
        )
        remember(session, key, pupil)
        for page in PAGES:
            if page is not PupilPage.URGENT and (values := told.page(page)) is not None:
                responses.save_pupil_page(session, actor, pupil, SavePupilPage(page, values))
    if scene["submit"]:
        signed = SubmitResponse(signed_name=find_account(session, scene["by"]).name)
        responses.submit_response(session, actor, response, signed)


def say_still_away(session: Session, actor: Actor, response: Response, back: Collection[UUID] = ()) -> int:
    """Say that everyone the school is asked about again is away, but for those who are back; return how many."""
    carried = queries.list_carried(session, response.invitation, response)
    answers = {
        each.entry_id: CarriedAnswer.BACK if each.entry_id in back else CarriedAnswer.STILL_AWAY for each in carried
    }
    responses.answer_carried(session, actor, response, AnswerCarried(answers))
    return sum(answer is CarriedAnswer.STILL_AWAY for answer in answers.values())


def _give_figures(session: Session, scene: Scene, response: Response, *, still_away: int) -> None:
    missing = still_away + len(scene["pupils"]) + scene["protected_missing"]
    command = SaveFigures(
        enrolled=scene["enrolled"],
        present=scene["enrolled"] - scene["known_absence"] - missing,
        known_absence=scene["known_absence"],
        protected_missing=scene["protected_missing"],
    )
    responses.save_figures(session, act_as(session, scene["by"]), response, command)


def reported_back(session: Session, scene: Scene) -> None:
    """A school presses the button *Eleven har kommit tillbaka*."""
    responses.report_return(session, act_as(session, scene["by"]), find_pupil(session, scene["pupil"]))
