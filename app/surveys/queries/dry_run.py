"""Every message that a round would send if no school answered, by the reckoning that the round itself goes by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.queries.room import list_room_invitations
from app.surveys.queries.schedules import list_schedules
from app.surveys.types import MessageKind, RoundState, Schedule, Step, StepKind

_KINDS: Mapping[StepKind, MessageKind] = {
    StepKind.REMINDER: MessageKind.REMINDER,
    StepKind.ESCALATION: MessageKind.ESCALATION,
    StepKind.CALL: MessageKind.CALL,
}


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message that has not been sent, or a call that has not been made."""

    at: datetime
    kind: MessageKind
    number: int
    """Which reminder it is, 1 for everything else."""
    unit: SchoolUnit | None
    """None for what goes to the coordinators."""


def list_planned_messages(session: Session, survey_round: SurveyRound, at: datetime) -> Sequence[PlannedMessage]:
    """Return every message of a round from `at` on, the earliest first and those of one moment by unit.

    A round that is planned is reckoned by the calendars as they stand; one that is open by what its units were told,
    without those that have answered. The round's plan must be loaded.
    """
    messages: list[PlannedMessage] = []
    if survey_round.state is RoundState.PLANNED:
        for unit, moments in _list_planned(session, survey_round):
            messages += _invited(unit, moments)
    elif survey_round.state is RoundState.OPEN:
        for invitation in list_room_invitations(session, survey_round):
            messages += _ahead(invitation)
    if messages:
        messages.append(PlannedMessage(survey_round.closes_at, MessageKind.CLOSING, 1, None))
    return sorted((each for each in messages if each.at > at), key=_order)


def _order(message: PlannedMessage) -> tuple[datetime, str, str]:
    return message.at, message.kind.value, message.unit.name if message.unit else ""


def _list_planned(session: Session, survey_round: SurveyRound) -> Iterator[tuple[SchoolUnit, Schedule]]:
    schedules = {(each.organiser_id, each.unit_id): each.moments for each in list_schedules(session, survey_round)}
    units = session.scalars(
        select(SchoolUnit)
        .where(SchoolUnit.municipality_id == survey_round.municipality_id, SchoolUnit.is_active)
        .options(joinedload(SchoolUnit.organiser, innerjoin=True))
        .order_by(SchoolUnit.id)
    )
    for unit in units:
        moments = schedules.get((unit.organiser_id, unit.id)) or schedules.get((unit.organiser_id, None))
        if moments is not None:
            yield unit, moments


def _invited(unit: SchoolUnit, moments: Schedule) -> Sequence[PlannedMessage]:
    return [PlannedMessage(moments.opens_at, MessageKind.INVITATION, 1, unit), *_steps(unit, moments.steps)]


def _ahead(invitation: Invitation) -> Iterable[PlannedMessage]:
    unit, steps = invitation.school_unit, invitation.schedule.steps
    if invitation.has_answered:
        return []
    if invitation.invited_at is None:
        return _invited(unit, invitation.schedule.moments)
    gone = invitation.next_step if invitation.next_at is not None else len(steps)
    return list(_steps(unit, steps))[gone:]


def _steps(unit: SchoolUnit, steps: Sequence[Step]) -> Iterator[PlannedMessage]:
    """Yield what the steps come to: where nobody is known whom the principal answers to, somebody phones instead."""
    reminders, is_phoned = 0, False
    for step in steps:
        reminders += step.kind is StepKind.REMINDER
        kind = step.taken_as(has_head=bool(unit.head_email))
        if kind is StepKind.CALL and is_phoned:
            continue  # Nobody is phoned about the same silence twice.
        is_phoned = is_phoned or kind is StepKind.CALL
        yield PlannedMessage(step.at, _KINDS[kind], reminders if kind is StepKind.REMINDER else 1, unit)
