"""What is done about a unit that has not answered: reminded, escalated, phoned about, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.outbox import service as outbox
from app.outbox.types import NewMessage
from app.schools import queries as schools
from app.schools.models import SchoolUnit
from app.schools.types import OFFICE_OPENS, WorkingCalendar
from app.surveys import queries
from app.surveys.models import Invitation, Reminder
from app.surveys.types import LATE, REMINDER_KINDS, StepKind, is_office_hour, reminder_key

_ACTIONS = {
    StepKind.REMINDER: AuditAction.SURVEY_REMINDED,
    StepKind.ESCALATION: AuditAction.SURVEY_ESCALATED,
    StepKind.CALL: AuditAction.SURVEY_CALL_ASKED,
}
_NO_BREAKS = WorkingCalendar()
_MAILS = {StepKind.REMINDER: "surveys.reminder", StepKind.ESCALATION: "surveys.escalation"}


class UnitCalendars:
    """Every unit's school days, read for a municipality when its first unit is met: one for all batches of a tick."""

    def __init__(self) -> None:
        self._read: dict[UUID, Mapping[UUID, WorkingCalendar]] = {}

    def of(self, session: Session, unit: SchoolUnit) -> WorkingCalendar:
        """Return a unit's school days."""
        municipality_id = unit.municipality_id
        if municipality_id not in self._read:
            self._read[municipality_id] = schools.list_unit_calendars(session, municipality_id)
        return self._read[municipality_id].get(unit.id, _NO_BREAKS)


def take_due_steps(session: Session, calendars: UnitCalendars) -> int:
    """Do what is due about a batch of units that have not answered, and return how many were looked at; call until 0.

    The rows are locked and looked at in the transaction that queues the mails, and each mail looks once more when it is
    written, so that nobody is reminded who has answered. Of several steps that have become due while nothing ran only
    the last one is taken; outside the unit's office hours it waits for its next school morning.
    """
    at = clock.now()
    invitations = queries.list_invitations_to_step(session, at)
    taken = _list_taken(session, invitations)
    reminders = []
    for invitation in invitations:
        calendar = calendars.of(session, invitation.school_unit)
        if not is_office_hour(calendar, at):
            invitation.next_at = _next_morning(calendar, at)
        elif (reminder := _step(invitation, taken.get(invitation.id, _NOTHING), at)) is not None:
            reminders.append(reminder)
            _record(session, invitation, reminder)
    queue_mails(session, reminders)
    return len(invitations)


def queue_mails(session: Session, reminders: Sequence[Reminder]) -> None:
    """Write down what is done about units, and queue the mails that it takes; a call takes none."""
    session.add_all(reminders)
    outbox.enqueue_all(session, [_mail(reminder) for reminder in reminders if reminder.step in _MAILS])


@dataclass(frozen=True, slots=True)
class _Taken:
    """What has been done about a unit."""

    last_number: int
    is_to_be_phoned: bool


_NOTHING = _Taken(0, is_to_be_phoned=False)


def _list_taken(session: Session, invitations: Sequence[Invitation]) -> Mapping[UUID, _Taken]:
    rows = session.execute(
        select(
            Reminder.invitation_id,
            func.max(Reminder.number),
            # A unit that was given more time and stays silent again is phoned again.
            func.count(Reminder.id).filter(Reminder.step == StepKind.CALL, Reminder.queued_at >= Invitation.due_at),
        )
        .join(Invitation, Invitation.id == Reminder.invitation_id)
        .where(Reminder.invitation_id.in_([invitation.id for invitation in invitations]))
        .group_by(Reminder.invitation_id)
    )
    return {invitation_id: _Taken(number, calls > 0) for invitation_id, number, calls in rows}


def _next_morning(calendar: WorkingCalendar, at: datetime) -> datetime:
    """Return when the unit's office opens next."""
    today = clock.local(at).date()
    morning = clock.at(calendar.add_working_days(today, 0), OFFICE_OPENS)
    return morning if morning > at else clock.at(calendar.add_working_days(today, 1), OFFICE_OPENS)


def _step(invitation: Invitation, taken: _Taken, at: datetime) -> Reminder | None:
    """Move a unit past every step that is due and return what is done: the last of them, or nothing."""
    steps = invitation.schedule.steps
    due = [step for step in steps[invitation.next_step :] if step.at <= at]
    invitation.next_step += len(due)
    invitation.next_at = steps[invitation.next_step].at if invitation.next_step < len(steps) else None
    if not due or not invitation.school_unit.is_active:
        return None
    kind = due[-1].taken_as(has_head=bool(invitation.school_unit.head_email))
    if kind is StepKind.CALL and taken.is_to_be_phoned:
        return None
    return Reminder(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        number=taken.last_number + 1,
        step=kind,
        kind=REMINDER_KINDS[invitation.state],
        is_manual=False,
        is_late=at - due[-1].at > LATE,
        due_at=due[-1].at,
        queued_at=at,
    )


def _record(session: Session, invitation: Invitation, reminder: Reminder) -> None:
    actor = Actor.system(invitation.municipality_id)
    audit.record(session, actor, _ACTIONS[reminder.step], invitation.round_id, invitation_id=str(invitation.id))


def _mail(reminder: Reminder) -> NewMessage:
    return NewMessage(
        reminder.municipality_id,
        kind=_MAILS[reminder.step],
        dedupe_key=reminder_key(reminder.invitation_id, reminder.number),
        payload={"reminder_id": str(reminder.id)},
    )
