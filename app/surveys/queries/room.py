"""What the control room tells of a round: what was done about each unit, and by whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, PhoneNote, PlannedWave, Reminder, SurveyPlan, SurveyRound
from app.surveys.queries.plans import get_plan
from app.surveys.types import RoundState, Sparing

_Done = TypeVar("_Done", Reminder, PhoneNote)


def list_room_invitations(session: Session, survey_round: SurveyRound) -> Sequence[Invitation]:
    """Return every invitation of a round with its unit, the unit's organiser, and the steps that lie ahead."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.round_id == survey_round.id)
        .options(joinedload(Invitation.school_unit, innerjoin=True).joinedload(SchoolUnit.organiser, innerjoin=True))
        .options(joinedload(Invitation.schedule, innerjoin=True))
        .order_by(Invitation.id)
    ).all()


def reminders_by_invitation(
    session: Session, survey_round: SurveyRound, invitation_id: UUID | None = None
) -> Mapping[UUID, Sequence[Reminder]]:
    """Return what was done about each unit of a round, or about one of them, the first first, by invitation id."""
    statement = _about(Reminder, survey_round, invitation_id)
    return _by_invitation(session.scalars(statement.order_by(Reminder.queued_at, Reminder.number, Reminder.id)))


def notes_by_invitation(
    session: Session, survey_round: SurveyRound, invitation_id: UUID | None = None
) -> Mapping[UUID, Sequence[PhoneNote]]:
    """Return the phone calls with each unit of a round, or with one of them, the first first, by invitation id."""
    statement = _about(PhoneNote, survey_round, invitation_id)
    return _by_invitation(session.scalars(statement.order_by(PhoneNote.noted_at, PhoneNote.id)))


def _about(kind: type[_Done], survey_round: SurveyRound, invitation_id: UUID | None) -> Select[_Done]:
    statement = select(kind).join(Invitation, Invitation.id == kind.invitation_id)
    only = [Invitation.id == invitation_id] if invitation_id is not None else []
    return statement.where(Invitation.round_id == survey_round.id, *only)


def _by_invitation(rows: Iterable[_Done]) -> Mapping[UUID, Sequence[_Done]]:
    found: defaultdict[UUID, list[_Done]] = defaultdict(list)
    for row in rows:
        found[row.invitation_id].append(row)
    return found


def get_room_invitation(session: Session, invitation_id: UUID, *, visible_to: Actor) -> Invitation:
    """Return a unit's part in a round with all that the control room tells of it. Raises `NotFound`."""
    invitation = session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.municipality_id == visible_to.municipality_id)
        .options(joinedload(Invitation.school_unit, innerjoin=True).joinedload(SchoolUnit.organiser, innerjoin=True))
        .options(joinedload(Invitation.schedule, innerjoin=True), joinedload(Invitation.round, innerjoin=True))
    )
    if invitation is None:
        raise NotFound("invitation")
    return invitation


def get_draft(session: Session, round_id: UUID, *, visible_to: Actor) -> SurveyRound:
    """Return a round with its plan, by which its days are reckoned. Raises `NotFound`, also for what has no days."""
    found = session.scalar(
        select(SurveyRound)
        .where(SurveyRound.id == round_id, SurveyRound.municipality_id == visible_to.municipality_id)
        .where(SurveyRound.days.is_not(None))
        .options(joinedload(SurveyRound.plan, innerjoin=True))
    )
    if found is None:
        raise NotFound("survey round")
    return found


def get_planned_wave(
    session: Session, plan_id: UUID, number: int, *, visible_to: Actor
) -> tuple[SurveyPlan, PlannedWave]:
    """Return a plan and one of its waves. Raises `NotFound`."""
    plan = get_plan(session, plan_id, visible_to=visible_to)
    wave = next((each for each in plan.waves if each.number == number), None)
    if wave is None:
        raise NotFound("planned wave")
    return plan, wave


def find_next_round(session: Session, plan: SurveyPlan) -> SurveyRound | None:
    """Return the round of a plan that opens next, with the plan, None when none is planned."""
    return session.scalar(
        select(SurveyRound)
        .where(SurveyRound.plan_id == plan.id, SurveyRound.state == RoundState.PLANNED)
        .options(joinedload(SurveyRound.plan, innerjoin=True))
        .order_by(SurveyRound.opens_at, SurveyRound.id)
        .limit(1)
    )


def list_drafts(session: Session, at: datetime, *, visible_to: Actor) -> Sequence[SurveyRound]:
    """Return the rounds that have not opened and still could, cancelled ones too, the soonest first."""
    return session.scalars(
        select(SurveyRound)
        .where(SurveyRound.municipality_id == visible_to.municipality_id, SurveyRound.opened_at.is_(None))
        .where(SurveyRound.closes_at > at, SurveyRound.days.is_not(None))
        .order_by(SurveyRound.opens_at, SurveyRound.id)
    ).all()


def list_waves(session: Session, survey_round: SurveyRound) -> Sequence[SurveyRound]:
    """Return the rounds that ask about the same break in the same year, this one among them, in order."""
    return session.scalars(
        select(SurveyRound)
        .where(SurveyRound.plan_id == survey_round.plan_id, SurveyRound.year == survey_round.year)
        .where(SurveyRound.days.is_not(None))
        .order_by(SurveyRound.wave, SurveyRound.id)
    ).all()


def find_last_year(session: Session, survey_round: SurveyRound) -> SurveyRound | None:
    """Return the round of the same plan and wave the year before, None when there was none."""
    return session.scalar(
        select(SurveyRound).where(
            SurveyRound.plan_id == survey_round.plan_id,
            SurveyRound.wave == survey_round.wave,
            SurveyRound.year == survey_round.year - 1,
        )
    )


def find_sparing(
    invitation: Invitation, survey_round: SurveyRound, reminded_today: Collection[UUID], at: datetime
) -> Sparing | None:
    """Return why a unit is not to be reminded by hand at `at`, or None when it may be; its unit must be loaded."""
    if invitation.has_answered:
        return Sparing.ANSWERED
    if not invitation.school_unit.is_active:
        return Sparing.INACTIVE
    if invitation.invited_at is None:
        return Sparing.NOT_ASKED
    if survey_round.state is not RoundState.OPEN or survey_round.days is None or not invitation.accepts_answers(at):
        return Sparing.NOT_OPEN
    return Sparing.REMINDED_TODAY if invitation.id in reminded_today else None
