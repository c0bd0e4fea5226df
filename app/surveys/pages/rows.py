"""A round's units, each with what it has done, what was done about it, and what happens next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, PhoneNote, SurveyRound
from app.surveys.pages.mails import MailLine, Reminders, States, list_unreached, make_mail_lines
from app.surveys.pages.words import STEPS, since_words
from app.surveys.types import InvitationState, RoundState, StepKind

_ORDER: Final = {
    "SILENT": 0,
    "COMPLETED": 1,
    "STARTED": 2,
    "NOT_STARTED": 3,
    "LOCKED": 4,
    "CANCELLED": 5,
    "SUBMITTED": 6,
}
"""Those whom somebody may have to ring come first."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next if the unit stays silent."""

    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One school unit in the round."""

    invitation: Invitation
    state: str
    """The word of the state tag."""
    mails: Sequence[MailLine]
    next_step: NextStep | None
    last_note: PhoneNote | None
    is_to_call: bool

    @property
    def unit(self) -> SchoolUnit:
        """The unit."""
        return self.invitation.school_unit

    @property
    def is_silent(self) -> bool:
        """Whether the last day has passed without an answer."""
        return self.state == "SILENT"

    @property
    def is_unsent(self) -> bool:
        """Whether something has been filled in that nobody has sent, also when the last day has passed."""
        return self.is_begun or self.is_filled_in

    @property
    def is_begun(self) -> bool:
        """Whether the answer has been begun, and not filled in."""
        return self._is_waiting and self.invitation.state is InvitationState.STARTED

    @property
    def is_filled_in(self) -> bool:
        """Whether everything is filled in and not sent."""
        return self._is_waiting and self.invitation.state is InvitationState.COMPLETED

    @property
    def _is_waiting(self) -> bool:
        return self.state not in {"CANCELLED", "SUBMITTED"}

    @property
    def unreached(self) -> Sequence[str]:
        """Whom the last mail did not reach, while an answer is waited for: somebody rings, and corrects the address."""
        return list_unreached(self.mails) if self._is_waiting else []

    @property
    def is_extended(self) -> bool:
        """Whether the unit was given more time than the others."""
        return self.invitation.extended_because_sealed is not None

    @property
    def since(self) -> str:
        """What is new since the unit's last answer, empty when there was none."""
        if not self.can_compare:
            return ""
        return f"sedan förra svaret: {since_words(self.invitation.back_count or 0, self.invitation.new_count or 0)}"

    @property
    def can_compare(self) -> bool:
        """Whether the unit has answered, and had answered before."""
        return self.invitation.has_answered and self.invitation.back_count is not None

    @property
    def has_news(self) -> bool:
        """Whether somebody is back, or missing anew, since the unit's last answer."""
        return self.can_compare and bool(self.invitation.back_count or self.invitation.new_count)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done about the units of a round, by invitation id, and how each mail went, by its key."""

    reminders: Reminders
    notes: Mapping[UUID, Sequence[PhoneNote]]
    mails: States
    to_call: Collection[UUID]


def make_rows(
    survey_round: SurveyRound, invitations: Sequence[Invitation], done: Done, at: datetime
) -> Sequence[UnitRow]:
    """Return a round's units, those to ring first and then in Swedish order."""
    rows = [
        UnitRow(
            each,
            state_of(each, survey_round, at),
            make_mail_lines(each, done.reminders.get(each.id, ()), done.mails),
            find_next_step(each, survey_round, is_phoned=is_phoned(each, done)),
            next(reversed(done.notes.get(each.id, ())), None),
            each.id in done.to_call,
        )
        for each in invitations
    ]
    return sorted(rows, key=lambda row: (_ORDER[row.state], swedish_key(row.unit.name), row.unit.id))


def state_of(invitation: Invitation, survey_round: SurveyRound, at: datetime) -> str:
    """Return the word of a unit's state."""
    if invitation.has_answered:
        return InvitationState.SUBMITTED.name
    if survey_round.state is RoundState.CANCELLED:
        return "CANCELLED"
    if invitation.is_silent(at) or survey_round.state is RoundState.CLOSED:
        return "SILENT"
    return invitation.state.name if invitation.invited_at is not None else "LOCKED"


def is_phoned(invitation: Invitation, done: Done) -> bool:
    """Whether somebody has already been asked to phone about the silence: nobody is asked twice."""
    calls = [each for each in done.reminders.get(invitation.id, ()) if each.step is StepKind.CALL]
    return invitation.id in done.to_call or any(each.queued_at >= invitation.due_at for each in calls)


def find_next_step(invitation: Invitation, survey_round: SurveyRound, *, is_phoned: bool) -> NextStep | None:
    """Return what happens next about a unit that stays silent, None when nothing does by itself."""
    if survey_round.state is not RoundState.OPEN or invitation.has_answered:
        return None
    if invitation.invited_at is None:
        return NextStep("Inbjudan", invitation.opens_at)
    ahead = invitation.schedule.steps[invitation.next_step :] if invitation.next_at is not None else ()
    for step in ahead:
        kind = step.taken_as(has_head=bool(invitation.school_unit.head_email))
        if not (kind is StepKind.CALL and is_phoned):
            is_first = step is ahead[0]
            return NextStep(STEPS[kind], invitation.next_at if is_first and invitation.next_at else step.at)
    return NextStep("Stänger", invitation.closes_at)
