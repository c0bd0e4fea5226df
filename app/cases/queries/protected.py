"""Protected pupils, of whom only a number is kept: where there are some, and whom to phone."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks, InvitationState, RoundState


def list_protected_units(session: Session, *, visible_to: Actor) -> Sequence[tuple[SchoolUnit, int]]:
    """Return the school units that miss or worry about protected pupils, with how many.

    What counts is what a unit has last said of who has come back, however many rounds have opened since without a word
    from it, and what it has reported beside that afterwards.
    """
    is_begun = Invitation.state != InvitationState.NOT_STARTED
    is_own = Invitation.municipality_id == visible_to.municipality_id
    last = (
        select(
            Invitation.school_unit_id,
            func.max(Invitation.opens_at).label("asked_at"),
            func.max(Invitation.last_activity_at).label("said_at"),
        )
        .join(SurveyRound, SurveyRound.id == Invitation.round_id)
        .where(is_own, is_begun, Invitation.asks == Asks.RETURN, SurveyRound.state != RoundState.CANCELLED)
        .group_by(Invitation.school_unit_id)
        .subquery()
    )
    is_beside = and_(
        Invitation.asks != Asks.RETURN, or_(last.c.said_at.is_(None), Invitation.last_activity_at > last.c.said_at)
    )
    rows = session.execute(
        select(SchoolUnit, Invitation.protected_count)
        .join(Invitation, Invitation.school_unit_id == SchoolUnit.id)
        .join(SurveyRound, SurveyRound.id == Invitation.round_id)
        .outerjoin(last, last.c.school_unit_id == SchoolUnit.id)
        .where(
            is_own,
            is_begun,
            Invitation.protected_count > 0,
            SurveyRound.state != RoundState.CANCELLED,
            or_(and_(Invitation.asks == Asks.RETURN, Invitation.opens_at == last.c.asked_at), is_beside),
        )
        .order_by(SchoolUnit.name, SchoolUnit.id, Invitation.id)
    )
    return [(unit, count) for unit, count in rows]
