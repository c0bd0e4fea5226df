"""How many pupils a unit probably has, so that nobody types what is known already."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.responses.models import Response
from app.responses.queries.classes import list_classes, sum_classes
from app.responses.types import ResponseState
from app.surveys.models import Invitation


class EnrolmentSource(StrEnum):
    """Where a number comes from, the freshest first."""

    CLASSES = "classes"
    LAST_ANSWER = "last_answer"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A number to begin with; whoever answers sees where it comes from and writes another when it is wrong."""

    enrolled: int
    source: EnrolmentSource


def find_enrolment(session: Session, invitation: Invitation) -> Enrolment | None:
    """Return how many are enrolled by the class lists, the unit's last answer or the register; None when unknown."""
    if (sums := sum_classes(list_classes(session, invitation.id))) is not None:
        return Enrolment(sums.listed + sums.protected, EnrolmentSource.CLASSES)
    last = session.scalar(
        select(Response.enrolled)
        .where(
            Response.school_unit_id == invitation.school_unit_id,
            Response.state == ResponseState.SUBMITTED,
            Response.enrolled.is_not(None),
        )
        .order_by(Response.submitted_at.desc(), Response.number.desc(), Response.id)
        .limit(1)
    )
    if last is not None:
        return Enrolment(last, EnrolmentSource.LAST_ANSWER)
    known = invitation.school_unit.enrolled
    return None if known is None else Enrolment(known, EnrolmentSource.REGISTER)
