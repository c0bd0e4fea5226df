"""Finding the numbers of the page *Ring nu*."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.schools.models import EmergencyNumber


def list_emergency_numbers(session: Session, municipality_id: UUID) -> Sequence[EmergencyNumber]:
    """Return the numbers of the page *Ring nu*, in the municipality's own order."""
    return session.scalars(
        select(EmergencyNumber)
        .where(EmergencyNumber.municipality_id == municipality_id)
        .order_by(EmergencyNumber.position, EmergencyNumber.id)
    ).all()


def get_emergency_number(session: Session, number_id: UUID, *, visible_to: Actor) -> EmergencyNumber:
    """Return one number. Raises `NotFound` when it is another municipality's."""
    number = session.scalar(
        select(EmergencyNumber).where(
            EmergencyNumber.id == number_id, EmergencyNumber.municipality_id == visible_to.municipality_id
        )
    )
    if number is None:
        raise NotFound("emergency number")
    return number
