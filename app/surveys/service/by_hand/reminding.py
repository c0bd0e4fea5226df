"""Reminding at once. Who is spared is looked at under the lock that answering takes, and once more by the mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.surveys import queries
from app.surveys.models import Invitation, Reminder, SurveyRound
from app.surveys.service.steps import queue_mails
from app.surveys.types import REMINDER_KINDS, Sparing, StepKind


@dataclass(frozen=True, slots=True)
class RemindedNow:
    """What came of it: how many were reminded, and why the others were not."""

    reminded: int
    spared: Mapping[UUID, Sparing]


def remind_now(
    session: Session, actor: Actor, survey_round: SurveyRound, invitation_ids: Collection[UUID]
) -> RemindedNow:
    """Queue a reminder for each chosen unit that may get one now; the others are left alone and named.

    At most one a unit and day that arrives, never one that has answered, whatever has happened since the page was
    shown.
    """
    at = clock.now()
    invitations = _locked(session, survey_round, invitation_ids)
    earlier = queries.reminders_by_invitation(session, survey_round)
    reminded_today = queries.list_reminded_on(session, survey_round, at)
    spared, reminders = dict[UUID, Sparing](), list[Reminder]()
    for each in invitations:
        if (reason := queries.find_sparing(each, survey_round, reminded_today, at)) is not None:
            spared[each.id] = reason
            continue
        reminders.append(_reminder(each, earlier.get(each.id, ()), actor, at))
        audit.record(session, actor, AuditAction.SURVEY_REMINDED, survey_round.id, invitation_id=str(each.id))
    queue_mails(session, reminders)
    return RemindedNow(len(reminders), spared)


def _reminder(invitation: Invitation, earlier: Sequence[Reminder], actor: Actor, at: datetime) -> Reminder:
    return Reminder(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        number=max((each.number for each in earlier), default=0) + 1,
        step=StepKind.REMINDER,
        kind=REMINDER_KINDS[invitation.state],
        is_manual=True,
        due_at=at,
        queued_at=at,
        by_id=actor.account_id,
    )


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
