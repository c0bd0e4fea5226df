"""Whether the mails to a unit have arrived, as far as anybody can tell."""

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import AliasedClass

from app.kernel import clock
from app.kernel.sql_functions import id_text
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.surveys.models import Invitation, Reminder, SurveyRound
from app.surveys.types import INVITATION_KEY, REMINDER_KEY, StepKind


def exists_returned_invitation(session: Session, invitation: Invitation) -> bool:
    """Tell whether nobody has been asked although the mail went: it came back, and no reminder has arrived since."""
    return session.scalar(select(is_unasked(Invitation)).where(Invitation.id == invitation.id)) or False


def list_unasked(session: Session, survey_round: SurveyRound) -> Collection[UUID]:
    """Return the ids of the invitations to a round of which that is so."""
    rows = select(Invitation.id).where(Invitation.round_id == survey_round.id, is_unasked(Invitation))
    return set(session.scalars(rows))


def is_unasked(invitation: type[Invitation] | AliasedClass[Invitation]) -> ColumnElement[bool]:
    """Keep the invitations whose mail came back, unless a reminder has arrived since."""
    key = INVITATION_KEY + id_text(invitation.id)
    has_come_back = exists().where(OutboxMessage.dedupe_key == key, OutboxMessage.state == MessageState.DEAD)
    is_reminded = exists().where(
        Reminder.invitation_id == invitation.id,
        Reminder.step == StepKind.REMINDER,
        OutboxMessage.dedupe_key == reminder_message_key(),
        OutboxMessage.state == MessageState.SENT,
    )
    return and_(has_come_back, ~is_reminded)


def list_reminded_on(session: Session, survey_round: SurveyRound, at: datetime) -> Collection[UUID]:
    """Return the ids of the invitations to a round that have got a reminder on this day; one that came back is none."""
    has_come_back = exists().where(
        OutboxMessage.dedupe_key == reminder_message_key(), OutboxMessage.state == MessageState.DEAD
    )
    rows = session.scalars(
        select(Reminder.invitation_id)
        .join(Invitation, Invitation.id == Reminder.invitation_id)
        .where(Invitation.round_id == survey_round.id, Reminder.step == StepKind.REMINDER, ~has_come_back)
        .where(Reminder.queued_at >= clock.at(clock.local(at).date(), time()))
    )
    return set(rows)


def reminder_message_key() -> ColumnElement[str]:
    """Return the key of a reminder's message, as `reminder_key` makes it."""
    return literal(REMINDER_KEY) + id_text(Reminder.invitation_id) + ":" + cast(Reminder.number, String)
