"""The control room: a round's units sorted into what they have done, each figure with the rows it counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.pagination import Page
from app.kernel.swedish import swedish_key
from app.outbox import queries as outbox
from app.surveys import queries
from app.surveys.models import Invitation, SurveyRound
from app.surveys.pages.mails import mail_keys
from app.surveys.pages.rows import Done, UnitRow, make_rows
from app.surveys.pages.words import since_words, wave_label
from app.surveys.queries import CallTask
from app.surveys.types import RoundState

ROWS: Final = 250
"""Rows on a page: every school of most municipalities at once, and a bounded page in the largest."""
LATE_OPENING: Final = 3600
"""Seconds after which a round is said to have opened late."""


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
    View("paborjat", "Påbörjat", lambda row: row.is_begun),
    View("ifyllt", "Ifyllt, inte inskickat", lambda row: row.is_filled_in),
    View("inte-oppnat", "Inte påbörjat", lambda row: row.state in {"NOT_STARTED", "LOCKED", "CANCELLED"}),
    View("inget-svar", "Inget svar", lambda row: row.is_silent),
    View("ring", "Att ringa", lambda row: row.is_to_call),
    View(
        "elever", "Med elever som saknas", lambda row: row.invitation.has_answered and row.invitation.missing_count > 0
    ),
    View(
        "skyddade",
        "Med skyddade elever",
        lambda row: row.invitation.has_answered and row.invitation.protected_count > 0,
    ),
    View("nytt", "Med något nytt", lambda row: row.has_news),
    View("forlangda", "Förlängda", lambda row: row.is_extended),
    View("ej-framme", "Fick inte mejlet", lambda row: bool(row.unreached)),
)
SHOWN_ALWAYS: Final = ("alla", "svarat", "nollsvar", "paborjat", "ifyllt", "inte-oppnat", "inget-svar")


@dataclass(frozen=True, slots=True)
class Wave:
    """One of the rounds that ask about the same break."""

    id: UUID
    label: str
    opens_at: datetime
    has_opened: bool


@dataclass(frozen=True, slots=True)
class Narrow:
    """What narrows the rows down: words of a school's name, and an organiser."""

    words: str = ""
    organiser_id: UUID | None = None

    def takes(self, row: UnitRow) -> bool:
        """Whether a row is shown."""
        is_organisers = self.organiser_id in (None, row.unit.organiser_id)
        return is_organisers and self.words.casefold() in row.unit.name.casefold()

    @property
    def address(self) -> dict[str, Any]:
        """How it stands in an address."""
        known = {"skola": self.words, "huvudman": self.organiser_id}
        return {name: value for name, value in known.items() if value}


@dataclass(frozen=True, slots=True)
class ControlRoom:
    """A round as the coordinator sees it."""

    survey_round: SurveyRound
    rows: Sequence[UnitRow]
    view: View
    calls: Sequence[CallTask] = ()
    waves: Sequence[Wave] = ()
    narrow: Narrow = field(default_factory=Narrow)
    number: int = 1

    @property
    def shown(self) -> Sequence[UnitRow]:
        """The rows that the chosen figure counts, or those of them that were asked for."""
        return [row for row in self.of(self.view.word) if self.narrow.takes(row)]

    @property
    def page(self) -> Page[UnitRow]:
        """The rows that stand on the page."""
        shown = self.shown
        number = min(self.number, max(1, -(-len(shown) // ROWS)))
        return Page(shown[(number - 1) * ROWS : number * ROWS], number, ROWS, len(shown))

    @property
    def address(self) -> dict[str, Any]:
        """What of the address says which rows are shown."""
        return {"visa": self.view.word, **self.narrow.address}

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
    def since(self) -> str:
        """What is new since the units answered before, all together; empty when there is nothing to compare with."""
        if not any(row.can_compare for row in self.rows):
            return ""
        changed = [row.invitation for row in self.of("nytt")]
        return since_words(sum(each.back_count or 0 for each in changed), sum(each.new_count or 0 for each in changed))

    @property
    def due_days(self) -> Sequence[datetime]:
        """The moments when answers are due, one for each calendar among the units."""
        return sorted({row.invitation.due_at for row in self.rows})

    @property
    def is_late_opened(self) -> bool:
        """Whether the round opened at least an hour after its time, since nothing ran."""
        opened_at = self.survey_round.opened_at
        return opened_at is not None and (opened_at - self.survey_round.opens_at).total_seconds() >= LATE_OPENING

    @property
    def silent(self) -> Sequence[UnitRow]:
        """The units to name: those whose last day has passed without an answer."""
        return self.of("inget-svar")

    @property
    def unsent(self) -> Sequence[UnitRow]:
        """Those of the silent that have begun or filled in an answer: they are counted in both places."""
        return [row for row in self.silent if row.is_unsent]

    @property
    def can_remind(self) -> bool:
        """Whether there is anybody to remind."""
        is_open = self.survey_round.state is RoundState.OPEN and self.survey_round.days is not None
        return is_open and self.count("svarat") < len(self.rows)


def find_view(word: str) -> View:
    """Return the view with this word in the address; a word that is none shows all."""
    return next((view for view in VIEWS if view.word == word), VIEWS[0])


def make_control_room(
    session: Session, actor: Actor, survey_round: SurveyRound, *, word: str, narrow: Narrow, number: int
) -> ControlRoom:
    """Return the page of a round, in as many questions for one unit as for thousands."""
    at, invitations = clock.now(), queries.list_room_invitations(session, survey_round)
    reminders = queries.reminders_by_invitation(session, survey_round)
    calls = queries.list_call_tasks(session, at, visible_to=actor, in_round=survey_round)
    done = Done(
        reminders,
        queries.notes_by_invitation(session, survey_round),
        outbox.states_by_key(session, mail_keys(invitations, reminders), visible_to=actor),
        {call.invitation.id for call in calls},
    )
    rows = make_rows(survey_round, invitations, done, at)
    waves = make_waves(queries.list_waves(session, survey_round))
    return ControlRoom(survey_round, rows, find_view(word), calls, waves, narrow, number)


def make_waves(rounds: Sequence[SurveyRound]) -> Sequence[Wave]:
    """Return the rounds about the same break as links."""
    return [Wave(each.id, wave_label(each.wave), each.opens_at, each.opened_at is not None) for each in rounds]


def list_acts(room: ControlRoom, at: datetime) -> Sequence[tuple[str, str]]:
    """Return what a person may do with the round beside reminding, as words and addresses."""
    if room.survey_round.days is None:
        return []  # What schools begin by themselves is not planned, stopped or changed by anybody.
    survey_round, is_over = room.survey_round, all(due_at <= at for due_at in room.due_days)
    acts = {
        RoundState.OPEN: [
            ("Se allt som ska skickas", "show_dry_run"),
            ("Ändra de dagar som inte har varit", "change_round_days"),
            ("Ändra brevet till skolor som inte har fått det", "edit_round_letter"),
            *([("Stäng nu", "close_round")] if is_over else []),
            ("Ställ in kartläggningen", "cancel_round"),
        ],
        RoundState.CLOSED: [("Öppna kartläggningen igen", "reopen_round")],
        RoundState.CANCELLED: [("Ta tillbaka kartläggningen", "restore_round")],
    }
    return [
        (words, url_for(f"surveys.{view}", round_id=survey_round.id))
        for words, view in acts.get(survey_round.state, [])
    ]


def list_silent_names(invitations: Sequence[Invitation]) -> Sequence[str]:
    """Return the names of the units that have not answered, in Swedish order."""
    return sorted((each.school_unit.name for each in invitations if not each.has_answered), key=swedish_key)
