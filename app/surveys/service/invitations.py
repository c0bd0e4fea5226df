"""Asking units, reminding them, and what their answers tell the round."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import NotFound
from app.outbox import service as outbox
from app.outbox.types import NewMessage
from app.schools import queries as schools
from app.surveys import queries
from app.surveys.models import Invitation, Reminder
from app.surveys.types import (
    REMINDER_KINDS,
    InvitationState,
    Schedule,
    invitation_key,
    late_schedule,
    reminder_key,
)

_PUSHED: Final = ("state", "is_nil", "submitted_at", "last_activity_at", "missing_count", "protected_count")


def send_due_invitations(session: Session) -> int:
    """Queue the mail of each unit whose hour to be asked has come, and return how many; call again until 0.

    A unit that is asked much later than planned, since nothing ran, gets all the days that the plan gives, from now.
    """
    at = clock.now()
    invitations = queries.list_invitations_to_open(session, at)
    for invitation in invitations:
        if at >= invitation.remind_at:
            invitation.follow(_moments_from_now(session, invitation, at))
        invitation.invited_at = at
    outbox.enqueue_all(session, [_invitation_mail(invitation) for invitation in invitations])
    return len(invitations)


def _invitation_mail(invitation: Invitation) -> NewMessage:
    return NewMessage(
        invitation.municipality_id,
        kind="surveys.invitation",
        dedupe_key=invitation_key(invitation.id),
        payload={"invitation_id": str(invitation.id)},
    )


def _moments_from_now(session: Session, invitation: Invitation, at: datetime) -> Schedule:
    calendar = schools.get_organiser_calendar(session, invitation.school_unit.organiser_id)
    planned = Schedule(invitation.opens_at, invitation.remind_at, invitation.due_at, invitation.closes_at)
    return late_schedule(calendar, planned, invitation.round.plan.days, at)


def remind_due(session: Session) -> int:
    """Queue a reminder for each unit that is due one and has not answered, and return how many; call again until 0.

    The row is locked and looked at in the transaction that queues the mail, and the mail looks once more when it is
    written, so that nobody is reminded who has answered.
    """
    at = clock.now()
    invitations = queries.list_invitations_to_remind(session, at)
    reminders = [_remind(invitation, at) for invitation in invitations]
    session.add_all(reminders)
    outbox.enqueue_all(session, [_reminder_mail(reminder) for reminder in reminders])
    for invitation in invitations:
        actor, reminded = Actor.system(invitation.municipality_id), str(invitation.id)
        audit.record(session, actor, AuditAction.SURVEY_REMINDED, invitation.round_id, invitation_id=reminded)
    return len(invitations)


def _remind(invitation: Invitation, at: datetime) -> Reminder:
    invitation.reminded_at = at
    return Reminder(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        number=1,
        kind=REMINDER_KINDS[invitation.state],
        due_at=invitation.remind_at,
        queued_at=at,
    )


def _reminder_mail(reminder: Reminder) -> NewMessage:
    return NewMessage(
        reminder.municipality_id,
        kind="surveys.reminder",
        dedupe_key=reminder_key(reminder.invitation_id, reminder.number),
        payload={"reminder_id": str(reminder.id)},
    )


def lock_invitation(session: Session, invitation_id: UUID) -> None:
    """Wait until nobody else changes the invitation or what hangs on it, and let nobody until the transaction ends.

    Raises `NotFound`.
    """
    if session.scalar(select(Invitation.id).where(Invitation.id == invitation_id).with_for_update()) is None:
        raise NotFound("invitation")


def push_response_state(
    session: Session,
    invitation: Invitation,
    *,
    state: InvitationState,
    at: datetime,
    is_nil: bool = False,
    missing_count: int = 0,
    protected_count: int = 0,
) -> None:
    """Take over how far the unit's answer has come, under the same lock that reminding takes.

    Once submitted, an answer stands until a new version replaces it: a change that has only been begun leaves it so.
    """
    session.flush()
    session.refresh(invitation, _PUSHED, with_for_update=True)
    invitation.last_activity_at = at
    if invitation.has_answered and state is not InvitationState.SUBMITTED:
        return
    invitation.state, invitation.is_nil = state, is_nil
    invitation.missing_count, invitation.protected_count = missing_count, protected_count
    if state is InvitationState.SUBMITTED and invitation.submitted_at is None:
        invitation.submitted_at = at
