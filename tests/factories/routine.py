"""A municipality's routine."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.routine.service import adopt_shipped_routine
from app.routine.types import Routine
from app.schools.models import Municipality


def make_routine(session: Session, municipality: Municipality) -> Routine:
    """Let the municipality adopt the shipped routine."""
    return adopt_shipped_routine(session, Actor.system(municipality.id), municipality.id)
