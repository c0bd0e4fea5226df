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
    LATE,
    REMINDER_KINDS,
    InvitationState,
    Schedule,
    StepKind,
    invitation_key,
    late_schedule,
    reminder_key,
)

_PUSHED: Final = ("state", "is_nil", "submitted_at", "last_activity_at", "missing_count", "protected_count", "next_at")


def send_due_invitations(session: Session) -> int:
    """Queue the mail of each unit whose hour to be asked has come, and return how many; call again until 0.

    A unit that is asked much later than planned, since nothing ran, gets all the days that the plan gives, from now.
    """
    at = clock.now()
    invitations = queries.list_invitations_to_open(session, at)
    for invitation in invitations:
        planned = invitation.schedule.moments
        moments = _moments_from_now(session, invitation, planned, at)
        if moments != planned:
            invitation.schedule.moments = moments
        invitation.follow(moments)
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


def _moments_from_now(session: Session, invitation: Invitation, planned: Schedule, at: datetime) -> Schedule:
    days = invitation.round.days
    if days is None or planned.first_step_at is None or at < planned.first_step_at:
        return planned
    calendar = schools.get_organiser_calendar(session, invitation.school_unit.organiser_id)
    return late_schedule(calendar, planned, days, at)


def remind_due(session: Session) -> int:
    """Queue a reminder for each unit that is due one and has not answered, and return how many; call again until 0.

    The row is locked and looked at in the transaction that queues the mail, and the mail looks once more when it is
    written, so that nobody is reminded who has answered.
    """
    at = clock.now()
    invitations = queries.list_invitations_to_remind(session, at)
    reminders = [reminder for invitation in invitations if (reminder := _remind(invitation, at)) is not None]
    session.add_all(reminders)
    outbox.enqueue_all(session, [_reminder_mail(reminder) for reminder in reminders])
    rounds = {invitation.id: invitation.round_id for invitation in invitations}
    for reminder in reminders:
        actor, reminded = Actor.system(reminder.municipality_id), str(reminder.invitation_id)
        audit.record(
            session, actor, AuditAction.SURVEY_REMINDED, rounds[reminder.invitation_id], invitation_id=reminded
        )
    return len(invitations)


def _remind(invitation: Invitation, at: datetime) -> Reminder | None:
    steps = invitation.schedule.steps
    due = [step for step in steps[invitation.next_step :] if step.at <= at]
    invitation.next_step += len(due)
    invitation.next_at = steps[invitation.next_step].at if invitation.next_step < len(steps) else None
    last = due[-1] if due else None
    if last is None or last.kind is not StepKind.REMINDER:
        return None
    return Reminder(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        number=invitation.next_step,
        kind=REMINDER_KINDS[invitation.state],
        is_late=at - last.at > LATE,
        due_at=last.at,
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
    back_count: int | None = None,
    new_count: int | None = None,
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
    invitation.back_count, invitation.new_count = back_count, new_count
    if state is InvitationState.SUBMITTED:
        invitation.next_at = None
        invitation.submitted_at = invitation.submitted_at or at
