"""When schools are open, by organiser and by unit, and the days that rounds are reckoned from.

A unit's own school year takes the place of its organiser's year of the same name, for that unit only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.schools.models import SchoolUnit, SchoolYear
from app.schools.queries.units import get_municipality, list_active_units, list_organisers, list_school_units
from app.schools.types import CalendarOwner, WorkingCalendar, YearDays

Years = Mapping[str, YearDays]
"""School years by name."""


def get_calendar(session: Session, municipality_id: UUID) -> WorkingCalendar:
    """Return the working days of the municipality's offices, which are open when schools have breaks."""
    get_municipality(session, municipality_id)
    return WorkingCalendar()


def list_unit_calendars(session: Session, municipality_id: UUID) -> Mapping[UUID, WorkingCalendar]:
    """Return the school days of each active unit, by its id; units with the same days share one object."""
    owned = list_days_by_owner(session, municipality_id)
    shared: dict[tuple[UUID, UUID | None], WorkingCalendar] = {}
    calendars = {}
    for unit_id, organiser_id in list_active_units(session, municipality_id):
        own = owned.get(unit_id, {})
        key = (organiser_id, unit_id if own else None)
        if key not in shared:
            shared[key] = _calendar_of({**owned.get(organiser_id, {}), **own}.values())
        calendars[unit_id] = shared[key]
    return calendars


def get_unit_calendar(session: Session, unit: SchoolUnit) -> WorkingCalendar:
    """Return the school days of one unit."""
    years: dict[str, YearDays] = {}
    is_theirs = or_(SchoolYear.organiser_id == unit.organiser_id, SchoolYear.school_unit_id == unit.id)
    for year in session.scalars(_years().where(is_theirs)):
        if year.school_unit_id is not None or year.name not in years:
            years[year.name] = year.days
    return _calendar_of(years.values())


def _calendar_of(years: Iterable[YearDays]) -> WorkingCalendar:
    return WorkingCalendar(tuple(span for year in years for span in year.closed))


def list_days_by_owner(session: Session, municipality_id: UUID) -> Mapping[UUID, Years]:
    """Return every school year of a municipality by the id of the organiser or unit it belongs to, earliest first."""
    owned: defaultdict[UUID, dict[str, YearDays]] = defaultdict(dict)
    for year in session.scalars(_years().where(SchoolYear.municipality_id == municipality_id)):
        owned[year.owner_id][year.name] = year.days
    return owned


def list_school_years(session: Session, *, visible_to: Actor) -> Sequence[SchoolYear]:
    """Return every school year of the actor's municipality with its terms and breaks, earliest first."""
    return session.scalars(_years().where(SchoolYear.municipality_id == visible_to.municipality_id)).all()


def get_school_year(session: Session, school_year_id: UUID, *, visible_to: Actor) -> SchoolYear:
    """Return a school year with its terms and breaks. Raises `NotFound` when it is another municipality's."""
    year = session.scalar(
        _years().where(SchoolYear.id == school_year_id, SchoolYear.municipality_id == visible_to.municipality_id)
    )
    if year is None:
        raise NotFound("school year")
    return year


def list_calendar_owners(session: Session, *, visible_to: Actor) -> Mapping[UUID, CalendarOwner]:
    """Return everyone in the actor's municipality who can have school years by id: organisers, then units."""
    organisers = list_organisers(session, visible_to.municipality_id)
    units = list_school_units(session, visible_to=visible_to)
    return {
        **{each.id: CalendarOwner(each.id, each.name, each.id, is_unit=False) for each in organisers},
        **{each.id: CalendarOwner(each.id, each.name, each.organiser_id, is_unit=True) for each in units},
    }


def get_calendar_owner(session: Session, owner_id: UUID, *, visible_to: Actor) -> CalendarOwner:
    """Return the organiser or the unit with this id. Raises `NotFound` when it is another municipality's."""
    owner = list_calendar_owners(session, visible_to=visible_to).get(owner_id)
    if owner is None:
        raise NotFound("organiser or school unit")
    return owner


def _years() -> Select[SchoolYear]:
    return (
        select(SchoolYear)
        .options(selectinload(SchoolYear.terms), selectinload(SchoolYear.breaks))
        .order_by(SchoolYear.starts_on, SchoolYear.id)
    )
