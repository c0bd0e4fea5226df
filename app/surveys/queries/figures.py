"""What the engine has done, counted in the tables it wrote: what a rehearsal prints and what must be none."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from app.outbox.models import OutboxMessage
from app.surveys.models import Invitation, Reminder, SurveyRound
from app.surveys.queries.delivery import reminder_message_key
from app.surveys.types import RoundState, StepKind


def count_figures(session: Session, municipality_id: UUID) -> Mapping[str, int]:
    """Return how many waves have opened, reminders gone and schools been escalated or phoned about in a municipality,
    and how many mails should not have gone: copies, and those to schools that had answered. They are 0."""
    return {
        "waves": _count_waves(session, municipality_id),
        "reminders": _count_steps(session, municipality_id, StepKind.REMINDER),
        "escalations": _count_steps(session, municipality_id, StepKind.ESCALATION),
        "calls": _count_steps(session, municipality_id, StepKind.CALL),
        "duplicate_messages": _count_copies(session, municipality_id),
        "messages_to_answered": _count_to_answered(session, municipality_id),
    }


def _count_waves(session: Session, municipality_id: UUID) -> int:
    """Count the rounds with a plan of days that have opened: each is a wave."""
    statement = select(func.count(SurveyRound.id)).where(
        SurveyRound.municipality_id == municipality_id,
        SurveyRound.state.in_([RoundState.OPEN, RoundState.CLOSED]),
        SurveyRound.days.is_not(None),
    )
    return session.scalar(statement) or 0


def _count_steps(session: Session, municipality_id: UUID, step: StepKind) -> int:
    statement = select(func.count(Reminder.id)).where(
        Reminder.municipality_id == municipality_id, Reminder.step == step
    )
    return session.scalar(statement) or 0


def _count_copies(session: Session, municipality_id: UUID) -> int:
    """Count the messages beyond the first that tell the same unit the same thing: the invitation to a round, or one
    planned step. Two rows of one purpose count, whatever their keys say."""
    mails = (
        select(func.count(OutboxMessage.id) - 1)
        .where(OutboxMessage.municipality_id == municipality_id, OutboxMessage.kind == "surveys.invitation")
        .group_by(cast(OutboxMessage.payload, Text))
        .having(func.count(OutboxMessage.id) > 1)
    )
    steps = (
        select(func.count(Reminder.id) - 1)
        .where(Reminder.municipality_id == municipality_id, Reminder.is_manual.is_(False))
        .group_by(Reminder.invitation_id, Reminder.due_at)
        .having(func.count(Reminder.id) > 1)
    )
    return sum(session.scalars(mails)) + sum(session.scalars(steps))


def _count_to_answered(session: Session, municipality_id: UUID) -> int:
    """Count the reminders and escalations that were sent after their unit had answered."""
    statement = (
        select(func.count(Reminder.id))
        .join(Invitation, Invitation.id == Reminder.invitation_id)
        .join(OutboxMessage, OutboxMessage.dedupe_key == reminder_message_key())
        .where(Reminder.municipality_id == municipality_id, OutboxMessage.sent_at > Invitation.submitted_at)
    )
    return session.scalar(statement) or 0
