"""Scenes at a school after the first answer: follow-ups about the same pupils, reports between rounds, worry."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.rehearsal.service.scenes.people import (
    act_as,
    answers_about,
    find_account,
    find_entry,
    find_invitation,
    remember,
)
from app.rehearsal.service.scenes.schools import say_still_away
from app.responses import service as responses
from app.responses.models import Response
from app.responses.types import (
    ALL_PAGES,
    AddMissingPupil,
    PupilPage,
    SaveFigures,
    SavePupilPage,
    SubmitNilReturn,
    SubmitResponse,
    UrgentAnswers,
)
from app.schools.models import SchoolUnit
from app.surveys import service as surveys
from app.surveys.queries import get_invitation
from app.surveys.types import Asks

Scene = dict[str, Any]


def follow_up(session: Session, scene: Scene) -> None:
    """A school answers a follow-up: those named are back, everyone else it is asked about is still away."""
    actor = act_as(session, scene["by"])
    invitation = find_invitation(session, actor, scene["round"], scene["unit"], scene["wave"])
    response = responses.start_response(session, actor, invitation)
    back = {find_entry(session, key) for key in scene["back"]}
    missing = say_still_away(session, actor, response, back)
    (_submit_missing if missing else _submit_nil)(session, actor, response, scene, missing)


def _submit_nil(session: Session, actor: Actor, response: Response, scene: Scene, _missing: int) -> None:
    command = SubmitNilReturn(
        enrolled=scene["enrolled"],
        present=scene["enrolled"] - scene["known_absence"],
        known_absence=scene["known_absence"],
        signed_name=find_account(session, scene["by"]).name,
    )
    responses.submit_nil_return(session, actor, response, command)


def _submit_missing(session: Session, actor: Actor, response: Response, scene: Scene, missing: int) -> None:
    figures = SaveFigures(
        enrolled=scene["enrolled"],
        present=scene["enrolled"] - scene["known_absence"] - missing,
        known_absence=scene["known_absence"],
    )
    responses.save_figures(session, actor, response, figures)
    _sign(session, actor, response, scene)


def worry(session: Session, scene: Scene) -> None:
    """A school says, before the break, whom it worries about; or that it worries about nobody."""
    actor = act_as(session, scene["by"])
    invitation = find_invitation(session, actor, scene["round"], scene["unit"])
    response = responses.start_response(session, actor, invitation)
    _describe(session, actor, response, scene)
    _sign(session, actor, response, scene)


def report_now(session: Session, scene: Scene) -> None:
    """A school reports a pupil who has gone missing between two rounds."""
    actor = act_as(session, scene["by"])
    unit_id = session.scalars(select(SchoolUnit.id).where(SchoolUnit.school_unit_code == scene["unit"])).one()
    started = surveys.start_any_time_invitation(session, actor, unit_id, Asks.REPORT)
    invitation = get_invitation(session, started.id, visible_to=actor)
    response = responses.start_response(session, actor, invitation)
    _describe(session, actor, response, scene)
    _sign(session, actor, response, scene)


def _describe(session: Session, actor: Actor, response: Response, scene: Scene) -> None:
    for key in scene["pupils"]:
        told = answers_about(key)
        urgent = told.urgent or UrgentAnswers()
        pupil = responses.add_missing_pupil(session, actor, response, AddMissingPupil(urgent=urgent))
        remember(session, key, pupil)
        for page in ALL_PAGES:
            if page is not PupilPage.URGENT and (values := told.page(page)) is not None:
                responses.save_pupil_page(session, actor, pupil, SavePupilPage(page, values))


def _sign(session: Session, actor: Actor, response: Response, scene: Scene) -> None:
    signed = SubmitResponse(signed_name=find_account(session, scene["by"]).name)
    responses.submit_response(session, actor, response, signed)
