"""What was mailed to a unit, and how it went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.outbox.types import MessageState
from app.surveys.models import Invitation, Reminder
from app.surveys.pages.words import MAIL_WORDS, UNREACHED
from app.surveys.types import StepKind, invitation_key, reminder_key

Reminders = Mapping[UUID, Sequence[Reminder]]
States = Mapping[str, MessageState]


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail to a unit: what it is, when it was queued or will be, and how it went; read as one sentence."""

    label: str
    at: datetime
    state: MessageState | None
    """None when it has not been queued."""
    is_late: bool = False
    """Whether it went long after its time, since nothing ran."""
    is_to_head: bool = False
    """Whether it went to the one the principal answers to."""

    @property
    def words(self) -> str:
        """How it went."""
        return "går" if self.state is None else MAIL_WORDS[self.state]

    @property
    def has_failed(self) -> bool:
        """Whether somebody has to ring instead."""
        return self.state is MessageState.DEAD


def make_mail_lines(invitation: Invitation, reminders: Sequence[Reminder], states: States) -> Sequence[MailLine]:
    """Return what a unit, and the next in its chain, has been sent, the first first."""
    if invitation.invited_at is None:
        return [MailLine("Inbjudan", invitation.opens_at, None)]
    lines = [MailLine("Inbjudan", invitation.invited_at, states.get(invitation_key(invitation.id)))]
    planned = 0
    for reminder in reminders:
        if reminder.step is StepKind.CALL:
            continue  # A task, and no mail.
        planned += reminder.step is StepKind.REMINDER and not reminder.is_manual
        lines.append(_line(reminder, planned, states))
    return lines


def _line(reminder: Reminder, number: int, states: States) -> MailLine:
    is_to_head = reminder.step is StepKind.ESCALATION
    label = "Mejl till nästa chef" if is_to_head else f"Påminnelse {number}"
    if reminder.is_manual:
        label = "Påminnelse för hand"
    state = states.get(reminder_key(reminder.invitation_id, reminder.number))
    return MailLine(label, reminder.queued_at, state, reminder.is_late, is_to_head)


def list_unreached(mails: Sequence[MailLine]) -> Sequence[str]:
    """Return whom the last mail did not reach: an earlier one that came back is mended by one that arrives."""
    last = {mail.is_to_head: mail for mail in mails if mail.state is not MessageState.DROPPED}
    return [UNREACHED[is_to_head] for is_to_head, mail in last.items() if mail.has_failed]


def mail_keys(invitations: Iterable[Invitation], reminders: Reminders) -> list[str]:
    """Return the keys of every mail that a page tells about."""
    keys = [invitation_key(invitation.id) for invitation in invitations]
    return keys + [reminder_key(one.invitation_id, one.number) for each in reminders.values() for one in each]
