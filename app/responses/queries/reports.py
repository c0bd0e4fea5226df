"""Reports outside rounds."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.kernel import clock
from app.responses.models import MissingPupil, Response
from app.responses.types import ResponseState
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks


def find_empty_report(session: Session, municipality_id: UUID, school_unit_id: UUID, asks: Asks) -> Invitation | None:
    """Return what a unit has begun to report outside a round and put nobody in, or None."""
    is_named = select(MissingPupil.id).where(MissingPupil.response_id == Response.id).exists()
    return session.scalar(
        select(Invitation)
        .join(Invitation.round)
        .join(Response, Response.invitation_id == Invitation.id)
        .where(
            Invitation.municipality_id == municipality_id,
            Invitation.school_unit_id == school_unit_id,
            Invitation.asks == asks,
            Invitation.closes_at > clock.now(),
            SurveyRound.occurrence_key.startswith("any_time"),
            Response.number == 1,
            Response.state == ResponseState.DRAFT,
            Response.protected_missing == 0,
            ~is_named,
        )
        .order_by(Invitation.number)
        .limit(1)
        .options(joinedload(Invitation.round), joinedload(Invitation.school_unit))
    )
