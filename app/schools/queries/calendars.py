"""When schools are open, by organiser and by unit, and the days that rounds are reckoned from.

A unit's own school year takes the place of its organiser's year of the same name, for that unit only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, extract, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.schools.models import SchoolBreak, SchoolYear, Term
from app.schools.queries.units import get_municipality, list_active_units, list_organisers, list_school_units
from app.schools.types import Anchor, CalendarOwner, DaySpan, TermKind, WorkingCalendar, YearDays

Years = Mapping[str, YearDays]
"""School years by name."""


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
        if organiser_id is not None:
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
    return {organiser_id: first for organiser_id, first in rows if organiser_id is not None}


def list_coming_term_years(session: Session, municipality_id: UUID, kind: TermKind, after: date) -> Sequence[int]:
    """Return the years whose autumn or spring term begins on or after a day for some organiser, soonest first."""
    year = extract("year", Term.starts_on)
    statement = select(year).where(Term.municipality_id == municipality_id, Term.kind == kind, Term.starts_on >= after)
    return [int(each) for each in session.scalars(statement.distinct().order_by(year))]


def list_unit_calendars(session: Session, municipality_id: UUID) -> Mapping[UUID, WorkingCalendar]:
    """Return the school days of each active unit, by its id; units with the same days share one object."""
    return {unit_id: calendar for units, _, calendar in _by_calendar(session, municipality_id) for unit_id in units}


def list_unit_anchors(session: Session, municipality_id: UUID, anchor: Anchor, year: int) -> Mapping[UUID, date]:
    """Return the day in a calendar year that rounds are reckoned from, by active unit; a unit nobody has set it for is
    left out."""
    found = {}
    for units, years, calendar in _by_calendar(session, municipality_id):
        days = [each.find_anchor(anchor, calendar) for each in years]
        day = min((each for each in days if each and each.year == year), default=None)
        if day is not None:
            found.update(dict.fromkeys(units, day))
    return found


def list_anchor_years(session: Session, municipality_id: UUID, anchor: Anchor, after: date) -> Sequence[int]:
    """Return the calendar years in which rounds can be reckoned from a day on or after `after`, soonest first."""
    days = [
        year.find_anchor(anchor, calendar)
        for _, years, calendar in _by_calendar(session, municipality_id)
        for year in years
    ]
    return sorted({day.year for day in days if day and day >= after})


def _by_calendar(
    session: Session, municipality_id: UUID
) -> Iterator[tuple[Collection[UUID], Collection[YearDays], WorkingCalendar]]:
    """Yield the active units that share all their school years, with those years and their school days."""
    owned = list_days_by_owner(session, municipality_id)
    sharing: defaultdict[tuple[UUID, UUID | None], list[UUID]] = defaultdict(list)
    for unit_id, organiser_id in list_active_units(session, municipality_id):
        sharing[organiser_id, unit_id if unit_id in owned else None].append(unit_id)
    for (organiser_id, own_id), units in sharing.items():
        years = {**owned.get(organiser_id, {}), **(owned.get(own_id, {}) if own_id else {})}.values()
        yield units, years, WorkingCalendar(tuple(span for year in years for span in year.closed))


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
