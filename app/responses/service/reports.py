"""What a school reports outside rounds: a pupil who is missing, or one whom somebody worries about before a break."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.responses import queries
from app.responses.models import Response
from app.responses.service.drafts import start_response
from app.schools.models import SchoolUnit
from app.surveys import service as surveys
from app.surveys.types import Asks


def start_report(session: Session, actor: Actor, school_unit_id: UUID, asks: Asks) -> Response:
    """Begin a report for a school unit; one that was begun and holds nothing yet is gone on with.

    A unit may report as often as it needs to, and several may be begun at once. Raises `ValueError` for what is only
    asked about in rounds.
    """
    if asks is Asks.RETURN:
        raise ValueError("a return is asked about in rounds")
    empty = queries.find_empty_report(session, actor, school_unit_id, asks)
    if empty is not None:
        return start_response(session, actor, empty)
    invitation = surveys.start_any_time_invitation(session, actor, school_unit_id, asks)
    invitation.school_unit = session.get_one(SchoolUnit, school_unit_id)
    return start_response(session, actor, invitation)
