"""Reading the routine and the law it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.routine.models import LegalReference, RoutineVersion
from app.routine.types import Routine


def get_current_routine(session: Session, municipality_id: UUID) -> Routine:
    """Return the newest version, the one that new cases follow. Raises `NotFound` before any is adopted."""
    version = session.scalar(_versions(municipality_id).order_by(RoutineVersion.number.desc()).limit(1))
    if version is None:
        raise NotFound("routine")
    return version.to_routine()


def get_routine(session: Session, routine_version_id: UUID, *, visible_to: Actor) -> Routine:
    """Return one version of the actor's municipality. Raises `NotFound`."""
    version = session.scalar(_versions(visible_to.municipality_id).where(RoutineVersion.id == routine_version_id))
    if version is None:
        raise NotFound("routine version")
    return version.to_routine()


def list_routines(session: Session, *, visible_to: Actor) -> Sequence[Routine]:
    """Return every version of the actor's municipality, the newest first."""
    versions = session.scalars(_versions(visible_to.municipality_id).order_by(RoutineVersion.number.desc()))
    return [version.to_routine() for version in versions]


def exists_routine(session: Session, municipality_id: UUID) -> bool:
    """Tell whether the municipality has adopted any version."""
    return (
        session.scalar(select(RoutineVersion.id).where(RoutineVersion.municipality_id == municipality_id)) is not None
    )


def find_reference(session: Session, key: str, on: date) -> LegalReference | None:
    """Return the wording of a legal reference that was in force on a day, None when there was none."""
    return session.scalar(_in_force(on).where(LegalReference.key == key))


def get_reference(session: Session, key: str, on: date) -> LegalReference:
    """Return the wording of a legal reference that was in force on a day. Raises `NotFound`."""
    if (reference := find_reference(session, key, on)) is None:
        raise NotFound(f"legal reference {key!r}")
    return reference


def list_references(session: Session, keys: Iterable[str | None], on: date) -> Mapping[str, LegalReference]:
    """Return the wordings in force on a day by key; a key without one is left out."""
    wanted = sorted({key for key in keys if key})
    return {each.key: each for each in session.scalars(_in_force(on).where(LegalReference.key.in_(wanted)))}


def _versions(municipality_id: UUID) -> Select[RoutineVersion]:
    return (
        select(RoutineVersion)
        .where(RoutineVersion.municipality_id == municipality_id)
        .options(selectinload(RoutineVersion.steps))
    )


def _in_force(on: date) -> Select[LegalReference]:
    return (
        select(LegalReference)
        .where(
            LegalReference.valid_from <= on,
            or_(LegalReference.valid_until.is_(None), LegalReference.valid_until >= on),
        )
        .order_by(LegalReference.valid_from.desc(), LegalReference.id)
    )
