"""Reminding at once. Who is spared is looked at under the lock that answering takes, and once more by the mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.outbox import service as outbox
from app.outbox.types import NewMessage
from app.surveys import queries
from app.surveys.models import Invitation, Reminder, SurveyRound
from app.surveys.types import REMINDER_KINDS, Sparing, StepKind, reminder_key


@dataclass(frozen=True, slots=True)
class RemindedNow:
    """What came of it: how many were reminded, and why the others were not."""

    reminded: int
    spared: Mapping[UUID, Sparing]


def remind_now(
    session: Session, actor: Actor, survey_round: SurveyRound, invitation_ids: Collection[UUID]
) -> RemindedNow:
    """Queue a reminder for each chosen unit that may get one now; the others are left alone and named.

    At most one a unit and day, never one that has answered, whatever has happened since the page was shown.
    """
    at = clock.now()
    invitations = _locked(session, survey_round, invitation_ids)
    earlier = queries.reminders_by_invitation(session, survey_round)
    spared = {
        each.id: reason
        for each in invitations
        if (reason := queries.find_sparing(each, survey_round, earlier.get(each.id, ()), at)) is not None
    }
    reminders = [
        Reminder(
            municipality_id=each.municipality_id,
            invitation_id=each.id,
            number=_next_number(earlier.get(each.id, ())),
            step=StepKind.REMINDER,
            kind=REMINDER_KINDS[each.state],
            is_manual=True,
            due_at=at,
            queued_at=at,
            by_id=actor.account_id,
        )
        for each in invitations
        if each.id not in spared
    ]
    session.add_all(reminders)
    outbox.enqueue_all(session, [_mail(reminder) for reminder in reminders])
    for reminder in reminders:
        audit.record(
            session, actor, AuditAction.SURVEY_REMINDED, survey_round.id, invitation_id=str(reminder.invitation_id)
        )
    return RemindedNow(len(reminders), spared)


def _next_number(earlier: Sequence[Reminder]) -> int:
    """Return the number after that of the last thing done about the unit, by the plan or by a person."""
    return max((each.number for each in earlier), default=0) + 1


def _locked(session: Session, survey_round: SurveyRound, chosen: Collection[UUID]) -> Sequence[Invitation]:
    return session.scalars(
        select(Invitation)
        .join(Invitation.school_unit)
        .where(Invitation.round_id == survey_round.id, Invitation.id.in_(chosen))
        .order_by(Invitation.id)
        .options(contains_eager(Invitation.school_unit))
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    ).all()


def _mail(reminder: Reminder) -> NewMessage:
    return NewMessage(
        reminder.municipality_id,
        kind="surveys.reminder",
        dedupe_key=reminder_key(reminder.invitation_id, reminder.number),
        payload={"reminder_id": str(reminder.id)},
    )
