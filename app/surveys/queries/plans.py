"""The plan, and what it comes to by each organiser's calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.errors import NotFound
from app.schools import queries as schools
from app.schools.types import WorkingCalendar
from app.surveys.models import SurveyPlan, SurveyRound
from app.surveys.types import Schedule, WaveDays, schedule, term_label

_NO_BREAKS = WorkingCalendar()


@dataclass(frozen=True, slots=True)
class NextOpening:
    """The next time schools are asked."""

    title: str
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class UnitSchedule:
    """When an organiser's units are asked, and whether that is by its own dates or, lacking them, the others'."""

    organiser_id: UUID
    moments: Schedule
    has_own_dates: bool


@dataclass(frozen=True, slots=True)
class ComingRound:
    """A round that the calendar says will open, by organiser, the earliest first."""

    plan: SurveyPlan
    title: str
    term: str
    schedules: Sequence[UnitSchedule]

    @property
    def opens_at(self) -> datetime:
        """When the first units are asked."""
        return self.schedules[0].moments.opens_at


def get_plan(session: Session, plan_id: UUID, *, visible_to: Actor) -> SurveyPlan:
    """Return a plan. Raises `NotFound` when it is another municipality's."""
    plan = session.scalar(
        select(SurveyPlan).where(SurveyPlan.id == plan_id, SurveyPlan.municipality_id == visible_to.municipality_id)
    )
    if plan is None:
        raise NotFound("survey plan")
    return plan


def list_plans(session: Session, municipality_id: UUID) -> Sequence[SurveyPlan]:
    """Return a municipality's plans in the order of the school year."""
    plans = session.scalars(select(SurveyPlan).where(SurveyPlan.municipality_id == municipality_id)).all()
    return sorted(plans, key=lambda plan: (plan.kind.term.value, plan.id))


def list_schedules(session: Session, plan: SurveyPlan, year: int) -> Mapping[UUID, UnitSchedule]:
    """Return when each organiser with active units is asked in a year, by its id; empty when none has set its dates.

    An organiser without dates follows the one that begins first: better asked on another's day than never.
    """
    starts = schools.list_term_starts(session, plan.municipality_id, plan.kind.term, year)
    attended = {organiser_id for _, organiser_id in schools.list_active_units(session, plan.municipality_id)}
    return _schedules(starts, attended, schools.list_calendars(session, plan.municipality_id), plan.days)


def _schedules(
    starts: Mapping[UUID, date],
    attended: set[UUID],
    calendars: Mapping[UUID, WorkingCalendar],
    days: WaveDays,
) -> Mapping[UUID, UnitSchedule]:
    own = {
        organiser_id: UnitSchedule(
            organiser_id, schedule(calendars.get(organiser_id, _NO_BREAKS), first_day, days), has_own_dates=True
        )
        for organiser_id, first_day in starts.items()
        if organiser_id in attended
    }
    if not own:
        return {}
    first = min(own.values(), key=lambda each: each.moments.opens_at)
    others = {each: UnitSchedule(each, first.moments, has_own_dates=False) for each in attended - own.keys()}
    return own | others


def list_coming_rounds(session: Session, municipality_id: UUID) -> Sequence[ComingRound]:
    """Return the rounds that will open by the calendar, the soonest first."""
    now, today = clock.now(), clock.today()
    coming = []
    for plan in list_plans(session, municipality_id):
        if not plan.is_active:
            continue
        opened = set(session.scalars(select(SurveyRound.year).where(SurveyRound.plan_id == plan.id)))
        first_of_year = date(today.year, 1, 1)
        for year in schools.list_coming_term_years(session, municipality_id, plan.kind.term, first_of_year):
            schedules = list_schedules(session, plan, year)
            moments = sorted(schedules.values(), key=lambda each: (each.moments.opens_at, each.organiser_id))
            if year not in opened and moments and moments[0].moments.opens_at > now:
                title = f"{plan.title} {year}"
                coming.append(ComingRound(plan, title, term_label(plan.kind.term, year), moments))
    return sorted(coming, key=lambda each: (each.opens_at, each.plan.id))


def find_next_opening(session: Session, municipality_id: UUID) -> NextOpening | None:
    """Return when schools are asked next, or None when no plan is on or no term dates are set."""
    coming = list_coming_rounds(session, municipality_id)
    return NextOpening(coming[0].title, coming[0].opens_at) if coming else None
