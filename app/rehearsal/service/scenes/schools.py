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
    ALL_PAGES,
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
    send_nil(session, actor, response, scene)


def answer(session: Session, scene: Scene) -> None:
    """A school that misses pupils; without `submit` it fills everything in and does not send it."""
    actor = act_as(session, scene["by"])
    response = responses.start_response(session, actor, find_invitation(session, actor, scene["round"], scene["unit"]))
    missing = say_still_away(session, actor, response) + len(scene["pupils"])
    give_figures(session, actor, response, scene, missing=missing)
    describe(session, actor, response, scene)
    if scene["submit"]:
        sign(session, actor, response, scene)


def reported_back(session: Session, scene: Scene) -> None:
    """A school presses the button *Eleven har kommit tillbaka*."""
    responses.report_return(session, act_as(session, scene["by"]), find_pupil(session, scene["pupil"]))


def say_still_away(session: Session, actor: Actor, response: Response, back: Collection[UUID] = ()) -> int:
    """Say that everyone the school is asked about again is away, but for those who are back; return how many."""
    carried = queries.list_carried(session, response.invitation, response)
    answers = {
        each.entry_id: CarriedAnswer.BACK if each.entry_id in back else CarriedAnswer.STILL_AWAY for each in carried
    }
    responses.answer_carried(session, actor, response, AnswerCarried(answers))
    return sum(answer is CarriedAnswer.STILL_AWAY for answer in answers.values())


def describe(session: Session, actor: Actor, response: Response, scene: Scene) -> None:
    """Put the scene's pupils on the list, with what the story says of each."""
    for key in scene["pupils"]:
        told = answers_about(key)
        urgent = told.urgent or UrgentAnswers()
        pupil = responses.add_missing_pupil(session, actor, response, AddMissingPupil(urgent=urgent))
        remember(session, key, pupil)
        for page in ALL_PAGES:
            if page is not PupilPage.URGENT and (values := told.page(page)) is not None:
                responses.save_pupil_page(session, actor, pupil, SavePupilPage(page, values))


def give_figures(session: Session, actor: Actor, response: Response, scene: Scene, *, missing: int) -> None:
    """Give figures that add up: those `missing` by name, and whatever protected pupils the scene counts."""
    protected = scene.get("protected_missing", 0)
    figures = SaveFigures(
        enrolled=scene["enrolled"],
        present=scene["enrolled"] - scene["known_absence"] - missing - protected,
        known_absence=scene["known_absence"],
        protected_missing=protected,
    )
    responses.save_figures(session, actor, response, figures)


def sign(session: Session, actor: Actor, response: Response, scene: Scene) -> None:
    """Send the answer in."""
    signed = SubmitResponse(signed_name=find_account(session, scene["by"]).name)
    responses.submit_response(session, actor, response, signed)


def send_nil(session: Session, actor: Actor, response: Response, scene: Scene) -> None:
    """Send in that nobody is missing."""
    command = SubmitNilReturn(
        enrolled=scene["enrolled"],
        present=scene["enrolled"] - scene["known_absence"],
        known_absence=scene["known_absence"],
        protected_known_absence=scene.get("protected", 0),
        signed_name=find_account(session, scene["by"]).name,
    )
    responses.submit_nil_return(session, actor, response, command)
