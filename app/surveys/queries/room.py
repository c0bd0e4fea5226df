"""What the control room tells of a round: what was done about each unit, by whom, and whom somebody has to ring."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, PhoneNote, PlannedWave, Reminder, SurveyPlan, SurveyRound
from app.surveys.queries.plans import get_plan
from app.surveys.types import RoundState, Sparing, StepKind

CALLED_AFTER_CLOSING: Final = timedelta(days=60)
"""A unit that nobody has reached stays to be rung this long after its round has closed."""


@dataclass(frozen=True, slots=True)
class CallTask:
    """A unit that somebody has to ring: reminded, escalated, and still without an answer."""

    invitation: Invitation
    since: datetime
    attempt: PhoneNote | None
    """The last time nobody was reached."""


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
    found: defaultdict[UUID, list[Reminder]] = defaultdict(list)
    for reminder in session.scalars(
        select(Reminder)
        .join(Invitation, Invitation.id == Reminder.invitation_id)
        .where(*_of(survey_round, invitation_id))
        .order_by(Reminder.queued_at, Reminder.number, Reminder.id)
    ):
        found[reminder.invitation_id].append(reminder)
    return found


def notes_by_invitation(
    session: Session, survey_round: SurveyRound, invitation_id: UUID | None = None
) -> Mapping[UUID, Sequence[PhoneNote]]:
    """Return the phone calls with each unit of a round, or with one of them, the first first, by invitation id."""
    found: defaultdict[UUID, list[PhoneNote]] = defaultdict(list)
    for note in session.scalars(
        select(PhoneNote)
        .join(Invitation, Invitation.id == PhoneNote.invitation_id)
        .where(*_of(survey_round, invitation_id))
        .order_by(PhoneNote.noted_at, PhoneNote.id)
    ):
        found[note.invitation_id].append(note)
    return found


def _of(survey_round: SurveyRound, invitation_id: UUID | None) -> Sequence[ColumnElement[bool]]:
    only = [Invitation.id == invitation_id] if invitation_id is not None else []
    return [Invitation.round_id == survey_round.id, *only]


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


def list_call_tasks(
    session: Session, at: datetime, *, visible_to: Actor, in_round: SurveyRound | None = None
) -> Sequence[CallTask]:
    """Return the units that somebody has to ring, of one round or of all, those who waited longest first.

    A unit leaves the list when it answers, when somebody has been reached, or when it is given more time; a call that
    nobody took keeps it there. That its round closes does not take it away: then it stays until the next round of the
    plan has asked it, and at most `CALLED_AFTER_CLOSING`.
    """
    calls = (
        select(Reminder.invitation_id, func.max(Reminder.queued_at).label("since"))
        .where(Reminder.step == StepKind.CALL, Reminder.municipality_id == visible_to.municipality_id)
        .group_by(Reminder.invitation_id)
        .subquery()
    )
    is_reached = exists().where(
        PhoneNote.invitation_id == Invitation.id, PhoneNote.reached, PhoneNote.noted_at >= calls.c.since
    )
    in_rounds = [Invitation.round_id == in_round.id] if in_round is not None else []
    rows = session.execute(
        select(Invitation, calls.c.since)
        .join(calls, calls.c.invitation_id == Invitation.id)
        .join(Invitation.round)
        .join(Invitation.school_unit)
        .where(Invitation.municipality_id == visible_to.municipality_id, SchoolUnit.is_active)
        .where(_is_rung_about(at), Invitation.submitted_at.is_(None), Invitation.due_at <= at)
        .where(~is_reached, *in_rounds)
        .order_by(calls.c.since, Invitation.id)
        .options(contains_eager(Invitation.round), contains_eager(Invitation.school_unit))
    ).all()
    attempts = _attempts(session, [invitation.id for invitation, _ in rows])
    tasks = [CallTask(invitation, since, attempts.get(invitation.id)) for invitation, since in rows]
    return sorted(tasks, key=lambda task: (task.since, swedish_key(task.invitation.school_unit.name)))


def _is_rung_about(at: datetime) -> ColumnElement[bool]:
    """Tell whether the silence in a round is to be rung about: it is open, or closed and nothing newer has come."""
    later, later_round = aliased(Invitation), aliased(SurveyRound)
    is_asked_anew = exists().where(
        later.school_unit_id == Invitation.school_unit_id,
        later.opens_at > Invitation.opens_at,
        later.invited_at.is_not(None),
        later_round.id == later.round_id,
        later_round.plan_id == SurveyRound.plan_id,
        later_round.state != RoundState.CANCELLED,
    )
    is_lately_closed = and_(
        SurveyRound.state == RoundState.CLOSED, SurveyRound.closed_at > at - CALLED_AFTER_CLOSING, ~is_asked_anew
    )
    return or_(SurveyRound.state == RoundState.OPEN, is_lately_closed)


def _attempts(session: Session, invitation_ids: Sequence[UUID]) -> Mapping[UUID, PhoneNote]:
    notes = session.scalars(
        select(PhoneNote)
        .where(PhoneNote.invitation_id.in_(invitation_ids), ~PhoneNote.reached)
        .order_by(PhoneNote.noted_at, PhoneNote.id)
    )
    return {note.invitation_id: note for note in notes}


def find_sparing(
    invitation: Invitation, survey_round: SurveyRound, earlier: Sequence[Reminder], at: datetime
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
    today = clock.local(at).date()
    is_reminded = any(
        each.step is StepKind.REMINDER and clock.local(each.queued_at).date() == today for each in earlier
    )
    return Sparing.REMINDED_TODAY if is_reminded else None
