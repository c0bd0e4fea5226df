"""What a rehearsal is waiting for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.surveys.models import Invitation, SurveyRound
from app.surveys.queries import find_next_opening
from app.surveys.types import RoundState

MOST = 6
"""How many moments are listed: enough for a lesson."""


class Happening(StrEnum):
    """What falls due by itself."""

    ROUND_OPENS = "round_opens"
    INVITATIONS_GO = "invitations_go"
    REMINDERS_GO = "reminders_go"
    ANSWERS_ARE_DUE = "answers_are_due"
    ANSWERS_CLOSE = "answers_close"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something falls due."""

    at: datetime
    what: Happening
    title: str
    """Of which round."""


def list_moments(session: Session, *, visible_to: Actor) -> Sequence[Moment]:
    """Return what falls due next in the actor's municipality, the soonest first."""
    moments = set()
    if (opening := find_next_opening(session, visible_to.municipality_id)) is not None:
        moments.add(Moment(opening.opens_at, Happening.ROUND_OPENS, opening.title))
    columns = {
        Invitation.opens_at: Happening.INVITATIONS_GO,
        Invitation.next_at: Happening.REMINDERS_GO,
        Invitation.due_at: Happening.ANSWERS_ARE_DUE,
        Invitation.closes_at: Happening.ANSWERS_CLOSE,
    }
    for column, what in columns.items():
        statement = (
            select(column, SurveyRound.title)
            .join(Invitation.round)
            .where(Invitation.municipality_id == visible_to.municipality_id, column > clock.now())
            .where(SurveyRound.state == RoundState.OPEN, SurveyRound.days.is_not(None))
        )
        moments |= {Moment(at, what, title) for at, title in session.execute(statement.distinct()) if at is not None}
    return sorted(moments, key=lambda moment: (moment.at, moment.what, moment.title))[:MOST]
