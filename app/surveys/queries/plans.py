"""Plans, and the rounds they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.errors import NotFound
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.queries.schedules import UnitSchedule, get_calendars, moments_by_unit
from app.surveys.types import PlanKind, RoundState

_ORDER = list(PlanKind)


@dataclass(frozen=True, slots=True)
class NextOpening:
    """The next time schools are asked."""

    title: str
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class ComingRound:
    """A planned round, with everybody's moments, the earliest first."""

    round: SurveyRound
    schedules: Sequence[UnitSchedule]

    @property
    def plan(self) -> SurveyPlan:
        """Its plan."""
        return self.round.plan

    @property
    def title(self) -> str:
        """What it is called."""
        return self.round.title

    @property
    def term(self) -> str:
        """The term as people write it."""
        return self.round.term

    @property
    def opens_at(self) -> datetime:
        """When the first units are asked."""
        return self.round.opens_at

    @property
    def due_days(self) -> Sequence[datetime]:
        """The moments when answers are due, one for each calendar; empty when no dates are set any more."""
        return sorted({each.moments.due_at for each in self.schedules})


def get_plan(session: Session, plan_id: UUID, *, visible_to: Actor) -> SurveyPlan:
    """Return a plan. Raises `NotFound` when it is another municipality's."""
    plan = session.scalar(
        select(SurveyPlan).where(SurveyPlan.id == plan_id, SurveyPlan.municipality_id == visible_to.municipality_id)
    )
    if plan is None:
        raise NotFound("survey plan")
    return plan


def list_plans(session: Session, municipality_id: UUID) -> Sequence[SurveyPlan]:
    """Return a municipality's plans, those that are on by themselves first; not that of what schools begin any time."""
    plans = session.scalars(
        select(SurveyPlan).where(SurveyPlan.municipality_id == municipality_id, SurveyPlan.kind != PlanKind.ANY_TIME)
    ).all()
    return sorted(plans, key=lambda plan: (_ORDER.index(plan.kind), plan.id))


def list_coming_rounds(session: Session, municipality_id: UUID) -> Sequence[ComingRound]:
    """Return the planned rounds that will open, the soonest first, with everybody's moments."""
    rounds = session.scalars(
        _coming(municipality_id)
        .options(contains_eager(SurveyRound.plan))
        .order_by(SurveyRound.opens_at, SurveyRound.id)
    ).all()
    if not rounds:
        return []
    calendars = get_calendars(session, municipality_id)
    return [
        ComingRound(each, calendars.schedules(each.plan.kind, each.year, each.days, each.plan.lead_days))
        for each in rounds
        if each.days is not None
    ]


def find_next_opening(session: Session, municipality_id: UUID) -> NextOpening | None:
    """Return when schools are asked next, or None when no plan is on or no dates are set."""
    coming = session.scalar(_coming(municipality_id).order_by(SurveyRound.opens_at, SurveyRound.id).limit(1))
    return NextOpening(coming.title, coming.opens_at) if coming is not None else None


def find_own_opening(session: Session, *, visible_to: Actor) -> NextOpening | None:
    """Return when some unit that the actor answers for is asked next, by its own calendar, or None.

    In a round that is open for others it may have its invitation ahead.
    """
    invitations = session.scalars(
        select(Invitation)
        .join(Invitation.round)
        .where(Invitation.school_unit_id.in_(visible_to.answers_for), Invitation.invited_at.is_(None))
        .where(Invitation.opens_at > clock.now(), SurveyRound.state == RoundState.OPEN)
        .options(contains_eager(Invitation.round))
    )
    openings = [NextOpening(each.round.title, each.opens_at) for each in invitations]
    units = session.scalars(
        select(SchoolUnit).where(SchoolUnit.id.in_(visible_to.answers_for), SchoolUnit.is_active)
    ).all()
    for coming in list_coming_rounds(session, visible_to.municipality_id):
        own = moments_by_unit(coming.schedules, units)
        openings += [NextOpening(coming.title, moments.opens_at) for _, moments in own]
    return min(openings, key=lambda opening: opening.opens_at, default=None)


def _coming(municipality_id: UUID) -> Select[SurveyRound]:
    return (
        select(SurveyRound)
        .join(SurveyRound.plan)
        .where(SurveyRound.municipality_id == municipality_id, SurveyRound.state == RoundState.PLANNED)
        .where(SurveyRound.opens_at > clock.now(), SurveyPlan.is_active)
    )


def rounds_by_key(session: Session, plans: Sequence[SurveyPlan]) -> Mapping[str, SurveyRound]:
    """Return every round of some plans of one municipality by what makes it happen once."""
    rounds = session.scalars(select(SurveyRound).where(SurveyRound.plan_id.in_([plan.id for plan in plans])))
    return {survey_round.occurrence_key: survey_round for survey_round in rounds}
