"""Scenes at a school after the first answer: follow-ups about the same pupils, reports between rounds, worry."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rehearsal.service.scenes import schools
from app.rehearsal.service.scenes.people import act_as, find_entry, find_invitation
from app.responses import service as responses
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
    missing = schools.say_still_away(session, actor, response, back)
    if not missing:
        schools.send_nil(session, actor, response, scene)
        return
    schools.give_figures(session, actor, response, scene, missing=missing)
    schools.sign(session, actor, response, scene)


def worry(session: Session, scene: Scene) -> None:
    """A school says, before the break, whom it worries about; or that it worries about nobody."""
    actor = act_as(session, scene["by"])
    invitation = find_invitation(session, actor, scene["round"], scene["unit"])
    response = responses.start_response(session, actor, invitation)
    schools.describe(session, actor, response, scene)
    schools.sign(session, actor, response, scene)


def report_now(session: Session, scene: Scene) -> None:
    """A school reports a pupil who has gone missing between two rounds."""
    actor = act_as(session, scene["by"])
    unit_id = session.scalars(select(SchoolUnit.id).where(SchoolUnit.school_unit_code == scene["unit"])).one()
    started = surveys.start_any_time_invitation(session, actor, unit_id, Asks.REPORT)
    invitation = get_invitation(session, started.id, visible_to=actor)
    response = responses.start_response(session, actor, invitation)
    schools.describe(session, actor, response, scene)
    schools.sign(session, actor, response, scene)
