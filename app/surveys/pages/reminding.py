"""Exactly who gets a manual reminder, and who does not and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.email import Email
from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.surveys import queries
from app.surveys.mails import write_reminder
from app.surveys.models import Invitation, SurveyRound
from app.surveys.pages.rows import state_of
from app.surveys.pages.words import REMINDED_OF, SPARED
from app.surveys.service import RemindedNow
from app.surveys.types import REMINDER_KINDS, ReminderKind, Sparing


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A unit, and what it is told or why it is told nothing."""

    invitation: Invitation
    state: str
    words: str
    last_at: datetime | None
    is_spared: bool = False

    @property
    def unit(self) -> SchoolUnit:
        """The unit."""
        return self.invitation.school_unit


@dataclass(frozen=True, slots=True)
class RemindPreview:
    """What happens when the button is pressed."""

    reminded: Sequence[PreviewRow]
    spared: Sequence[PreviewRow]
    answered: Sequence[UUID]
    """Those who have answered, who are counted and not listed."""
    asked_about: PreviewRow | None
    """The one unit that the address names: it is answered about first."""
    mails: Sequence[tuple[str, Email]]
    """The mail as that unit gets it, or as the first of each kind does, with the unit's name."""

    @property
    def others(self) -> Sequence[UUID]:
        """Everybody who is not reminded."""
        return [*(row.invitation.id for row in self.spared), *self.answered]


def make_remind_preview(
    session: Session, survey_round: SurveyRound, wanted: UUID | None, public_url: str
) -> RemindPreview:
    """Return who would be reminded now, by the rule that reminding itself goes by, the wanted unit first."""
    reminders = queries.reminders_by_invitation(session, survey_round)
    reminded, spared, at = [], [], clock.now()
    answered: list[UUID] = []
    asked_about = None
    for each in sorted(
        queries.list_room_invitations(session, survey_round),
        key=lambda one: (one.id != wanted, swedish_key(one.school_unit.name), one.id),
    ):
        earlier = reminders.get(each.id, ())
        reason = queries.find_sparing(each, survey_round, earlier, at)
        last_at = earlier[-1].queued_at if earlier else None
        state = state_of(each, survey_round, at)
        words = REMINDED_OF[REMINDER_KINDS[each.state]] if reason is None else SPARED[reason]
        row = PreviewRow(each, state, words, last_at, is_spared=reason is not None)
        asked_about = row if each.id == wanted else asked_about
        if reason is None:
            reminded.append(row)
        elif reason is Sparing.ANSWERED:
            answered.append(each.id)
        else:
            spared.append(row)
    shown = reminded if asked_about is None else [] if asked_about.is_spared else [asked_about]
    return RemindPreview(reminded, spared, answered, asked_about, _list_mails(session, shown, public_url))


def _list_mails(session: Session, rows: Sequence[PreviewRow], public_url: str) -> Sequence[tuple[str, Email]]:
    """Return what the mail says, once for each thing a school may have done until now."""
    examples: dict[ReminderKind, PreviewRow] = {}
    for row in rows:
        examples.setdefault(REMINDER_KINDS[row.invitation.state], row)
    return [
        (row.unit.name, write_reminder(session, row.invitation, public_url, due_at=clock.now()))
        for row in examples.values()
    ]


def compose_reminded(outcome: RemindedNow) -> str:
    """Return what to say when the reminders have been queued."""
    said = f"{outcome.reminded} {'skola får' if outcome.reminded == 1 else 'skolor får'} en påminnelse nu."
    if not outcome.reminded:
        said = "Ingen fick någon påminnelse."
    if not outcome.spared:
        return said
    spared = len(outcome.spared)
    return f"{said} {spared} {'skola' if spared == 1 else 'skolor'} fick ingen, eftersom läget hade ändrats."
