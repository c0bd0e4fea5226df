"""Finding municipalities, organisers and school units."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key
from app.schools.models import Municipality, SchoolOrganiser, SchoolUnit

_OWN_UNITS_ONLY = frozenset({Role.STAFF, Role.RESPONDENT})


def get_municipality(session: Session, municipality_id: UUID) -> Municipality:
    """Return the municipality. Raises `NotFound`."""
    if (municipality := session.get(Municipality, municipality_id)) is None:
        raise NotFound("municipality")
    return municipality


def find_municipality(session: Session, code: str) -> Municipality | None:
    """Return the municipality with Statistics Sweden's code, or None."""
    return session.scalar(select(Municipality).where(Municipality.code == code))


def list_municipalities(session: Session) -> Sequence[Municipality]:
    """Return every municipality of the installation, by code."""
    return session.scalars(select(Municipality).order_by(Municipality.code, Municipality.id)).all()


def get_school_unit(session: Session, school_unit_id: UUID, *, visible_to: Actor) -> SchoolUnit:
    """Return a school unit with its organiser. Raises `NotFound` when it is not the actor's to see."""
    unit = session.scalar(_units_visible_to(visible_to).where(SchoolUnit.id == school_unit_id))
    if unit is None:
        raise NotFound("school unit")
    return unit


def list_school_units(session: Session, *, visible_to: Actor) -> Sequence[SchoolUnit]:
    """Return the school units the actor may see, with their organisers, in Swedish order."""
    units = session.scalars(_units_visible_to(visible_to)).all()
    return sorted(units, key=lambda unit: (swedish_key(unit.name), unit.id))


def find_school_unit(session: Session, municipality_id: UUID, school_unit_code: str) -> SchoolUnit | None:
    """Return the unit with a code of the national register in a municipality, or None."""
    return session.scalar(
        select(SchoolUnit).where(
            SchoolUnit.municipality_id == municipality_id, SchoolUnit.school_unit_code == school_unit_code
        )
    )


def list_unit_ids_by_code(session: Session, municipality_id: UUID) -> Mapping[str, UUID]:
    """Return the id of each school unit of a municipality by its code of the national register."""
    rows = session.execute(
        select(SchoolUnit.school_unit_code, SchoolUnit.id).where(SchoolUnit.municipality_id == municipality_id)
    )
    return dict(rows.all())


def _units_visible_to(actor: Actor) -> Select[SchoolUnit]:
    statement = select(SchoolUnit).where(SchoolUnit.municipality_id == actor.municipality_id)
    if actor.role in _OWN_UNITS_ONLY:
        statement = statement.where(SchoolUnit.id.in_(actor.unit_ids))
    return statement.options(joinedload(SchoolUnit.organiser)).order_by(SchoolUnit.name, SchoolUnit.id)


def list_active_units(session: Session, municipality_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Return id and organiser's id of each school unit that takes part in rounds."""
    rows = session.execute(
        select(SchoolUnit.id, SchoolUnit.organiser_id)
        .where(SchoolUnit.municipality_id == municipality_id, SchoolUnit.is_active)
        .order_by(SchoolUnit.school_unit_code, SchoolUnit.id)
    )
    return [(unit_id, organiser_id) for unit_id, organiser_id in rows]


def count_enrolled(session: Session, municipality_id: UUID) -> int:
    """Return how many pupils the active school units have together, as far as they are known."""
    statement = select(func.sum(SchoolUnit.enrolled)).where(
        SchoolUnit.municipality_id == municipality_id, SchoolUnit.is_active
    )
    return session.scalar(statement) or 0


def list_organisers(session: Session, municipality_id: UUID) -> Sequence[SchoolOrganiser]:
    """Return the school organisers of a municipality, in Swedish order."""
    rows = session.scalars(select(SchoolOrganiser).where(SchoolOrganiser.municipality_id == municipality_id)).all()
    return sorted(rows, key=lambda organiser: (swedish_key(organiser.name), organiser.id))


@cache
def list_swedish_municipalities() -> Sequence[tuple[str, str]]:
    """Return code and name of every municipality in Sweden, in Swedish order (Statistics Sweden's codes)."""
    text = (Path(__file__).parents[1] / "data" / "municipalities.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines()[1:], delimiter=";", strict=True)
    return sorted(((code, name) for code, name in rows), key=lambda row: swedish_key(row[1]))
