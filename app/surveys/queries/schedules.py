"""When each unit is asked, by its own calendar where it has one and else by its organiser's.

The calendars of a municipality are read once and then asked many times: thousands of units share a few of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.schools import queries as schools
from app.schools.models import SchoolUnit
from app.schools.types import Anchor, WorkingCalendar, YearDays
from app.surveys.models import SurveyRound
from app.surveys.types import PlanKind, Schedule, WaveDays, schedule

_NO_BREAKS: Final = WorkingCalendar()
ANCHORS: Final[Mapping[PlanKind, Anchor]] = {
    PlanKind.AFTER_SUMMER: Anchor.AUTUMN_TERM,
    PlanKind.AFTER_CHRISTMAS: Anchor.SPRING_TERM,
    PlanKind.AFTER_AUTUMN: Anchor.AFTER_AUTUMN_BREAK,
    PlanKind.BEFORE_CHRISTMAS: Anchor.CHRISTMAS_BREAK,
    PlanKind.BEFORE_SUMMER: Anchor.SUMMER_BREAK,
}
"""The day of a school year that each kind of round is reckoned from."""


@dataclass(frozen=True, slots=True)
class UnitSchedule:
    """When an organiser's units are asked, or one of its units that has days of its own."""

    organiser_id: UUID
    unit_id: UUID | None
    """None for all the organiser's units that have no schedule of their own."""
    moments: Schedule
    calendar: WorkingCalendar
    has_own_dates: bool
    """Whether it is by its own dates or, lacking them, by those of the organiser that begins first."""


@dataclass(frozen=True, slots=True)
class _Owner:
    organiser_id: UUID
    unit_id: UUID | None
    years: Collection[YearDays]
    calendar: WorkingCalendar

    def anchor(self, kind: PlanKind, year: int, lead_days: int) -> date | None:
        """Return the day in a year that its rounds are reckoned from."""
        days = [each.find_anchor(ANCHORS[kind], self.calendar) for each in self.years]
        day = min((each for each in days if each is not None and each.year == year), default=None)
        if day is None or not kind.is_before_a_break:
            return day
        return self.calendar.add_working_days(day, -lead_days)


@dataclass(frozen=True, slots=True)
class Calendars:
    """The school days of everybody in a municipality who has active units."""

    owners: Sequence[_Owner]

    def years(self, kind: PlanKind, after: date) -> Sequence[int]:
        """Return the calendar years in which rounds of a kind are reckoned from a day on or after `after`."""
        days = [year.find_anchor(ANCHORS[kind], owner.calendar) for owner in self.owners for year in owner.years]
        return sorted({day.year for day in days if day is not None and day >= after})

    def schedules(self, kind: PlanKind, year: int, days: WaveDays, lead_days: int = 0) -> Sequence[UnitSchedule]:
        """Return everybody's moments in a year, the earliest first; empty when nobody has set dates.

        An organiser without dates follows the one that begins first: better asked on another's day than never.
        """
        anchors = [(owner, owner.anchor(kind, year, lead_days)) for owner in self.owners]
        own = {
            number: schedule(owner.calendar, day, days)
            for number, (owner, day) in enumerate(anchors)
            if day is not None
        }
        if not own:
            return []
        first = min(own.values(), key=lambda each: each.opens_at)
        found = [
            UnitSchedule(owner.organiser_id, owner.unit_id, own.get(number, first), owner.calendar, number in own)
            for number, owner in enumerate(self.owners)
        ]
        return sorted(found, key=lambda each: (each.moments.opens_at, each.organiser_id, each.unit_id or UUID(int=0)))

    def calendar_of(self, unit: SchoolUnit) -> WorkingCalendar:
        """Return the school days of a unit."""
        named = {(owner.organiser_id, owner.unit_id): owner.calendar for owner in self.owners}
        whole = named.get((unit.organiser_id, None), _NO_BREAKS)
        return named.get((unit.organiser_id, unit.id), whole)


def moments_by_unit(
    schedules: Sequence[UnitSchedule], units: Iterable[SchoolUnit]
) -> Iterator[tuple[SchoolUnit, Schedule]]:
    """Yield each unit with its moments: its own, or else its organiser's."""
    by_owner = {(each.organiser_id, each.unit_id): each.moments for each in schedules}
    for unit in units:
        moments = by_owner.get((unit.organiser_id, unit.id)) or by_owner.get((unit.organiser_id, None))
        if moments is not None:
            yield unit, moments


def get_calendars(session: Session, municipality_id: UUID) -> Calendars:
    """Return the calendars of a municipality's organisers and units, as far as they have active units."""
    owned = schools.list_days_by_owner(session, municipality_id)
    is_active = (SchoolUnit.municipality_id == municipality_id, SchoolUnit.is_active)
    organisers = session.scalars(select(SchoolUnit.organiser_id).where(*is_active).distinct())
    owners = [_owner(organiser_id, None, owned.get(organiser_id, {})) for organiser_id in sorted(organisers)]
    with_own = session.execute(
        select(SchoolUnit.id, SchoolUnit.organiser_id)
        .where(*is_active, SchoolUnit.id.in_(list(owned)))
        .order_by(SchoolUnit.id)
    )
    owners += [
        _owner(organiser_id, unit_id, {**owned.get(organiser_id, {}), **owned[unit_id]})
        for unit_id, organiser_id in with_own
    ]
    return Calendars(owners)


def _owner(organiser_id: UUID, unit_id: UUID | None, years: Mapping[str, YearDays]) -> _Owner:
    closed = tuple(span for year in years.values() for span in year.closed)
    return _Owner(organiser_id, unit_id, tuple(years.values()), WorkingCalendar(closed))


def get_unit_calendar(session: Session, unit: SchoolUnit) -> WorkingCalendar:
    """Return the school days of a unit."""
    return get_calendars(session, unit.municipality_id).calendar_of(unit)


def list_schedules(session: Session, survey_round: SurveyRound) -> Sequence[UnitSchedule]:
    """Return a planned round's moments by everybody's calendar as it stands now, the earliest first.

    The round's plan must be loaded. Empty for what schools begin at any time.
    """
    if survey_round.days is None:
        return []
    plan = survey_round.plan
    calendars = get_calendars(session, survey_round.municipality_id)
    return calendars.schedules(plan.kind, survey_round.year, survey_round.days, plan.lead_days)
