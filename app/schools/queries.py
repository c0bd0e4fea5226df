"""Finding municipalities, schools, their days and the numbers to ring."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key
from app.schools.models import (
    EmergencyNumber,
    Municipality,
    SchoolBreak,
    SchoolOrganiser,
    SchoolUnit,
    SchoolYear,
    Term,
)
from app.schools.types import DaySpan, TermKind, WorkingCalendar

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


def get_calendar(session: Session, municipality_id: UUID) -> WorkingCalendar:
    """Return the working days of the municipality's offices, which are open when schools have breaks."""
    get_municipality(session, municipality_id)
    return WorkingCalendar()


def get_organiser_calendar(session: Session, organiser_id: UUID) -> WorkingCalendar:
    """Return the school days of one organiser: working days outside its breaks."""
    spans = session.execute(
        select(SchoolBreak.starts_on, SchoolBreak.ends_on)
        .join(SchoolBreak.school_year)
        .where(SchoolYear.organiser_id == organiser_id)
        .order_by(SchoolBreak.starts_on, SchoolBreak.id)
    )
    return WorkingCalendar(tuple(DaySpan(first, last) for first, last in spans))


def list_calendars(session: Session, municipality_id: UUID) -> Mapping[UUID, WorkingCalendar]:
    """Return the school days of each organiser that has breaks on record, by the organiser's id."""
    rows = session.execute(
        select(SchoolYear.organiser_id, SchoolBreak.starts_on, SchoolBreak.ends_on)
        .join(SchoolBreak.school_year)
        .where(SchoolBreak.municipality_id == municipality_id)
        .order_by(SchoolBreak.starts_on, SchoolBreak.id)
    )
    spans: defaultdict[UUID, list[DaySpan]] = defaultdict(list)
    for organiser_id, first, last in rows:
        spans[organiser_id].append(DaySpan(first, last))
    return {organiser_id: WorkingCalendar(tuple(closed)) for organiser_id, closed in spans.items()}


def list_term_starts(session: Session, municipality_id: UUID, kind: TermKind, year: int) -> Mapping[UUID, date]:
    """Return the first day of that year's autumn or spring term for each organiser that has set it, by its id."""
    rows = session.execute(
        select(SchoolYear.organiser_id, Term.starts_on)
        .join(Term.school_year)
        .where(Term.municipality_id == municipality_id, Term.kind == kind, extract("year", Term.starts_on) == year)
        .order_by(Term.starts_on, Term.id)
    )
    return dict(rows.all())


def list_coming_term_years(session: Session, municipality_id: UUID, kind: TermKind, after: date) -> Sequence[int]:
    """Return the years whose autumn or spring term begins on or after a day for some organiser, soonest first."""
    year = extract("year", Term.starts_on)
    statement = select(year).where(Term.municipality_id == municipality_id, Term.kind == kind, Term.starts_on >= after)
    return [int(each) for each in session.scalars(statement.distinct().order_by(year))]


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


@cache
def list_swedish_municipalities() -> Sequence[tuple[str, str]]:
    """Return code and name of every municipality in Sweden, in Swedish order (Statistics Sweden's codes)."""
    text = (Path(__file__).parent / "data" / "municipalities.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines()[1:], delimiter=";", strict=True)
    return sorted(((code, name) for code, name in rows), key=lambda row: swedish_key(row[1]))
