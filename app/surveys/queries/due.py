"""What is due and has not been done. Asked at every tick, so each costs one statement when nothing is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, PlannedWave, RoundSchedule, SurveyPlan, SurveyRound
from app.surveys.types import PlanKind, RoundState

BATCH: Final = 200
"""About how many units one transaction takes a step: few enough to hold locks briefly, many enough for speed."""
LOOK_BACK: Final = timedelta(days=150)
"""A round is drafted, or told to be missed, this long after the day it hangs on; then the next one is near."""
DRAFTED_EVERY: Final = timedelta(minutes=10)
"""How often planned rounds are looked over against calendars that may have changed."""

_Id = tuple[UUID, UUID]
"""An id, and that of its municipality."""


def list_municipalities_to_draft(session: Session, at: datetime) -> Sequence[UUID]:
    """Return the municipalities whose planned rounds have not been looked over for a while, or whose plan changed."""
    return session.scalars(
        select(SurveyPlan.municipality_id).where(_is_to_draft(at)).distinct().order_by(SurveyPlan.municipality_id)
    ).all()


def list_plans_to_draft(session: Session, municipality_id: UUID, at: datetime) -> Sequence[SurveyPlan]:
    """Return the plans of a municipality that are due to be looked over, locked; another process's are left to it."""
    return session.scalars(
        select(SurveyPlan)
        .where(SurveyPlan.municipality_id == municipality_id, _is_to_draft(at))
        .order_by(SurveyPlan.id)
        .with_for_update(skip_locked=True)
    ).all()


def _is_to_draft(at: datetime) -> ColumnElement[bool]:
    has_changed = exists().where(PlannedWave.plan_id == SurveyPlan.id, PlannedWave.changed_at > SurveyPlan.drafted_at)
    is_old = or_(SurveyPlan.drafted_at.is_(None), SurveyPlan.drafted_at <= at - DRAFTED_EVERY, has_changed)
    return and_(SurveyPlan.is_active, SurveyPlan.kind != PlanKind.ANY_TIME, is_old)


def list_rounds_to_open(session: Session, at: datetime) -> Sequence[_Id]:
    """Return id and municipality of the planned rounds whose hour has come, the earliest first."""
    rows = session.execute(
        _to_open(at)
        .with_only_columns(SurveyRound.id, SurveyRound.municipality_id)
        .order_by(SurveyRound.opens_at, SurveyRound.id)
    )
    return [(round_id, municipality_id) for round_id, municipality_id in rows]


def find_round_to_open(session: Session, round_id: UUID, at: datetime) -> SurveyRound | None:
    """Return such a round locked, with its plan, or None when it is no longer one or another process has it."""
    return session.scalar(
        _to_open(at)
        .where(SurveyRound.id == round_id)
        .options(joinedload(SurveyRound.plan, innerjoin=True))
        .with_for_update(of=SurveyRound, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _to_open(at: datetime) -> Select[SurveyRound]:
    return (
        select(SurveyRound)
        .join(SurveyRound.plan)
        .where(SurveyRound.state == RoundState.PLANNED, SurveyRound.opens_at <= at, SurveyRound.closes_at > at)
        .where(SurveyPlan.is_active)
    )


def list_missed_rounds(session: Session, at: datetime, *, visible_to: Actor) -> Sequence[SurveyRound]:
    """Return the rounds of the actor's municipality whose whole time passed without their being opened.

    They are not opened by themselves any more; a person has to know.
    """
    return session.scalars(
        select(SurveyRound)
        .join(SurveyRound.plan)
        .where(SurveyRound.municipality_id == visible_to.municipality_id, SurveyRound.state == RoundState.PLANNED)
        .where(SurveyRound.closes_at <= at, SurveyRound.opens_at > at - LOOK_BACK, SurveyPlan.is_active)
        .order_by(SurveyRound.opens_at, SurveyRound.id)
    ).all()


def list_schedules_to_send(session: Session, at: datetime) -> Sequence[_Id]:
    """Return id and municipality of the schedules by which some unit should have been asked by `at` and has not."""
    rows = session.execute(
        select(Invitation.schedule_id, Invitation.municipality_id)
        .join(Invitation.round)
        .where(Invitation.invited_at.is_(None), Invitation.opens_at <= at, SurveyRound.state == RoundState.OPEN)
        .distinct()
        .order_by(Invitation.schedule_id)
    )
    return [(schedule_id, municipality_id) for schedule_id, municipality_id in rows]


def find_schedule_to_send(
    session: Session, schedule_id: UUID, at: datetime
) -> tuple[RoundSchedule, SurveyRound] | None:
    """Return such a schedule locked, with its round, or None when its units have been asked or another has it."""
    is_waiting = exists().where(
        Invitation.schedule_id == RoundSchedule.id, Invitation.invited_at.is_(None), Invitation.opens_at <= at
    )
    row = session.execute(
        select(RoundSchedule, SurveyRound)
        .join(SurveyRound, SurveyRound.id == RoundSchedule.round_id)
        .where(RoundSchedule.id == schedule_id, SurveyRound.state == RoundState.OPEN, is_waiting)
        .with_for_update(of=RoundSchedule, skip_locked=True)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def exists_step_to_take(session: Session, at: datetime) -> bool:
    """Tell whether some step is due."""
    return session.scalar(select(_to_step(at).exists())) or False


def list_invitations_to_step(session: Session, at: datetime) -> Sequence[Invitation]:
    """Return a batch of invitations whose unit has not answered and for which a step is due, locked, with their unit,
    schedule and round.

    An answer that is being submitted holds the lock: then the unit is left out here, and has answered at the next look.
    """
    return session.scalars(
        _to_step(at)
        .options(selectinload(Invitation.schedule), joinedload(Invitation.school_unit, innerjoin=True))
        .order_by(Invitation.next_at, Invitation.id)
        .limit(BATCH)
        .with_for_update(of=Invitation, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def _to_step(at: datetime) -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Invitation.round)
        .where(Invitation.next_at <= at, Invitation.submitted_at.is_(None), Invitation.invited_at.is_not(None))
        .where(Invitation.closes_at > at, SurveyRound.state == RoundState.OPEN)
    )


def list_rounds_to_close(session: Session, at: datetime) -> Sequence[_Id]:
    """Return id and municipality of open rounds in which every unit has been asked and none may answer any more."""
    rows = session.execute(
        _to_close(at)
        .with_only_columns(SurveyRound.id, SurveyRound.municipality_id)
        .order_by(SurveyRound.opened_at, SurveyRound.id)
    )
    return [(round_id, municipality_id) for round_id, municipality_id in rows]


def find_round_to_close(session: Session, round_id: UUID, at: datetime) -> SurveyRound | None:
    """Return such a round locked, or None when it is no longer one or another process has it."""
    return session.scalar(
        _to_close(at)
        .where(SurveyRound.id == round_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _to_close(at: datetime) -> Select[SurveyRound]:
    is_going_on = exists().where(
        Invitation.round_id == SurveyRound.id, or_(Invitation.closes_at > at, Invitation.invited_at.is_(None))
    )
    return select(SurveyRound).where(SurveyRound.state == RoundState.OPEN, SurveyRound.closes_at <= at, ~is_going_on)


def exists_silent_unit(session: Session, round_id: UUID) -> bool:
    """Tell whether some active unit of a round has not answered."""
    silent = (
        select(Invitation.id)
        .join(Invitation.school_unit)
        .where(Invitation.round_id == round_id, Invitation.submitted_at.is_(None), SchoolUnit.is_active)
    )
    return session.scalar(select(silent.exists())) or False
