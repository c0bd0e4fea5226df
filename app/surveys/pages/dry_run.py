"""The dry run: every message of a round, to whom and when, before anything is confirmed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.pagination import Page
from app.kernel.swedish import swedish_key
from app.schools.models import SchoolUnit
from app.surveys import queries
from app.surveys.models import SurveyRound
from app.surveys.queries import PlannedMessage
from app.surveys.types import MessageKind, RoundState

MESSAGES: Final = {
    MessageKind.INVITATION: "Inbjudan med brevet",
    MessageKind.REMINDER: "Påminnelse",
    MessageKind.ESCALATION: "Mejl till nästa chef",
    MessageKind.CALL: "Samordnaren ringer",
    MessageKind.CLOSING: "Besked om skolor som inte har svarat",
}
RECEIVERS: Final = {
    MessageKind.INVITATION: "Rektorn",
    MessageKind.REMINDER: "Rektorn",
    MessageKind.ESCALATION: "Nästa chef",
    MessageKind.CALL: "Rektorn, på telefon",
    MessageKind.CLOSING: "Samordnarna",
}
ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message in words."""

    at: datetime
    what: str
    place: str
    to: str
    address: str


@dataclass(frozen=True, slots=True)
class MessageGroup:
    """All messages of a kind at one moment."""

    at: datetime
    what: str
    to: str
    count: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a round would send."""

    survey_round: SurveyRound
    mails: int
    calls: int
    units: int
    without_head: Sequence[str]
    """The schools whose principal answers to nobody that is known."""
    groups: Sequence[MessageGroup]
    lines: Page[MessageLine]
    address: dict[str, Any]
    may_stop: bool
    """Whether the reader may call the round off; who only plans it may not."""
    has_last_year: bool

    @property
    def can_confirm(self) -> bool:
        """Whether there is anything to confirm."""
        return self.survey_round.state is RoundState.PLANNED and self.survey_round.confirmed_at is None

    @property
    def acts(self) -> Sequence[tuple[str, str]]:
        """What else can be done with the round, as words and addresses."""
        planning = [
            ("Ändra dagarna", "change_round_days"),
            ("Ändra brevet", "edit_round_letter"),
            *([("Kopiera förra årets dagar och brev", "copy_last_year")] if self.has_last_year else []),
        ]
        stopping = [("Ställ in kartläggningen", "cancel_round")] if self.may_stop else []
        restoring = [("Ta tillbaka kartläggningen", "restore_round")] if self.may_stop else []
        acts = {RoundState.PLANNED: planning + stopping, RoundState.CANCELLED: restoring}
        return [
            (words, url_for(f"surveys.{view}", round_id=self.survey_round.id))
            for words, view in acts.get(self.survey_round.state, [])
        ]


def make_dry_run(
    session: Session, survey_round: SurveyRound, *, words: str, kind: MessageKind | None, number: int, may_stop: bool
) -> DryRun:
    """Return the dry run of a round, with the page of its messages that was asked for."""
    messages = queries.list_planned_messages(session, survey_round, clock.now())
    units = {message.unit.id: message.unit for message in messages if message.unit is not None}
    wanted = [each for each in messages if _is_wanted(each, words, kind)]
    number = min(number, max(1, -(-len(wanted) // ROWS)))
    shown = [_line(each) for each in wanted[(number - 1) * ROWS : number * ROWS]]
    known = {"skola": words, "vad": kind.value if kind else ""}
    return DryRun(
        survey_round,
        mails=sum(each.unit is not None and each.kind is not MessageKind.CALL for each in messages),
        calls=sum(each.kind is MessageKind.CALL for each in messages),
        units=len(units),
        without_head=sorted((unit.name for unit in units.values() if not unit.head_email), key=swedish_key),
        groups=list(_groups(messages)),
        lines=Page(shown, number, ROWS, len(wanted)),
        address={name: value for name, value in known.items() if value},
        may_stop=may_stop,
        has_last_year=queries.find_last_year(session, survey_round) is not None,
    )


def _is_wanted(message: PlannedMessage, words: str, kind: MessageKind | None) -> bool:
    is_named = not words or (message.unit is not None and words.casefold() in message.unit.name.casefold())
    return is_named and kind in (None, message.kind)


def _groups(messages: Sequence[PlannedMessage]) -> Iterator[MessageGroup]:
    """Yield one row for each moment and kind, however the schools of different calendars stand between each other."""
    alike: defaultdict[tuple[datetime, MessageKind], list[PlannedMessage]] = defaultdict(list)
    for message in messages:
        alike[message.at, message.kind].append(message)
    for (at, kind), group in alike.items():
        yield MessageGroup(at, _name(kind, {each.number for each in group}), RECEIVERS[kind], len(group))


def _what(message: PlannedMessage) -> str:
    return _name(message.kind, {message.number})


def _name(kind: MessageKind, numbers: set[int]) -> str:
    words = MESSAGES[kind]
    return f"{words} {' och '.join(str(each) for each in sorted(numbers))}" if kind is MessageKind.REMINDER else words


def _line(message: PlannedMessage) -> MessageLine:
    unit = message.unit
    if unit is None:
        return MessageLine(message.at, _what(message), "", RECEIVERS[message.kind], "")
    to, address = _receiver(message.kind, unit)
    return MessageLine(message.at, _what(message), unit.name, to, address)


def _receiver(kind: MessageKind, unit: SchoolUnit) -> tuple[str, str]:
    if kind is MessageKind.ESCALATION:
        return f"Nästa chef, {unit.head_name or 'utan namn'}", unit.head_email or ""
    return f"Rektor {unit.principal_name}", unit.phone if kind is MessageKind.CALL else unit.email
