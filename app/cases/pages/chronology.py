"""What happened, told in sentences, and what is said, in columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.cases.forms.words import (
    ANSWERS,
    BRANCHES,
    CLAIMED_BY,
    CONTACT,
    EVIDENCE,
    NOTE_KINDS,
    OUTCOMES,
    REASONS,
    WHEREABOUTS,
)
from app.cases.models import CaseNote, Claim
from app.cases.types import WRITTEN_BY_HAND, Branch, ContactSafety, NoteKind, OpenReason, Outcome, Whereabouts


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the chronology."""

    id: UUID
    happened_at: datetime
    recorded_at: datetime
    sentence: str
    words: str
    author: str
    corrects: CaseNote | None
    corrected_by: CaseNote | None
    may_be_corrected: bool


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One row of what is said."""

    id: UUID
    text: str
    whereabouts: str
    source: str
    claimed_on: date | None
    evidence: str
    evidence_text: str
    is_verified: bool
    verified_by: str


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in the chronology stand for."""

    units: Mapping[str, str]
    claims: Mapping[str, str]


def make_claim_lines(claims: Sequence[Claim], names_by_account: Mapping[UUID, str]) -> list[ClaimLine]:
    """Return what is said, in words."""
    return [
        ClaimLine(
            id=claim.id,
            text=claim_text(claim),
            whereabouts=WHEREABOUTS[claim.whereabouts] if claim.whereabouts else "",
            source=CLAIMED_BY[claim.claimed_by],
            claimed_on=claim.claimed_on,
            evidence=EVIDENCE[claim.evidence],
            evidence_text=claim.evidence_text or "",
            is_verified=claim.is_verified,
            verified_by=names_by_account.get(claim.verified_by_id, "") if claim.verified_by_id else "",
        )
        for claim in claims
    ]


def claim_text(claim: Claim) -> str:
    """Return what is said; a school that reports a return says it with a button and not in words."""
    if claim.text:
        return str(claim.text)
    return "Eleven har kommit tillbaka" if claim.whereabouts is Whereabouts.IN_SCHOOL else "Utan ord"


def make_events(notes: Sequence[CaseNote], names: Names) -> list[Event]:
    """Return the chronology in sentences; what a school changes page by page within a minute is one event."""
    by_id = {note.id: note for note in notes}
    corrections = {note.corrects_id: note for note in notes if note.corrects_id}
    events: list[Event] = []
    for note in notes:
        event = Event(
            id=note.id,
            happened_at=note.happened_at,
            recorded_at=note.recorded_at,
            sentence=SENTENCES[note.kind](note.details or {}, names),
            words=note.text,
            author=note.author_label,
            corrects=by_id.get(note.corrects_id) if note.corrects_id else None,
            corrected_by=corrections.get(note.id),
            may_be_corrected=note.kind in WRITTEN_BY_HAND and note.id not in corrections,
        )
        if note.kind is NoteKind.SCHOOL_CHANGED and events and _is_told_in_one(event, events[-1]):
            events[-1] = _told_in_one(event, events[-1])
        else:
            events.append(event)
    return events


def _is_told_in_one(event: Event, later: Event) -> bool:
    first, second = (
        (each.sentence, each.author, each.happened_at.replace(second=0, microsecond=0)) for each in (event, later)
    )
    return first == second


def _told_in_one(event: Event, later: Event) -> Event:
    is_repeated = event.words in later.words
    return later if is_repeated else replace(later, words=f"{event.words}\n{later.words}".strip())


Details = Mapping[str, Any]


def _school(details: Details, names: Names) -> str:
    return names.units.get(details.get("unit_id", ""), "Skolan")


def _said_in_round(words: str) -> Callable[[Details, Names], str]:
    return lambda details, names: f"{_school(details, names)}{words} ({details['round']})."


def _answered(details: Details, names: Names) -> str:
    also = f" Skolan skriver namnet {details['name']}." if "name" in details else ""
    return f"{_school(details, names)} rapporterade: {REASONS[OpenReason(details['reason'])]}.{also}"


def _changed(details: Details, names: Names) -> str:
    return f"{_school(details, names)} ändrade sina uppgifter: {REASONS[OpenReason(details['reason'])]}."


def _other_name(details: Details, names: Names) -> str:
    written = f" {_school(details, names)} skriver {details['name']}." if "name" in details else ""
    return f"Två olika namn på samma personnummer.{written} Det kan vara två barn."


def _assessed(details: Details, _names: Names) -> str:
    chosen, recommended = (BRANCHES[Branch(details[key])][0].lower() for key in ("branch", "recommended"))
    if chosen == recommended:
        return f"Bedömt: {chosen}. Underlagets väg följd."
    return f"Bedömt: {chosen}. Underlaget pekade på: {recommended}."


def _step(details: Details, _names: Names) -> str:
    return f"{'Steget gjordes inte' if details['departs'] else 'Klart'}: {details['title']}."


def _contact(details: Details, _names: Names) -> str:
    judged = f" Bedömt av {details['judged_by']}." if details["judged_by"] else ""
    return f"Vårdnadshavare: {CONTACT[ContactSafety(details['contact_safety'])][0].lower()}.{judged}"


def _by_hand(kind: NoteKind) -> Callable[[Details, Names], str]:
    return lambda _details, _names: "" if kind is NoteKind.NOTE else f"{NOTE_KINDS[kind]}."


SENTENCES: dict[NoteKind, Callable[[Details, Names], str]] = {
    **{kind: _by_hand(kind) for kind in WRITTEN_BY_HAND},
    NoteKind.SCHOOL_ANSWERED: _answered,
    NoteKind.SCHOOL_CHANGED: _changed,
    NoteKind.REPORT_WRITTEN: lambda details, names: (
        f"Ärendet öppnades av en orosanmälan från {_school(details, names)}."
    ),
    NoteKind.IDENTITY_CHANGED: lambda _details, _names: "Skolan rättade vem eleven är.",
    NoteKind.IDENTITY_WITHHELD: lambda _details, _names: (
        "Eleven har skyddade personuppgifter. Namn och nummer är borttagna härifrån."
    ),
    NoteKind.OTHER_NAME: _other_name,
    NoteKind.PROTECTION_DENIED: lambda _details, _names: (
        "Eleven har inte skyddade personuppgifter. Det andra har berättat står kvar."
    ),
    NoteKind.ASSESSED: _assessed,
    NoteKind.ASSIGNED: lambda details, _names: f"Ansvarig: {details['name']}.",
    NoteKind.STEP_COMPLETED: _step,
    NoteKind.CLAIM_ADDED: lambda details, names: f"Ny uppgift: {names.claims.get(details['claim_id'], '')}.",
    NoteKind.CLAIM_VERIFIED: lambda details, names: f"Bekräftad uppgift: {names.claims.get(details['claim_id'], '')}.",
    NoteKind.CONTACT_SAFETY_SET: _contact,
    NoteKind.WAITING: lambda details, _names: f"Väntar på {details['waiting_for']} till {details['until']}.",
    NoteKind.RESUMED: lambda _details, _names: "Ärendet togs upp igen.",
    NoteKind.REPORT_HANDED_OVER: lambda details, _names: f"Orosanmälan {details['report_reference']} lämnades.",
    NoteKind.REPORT_ACKNOWLEDGED: lambda details, _names: (
        f"Orosanmälan {details['report_reference']} är bekräftad mottagen."
    ),
    NoteKind.REPORT_ANSWERED: lambda details, _names: (
        f"Svar på orosanmälan {details['report_reference']}: {ANSWERS[details['answer']]}."
    ),
    NoteKind.CONCERN_SETTLED: lambda details, _names: (
        f"Oron är utredd enligt {details['settled_by']}, {details['on']}."
    ),
    NoteKind.STILL_AWAY: _said_in_round(": eleven är kvar borta, inget nytt"),
    NoteKind.BACK_AFTER_BREAK: _said_in_round(": eleven kom tillbaka efter lovet"),
    NoteKind.RETURN_TAKEN_BACK: _said_in_round(" har ändrat sitt svar: eleven är inte tillbaka"),
    NoteKind.RETURN_REPORTED: lambda details, names: (
        f"{_school(details, names)}: eleven är tillbaka sedan {details['on']}. Ska bekräftas."
    ),
    NoteKind.RETURN_CONFIRMED: lambda details, _names: (
        f"Återkomsten är bekräftad: på plats {details['on']}, sedd av {details['seen_by']}."
    ),
    NoteKind.RETURN_DENIED: lambda _details, _names: "Återkomsten stämde inte. Ärendet är där det var.",
    NoteKind.CLOSED: lambda details, _names: f"Avslutat: {OUTCOMES[Outcome(details['outcome'])][0].lower()}.",
    NoteKind.REOPENED: lambda _details, _names: "Ärendet öppnades igen.",
}
"""The sentence for each kind of line; the words of whoever wrote it come after."""
