"""The units whose principal the actor is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.schools.models import SchoolUnit
from app.schools.queries.units import get_school_unit, list_school_units


@dataclass(frozen=True, slots=True)
class LedUnit:
    """A unit whose principal the actor is, ordinary or acting."""

    unit: SchoolUnit

    @property
    def school_unit_id(self) -> UUID:
        """The unit's id, by which the policy knows whose it is."""
        return self.unit.id


def get_led_unit(session: Session, school_unit_id: UUID, *, visible_to: Actor) -> LedUnit:
    """Return a unit that the actor leads. Raises `NotFound`."""
    if school_unit_id not in visible_to.leads:
        raise NotFound("school unit")
    return LedUnit(get_school_unit(session, school_unit_id, visible_to=visible_to))


def list_led_units(session: Session, *, visible_to: Actor) -> Sequence[SchoolUnit]:
    """Return the units that the actor leads, in Swedish order."""
    return [unit for unit in list_school_units(session, visible_to=visible_to) if unit.id in visible_to.leads]
