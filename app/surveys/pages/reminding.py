"""Exactly who gets a manual reminder, and who does not and why."""

from collections.abc import Iterator, Sequence
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
from app.surveys.pages.words import INVITED_AGAIN, REMINDED_OF, SPARED
from app.surveys.service import RemindedNow
from app.surveys.types import REMINDER_KINDS, Sparing, StepKind


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
    """The one unit that the address names: the page is about it alone."""
    mails: Sequence[tuple[str, Email]]
    """The mail as that unit gets it, or as the first of each kind does, with the unit's name."""

    @property
    def others(self) -> Sequence[UUID]:
        """Everybody who is not reminded."""
        return [*(row.invitation.id for row in self.spared), *self.answered]


def make_remind_preview(
    session: Session, survey_round: SurveyRound, wanted: UUID | None, public_url: str
) -> RemindPreview:
    """Return who would be reminded now, by the rule that reminding itself goes by; only the wanted unit, if any is."""
    rows = sorted(
        _list_rows(session, survey_round, clock.now()),
        key=lambda row: (swedish_key(row.unit.name), row.invitation.id),
    )
    asked_about = next((row for row in rows if row.invitation.id == wanted), None)
    if asked_about is not None:
        rows = [asked_about]
    reminded = [row for row in rows if not row.is_spared]
    return RemindPreview(
        reminded,
        [row for row in rows if row.is_spared and not row.invitation.has_answered],
        [row.invitation.id for row in rows if row.invitation.has_answered],
        asked_about,
        _list_mails(session, reminded, public_url),
    )


def _list_rows(session: Session, survey_round: SurveyRound, at: datetime) -> Iterator[PreviewRow]:
    reminders = queries.reminders_by_invitation(session, survey_round)
    reminded_today = queries.list_reminded_on(session, survey_round, at)
    unasked = queries.list_unasked(session, survey_round)
    for each in queries.list_room_invitations(session, survey_round):
        reason = queries.find_sparing(each, survey_round, reminded_today, at)
        earlier = [one.queued_at for one in reminders.get(each.id, ()) if one.step is StepKind.REMINDER]
        yield PreviewRow(
            each,
            state_of(each, survey_round, at),
            _words(each, reason, is_unasked=each.id in unasked),
            max(earlier, default=None),
            is_spared=reason is not None,
        )


def _words(invitation: Invitation, reason: Sparing | None, *, is_unasked: bool) -> str:
    if reason is not None:
        return SPARED[reason]
    return INVITED_AGAIN if is_unasked else REMINDED_OF[REMINDER_KINDS[invitation.state]]


def _list_mails(session: Session, rows: Sequence[PreviewRow], public_url: str) -> Sequence[tuple[str, Email]]:
    """Return what the mail says, once for each thing that it may say."""
    examples: dict[str, PreviewRow] = {}
    for row in rows:
        examples.setdefault(row.words, row)
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
