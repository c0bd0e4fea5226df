"""Reports outside rounds."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.kernel import clock
from app.responses.models import MissingPupil, Response
from app.responses.types import ResponseState
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks


def _is_empty() -> ColumnElement[bool]:
    is_named = select(MissingPupil.id).where(MissingPupil.response_id == Response.id).exists()
    is_first_draft = and_(Response.number == 1, Response.state == ResponseState.DRAFT)
    return and_(is_first_draft, Response.protected_missing == 0, ~is_named)


def list_empty_reports(session: Session, invitation_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return those of the invitations to which an answer has been begun and nobody has been put in."""
    statement = select(Response.invitation_id).where(Response.invitation_id.in_(invitation_ids), _is_empty())
    return session.scalars(statement.order_by(Response.invitation_id)).all()


def find_empty_report(session: Session, actor: Actor, school_unit_id: UUID, asks: Asks) -> Invitation | None:
    """Return what has been begun outside a round and holds nobody: by the unit, or alone by one who does not answer."""
    begun_by_id = None if school_unit_id in actor.answers_for else actor.account_id
    return session.scalar(
        select(Invitation)
        .join(Invitation.round)
        .join(Response, Response.invitation_id == Invitation.id)
        .where(
            Invitation.municipality_id == actor.municipality_id,
            Invitation.school_unit_id == school_unit_id,
            Invitation.asks == asks,
            Invitation.begun_by_id.is_(None) if begun_by_id is None else Invitation.begun_by_id == begun_by_id,
            Invitation.closes_at > clock.now(),
            SurveyRound.occurrence_key.startswith("any_time"),
            _is_empty(),
        )
        .order_by(Invitation.number)
        .limit(1)
        .options(joinedload(Invitation.round), joinedload(Invitation.school_unit))
    )
