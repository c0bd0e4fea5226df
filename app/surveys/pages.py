"""The control room: a round's units sorted into what they have done, each figure with the rows it counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.kernel.swedish import swedish_key
from app.outbox.types import MessageState
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, Reminder, SurveyPlan, SurveyRound
from app.surveys.types import InvitationState, Occurrence, RoundState, invitation_key, reminder_key

MAIL_WORDS: Final = {
    MessageState.QUEUED: "väntar sedan",
    MessageState.SENT: "skickad",
    MessageState.DROPPED: "behövdes inte",
    MessageState.DEAD: "kom inte fram",
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail to a unit: what it is, when it was queued or will be, and how it went; read as one sentence."""

    label: str
    at: datetime
    state: MessageState | None
    """None when it has not been queued."""

    @property
    def words(self) -> str:
        """How it went."""
        return "går" if self.state is None else MAIL_WORDS[self.state]

    @property
    def has_failed(self) -> bool:
        """Whether somebody has to ring instead."""
        return self.state is MessageState.DEAD


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One school unit in the round."""

    invitation: Invitation
    state: str
    """The word of the state tag."""
    mails: Sequence[MailLine]

    @property
    def unit(self) -> SchoolUnit:
        """The unit."""
        return self.invitation.school_unit

    @property
    def is_silent(self) -> bool:
        """Whether the last day has passed without an answer."""
        return self.state == "SILENT"


@dataclass(frozen=True, slots=True)
class View:
    """A figure of the control room and the word in the address that shows the rows it counts."""

    word: str
    label: str
    belongs: Callable[[UnitRow], bool]


VIEWS: Final = (
    View("alla", "Alla", lambda row: True),
    View("svarat", "Har svarat", lambda row: row.invitation.has_answered),
    View("nollsvar", "Nollsvar", lambda row: row.invitation.has_answered and row.invitation.is_nil),
    View("paborjat", "Påbörjat", lambda row: row.state in {"STARTED", "COMPLETED"}),
    View("inte-svarat", "Inte svarat ännu", lambda row: row.state in {"NOT_STARTED", "LOCKED"}),
    View("inget-svar", "Inget svar", lambda row: row.is_silent),
    View(
        "elever", "Med elever som saknas", lambda row: row.invitation.has_answered and row.invitation.missing_count > 0
    ),
    View(
        "skyddade",
        "Med skyddade elever",
        lambda row: row.invitation.has_answered and row.invitation.protected_count > 0,
    ),
    View("ej-framme", "Brev som inte kom fram", lambda row: any(mail.has_failed for mail in row.mails)),
)
SHOWN_ALWAYS: Final = ("alla", "svarat", "nollsvar", "paborjat", "inte-svarat", "inget-svar")
_ORDER: Final = {"SILENT": 0, "COMPLETED": 1, "STARTED": 2, "NOT_STARTED": 3, "LOCKED": 4, "SUBMITTED": 5}
"""Those whom somebody may have to ring come first."""


@dataclass(frozen=True, slots=True)
class ControlRoom:
    """A round as the coordinator sees it."""

    survey_round: SurveyRound
    rows: Sequence[UnitRow]
    view: View

    @property
    def shown(self) -> Sequence[UnitRow]:
        """The rows that the chosen figure counts."""
        return self.of(self.view.word)

    def of(self, word: str) -> Sequence[UnitRow]:
        """Return the rows that a view shows."""
        view = find_view(word)
        return [row for row in self.rows if view.belongs(row)]

    def count(self, word: str) -> int:
        """Return how many rows a view shows."""
        return len(self.of(word))

    @property
    def tabs(self) -> Sequence[View]:
        """The views that divide the units, and the one that is shown."""
        return [view for view in VIEWS if view.word in SHOWN_ALWAYS or view is self.view]

    @property
    def missing(self) -> int:
        """Pupils reported as missing in submitted answers, protected ones included."""
        return sum(row.invitation.missing_count for row in self.of("elever"))

    @property
    def protected(self) -> int:
        """Pupils with protected identity who are missing: counted, never named."""
        return sum(row.invitation.protected_count for row in self.of("skyddade"))

    @property
    def due_days(self) -> Sequence[datetime]:
        """The moments when answers are due, one for each calendar among the units."""
        return sorted({row.invitation.due_at for row in self.rows})

    @property
    def is_late_opened(self) -> bool:
        """Whether the round opened at least an hour after its time, since nothing ran."""
        survey_round = self.survey_round
        if survey_round.opened_at is None:
            return False
        return (survey_round.opened_at - survey_round.opens_at).total_seconds() >= 3600  # noqa: PLR2004

    @property
    def silent(self) -> Sequence[UnitRow]:
        """The units to name: those whose last day has passed without an answer."""
        return self.of("inget-svar")


def find_view(word: str) -> View:
    """Return the view with this word in the address; a word that is none shows all."""
    return next((view for view in VIEWS if view.word == word), VIEWS[0])


def make_control_room(
    survey_round: SurveyRound,
    invitations: Sequence[Invitation],
    reminders: Mapping[UUID, Reminder],
    mails: Mapping[str, MessageState],
    *,
    word: str,
    at: datetime,
) -> ControlRoom:
    """Return the page of a round, its units with those to ring first and then in Swedish order."""
    rows = [
        UnitRow(each, _state(each, survey_round, at), _mails(each, reminders.get(each.id), mails, at))
        for each in invitations
    ]
    rows.sort(key=lambda row: (_ORDER[row.state], swedish_key(row.unit.name), row.unit.id))
    return ControlRoom(survey_round, rows, find_view(word))


def _state(invitation: Invitation, survey_round: SurveyRound, at: datetime) -> str:
    if invitation.has_answered:
        return InvitationState.SUBMITTED.name
    if invitation.is_silent(at) or survey_round.state is RoundState.CLOSED:
        return "SILENT"
    return invitation.state.name if invitation.invited_at is not None else "LOCKED"


def _mails(
    invitation: Invitation, reminder: Reminder | None, mails: Mapping[str, MessageState], at: datetime
) -> Sequence[MailLine]:
    if invitation.invited_at is None:
        return [MailLine("Inbjudan", invitation.opens_at, None)]
    lines = [MailLine("Inbjudan", invitation.invited_at, mails.get(invitation_key(invitation.id)))]
    if reminder is not None:
        key = reminder_key(invitation.id, reminder.number)
        lines.append(MailLine("Påminnelse", reminder.queued_at, mails.get(key)))
    elif invitation.next_at is not None and invitation.next_at > at:
        lines.append(MailLine("Påminnelse", invitation.next_at, None))
    return lines


def mail_keys(invitations: Sequence[Invitation], reminders: Mapping[UUID, Reminder]) -> list[str]:
    """Return the keys of every mail that the page tells about."""
    keys = [invitation_key(invitation.id) for invitation in invitations]
    return keys + [reminder_key(reminder.invitation_id, reminder.number) for reminder in reminders.values()]


def name_missed(occurrences: Sequence[Occurrence], plans: Sequence[SurveyPlan]) -> Sequence[str]:
    """Return the titles of the rounds that were never opened."""
    titles = {plan.id: plan.title for plan in plans}
    return [f"{titles[each.plan_id]} {each.year}" for each in occurrences]
