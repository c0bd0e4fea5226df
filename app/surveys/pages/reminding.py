"""Exactly who gets a manual reminder, and who does not and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.surveys import queries
from app.surveys.models import Invitation, SurveyRound
from app.surveys.pages.rows import state_of
from app.surveys.pages.words import REMINDED_OF, SPARED
from app.surveys.service import RemindedNow
from app.surveys.types import REMINDER_KINDS, Sparing


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A unit, and what it is told or why it is told nothing."""

    invitation: Invitation
    state: str
    words: str
    last_at: datetime | None

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

    @property
    def others(self) -> Sequence[UUID]:
        """Everybody who is not reminded."""
        return [*(row.invitation.id for row in self.spared), *self.answered]


def make_remind_preview(session: Session, survey_round: SurveyRound) -> RemindPreview:
    """Return who would be reminded now, by the rule that reminding itself goes by."""
    reminders = queries.reminders_by_invitation(session, survey_round)
    reminded, spared, at = [], [], clock.now()
    answered: list[UUID] = []
    for each in sorted(
        queries.list_room_invitations(session, survey_round),
        key=lambda one: (swedish_key(one.school_unit.name), one.id),
    ):
        earlier = reminders.get(each.id, ())
        reason = queries.find_sparing(each, survey_round, earlier, at)
        last_at = earlier[-1].queued_at if earlier else None
        state = state_of(each, survey_round, at)
        if reason is None:
            reminded.append(PreviewRow(each, state, REMINDED_OF[REMINDER_KINDS[each.state]], last_at))
        elif reason is Sparing.ANSWERED:
            answered.append(each.id)
        else:
            spared.append(PreviewRow(each, state, SPARED[reason], last_at))
    return RemindPreview(reminded, spared, answered)


def compose_reminded(outcome: RemindedNow) -> str:
    """Return what to say when the reminders have been queued."""
    said = f"{outcome.reminded} {'skola får' if outcome.reminded == 1 else 'skolor får'} en påminnelse nu."
    if not outcome.reminded:
        said = "Ingen fick någon påminnelse."
    if not outcome.spared:
        return said
    spared = len(outcome.spared)
    return f"{said} {spared} {'skola' if spared == 1 else 'skolor'} fick ingen, eftersom läget hade ändrats."
