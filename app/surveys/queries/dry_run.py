"""Every message that a round would send if no school answered, by the reckoning that the round itself goes by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.queries.room import list_room_invitations
from app.surveys.queries.schedules import list_schedules, moments_by_unit
from app.surveys.types import MessageKind, RoundState, Schedule, StepKind

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
    units = session.scalars(
        select(SchoolUnit)
        .where(SchoolUnit.municipality_id == survey_round.municipality_id, SchoolUnit.is_active)
        .options(joinedload(SchoolUnit.organiser, innerjoin=True))
        .order_by(SchoolUnit.id)
    )
    return moments_by_unit(list_schedules(session, survey_round), units)


def _invited(unit: SchoolUnit, moments: Schedule) -> Sequence[PlannedMessage]:
    return [PlannedMessage(moments.opens_at, MessageKind.INVITATION, 1, unit), *_steps(unit, moments, taken=0)]


def _ahead(invitation: Invitation) -> Iterable[PlannedMessage]:
    unit, moments = invitation.school_unit, invitation.schedule.moments
    if invitation.has_answered or not unit.is_active:
        return ()
    if invitation.invited_at is None:
        return _invited(unit, moments)
    if invitation.next_at is None:
        return ()
    return _steps(unit, moments, taken=invitation.next_step)


def _steps(unit: SchoolUnit, moments: Schedule, *, taken: int) -> Iterator[PlannedMessage]:
    """Yield what the steps that have not been taken come to; nobody is phoned twice about the same silence."""
    reminders, is_phoned = 0, False
    for place, step in enumerate(moments.steps):
        kind = step.taken_as(has_head=bool(unit.head_email))
        reminders += kind is StepKind.REMINDER
        is_repeated = kind is StepKind.CALL and is_phoned
        is_phoned = is_phoned or (kind is StepKind.CALL and step.at >= moments.due_at)
        if place >= taken and not is_repeated:
            yield PlannedMessage(step.at, _KINDS[kind], reminders if kind is StepKind.REMINDER else 1, unit)
