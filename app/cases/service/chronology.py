"""What happened, in order, never changed; and what is said, kept apart from what there is to show for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases.models import Case, CaseNote, Claim
from app.cases.types import WRITTEN_BY_HAND, AddNote, CorrectNote, NewClaim, NoteKind
from app.kernel import clock
from app.kernel.errors import Refused

Details = Mapping[str, Any] | None


def add_note(session: Session, actor: Actor, case: Case, command: AddNote) -> CaseNote:
    """Add a line that a person writes. Raises `Refused` for a kind that comes from what is done, or a time to come."""
    if command.kind not in WRITTEN_BY_HAND:
        raise Refused("note_kind_is_automatic")
    _require_past(command.happened_at)
    note = write_note(session, actor, case, command.kind, text=command.text, happened_at=command.happened_at)
    record(session, actor, AuditAction.CASE_NOTE_ADDED, case.id, note_id=str(note.id))
    return note


def correct_note(session: Session, actor: Actor, note: CaseNote, case: Case, command: CorrectNote) -> CaseNote:
    """Add what a note should have said; the note itself stays. A note is corrected once, its correction likewise.

    Raises `Refused` when it has been corrected already, or comes from what was done rather than from a hand.
    """
    if note.kind not in WRITTEN_BY_HAND:
        raise Refused("note_kind_is_automatic")
    _require_past(command.happened_at)
    correction = _note(
        session, actor, case, note.kind, text=command.text, details=None, happened_at=command.happened_at
    )
    correction.corrects_id = note.id
    try:
        with session.begin_nested():
            session.add(correction)
    except IntegrityError:
        raise Refused("note_is_corrected") from None
    record(session, actor, AuditAction.CASE_NOTE_CORRECTED, case.id, note_id=str(correction.id))
    return correction


def write_note(
    session: Session,
    actor: Actor,
    case: Case,
    kind: NoteKind,
    *,
    text: str = "",
    details: Details = None,
    happened_at: datetime | None = None,
) -> CaseNote:
    """Add a line to the chronology, with the writer's name as it is now."""
    note = _note(session, actor, case, kind, text=text, details=details, happened_at=happened_at or clock.now())
    session.add(note)
    session.flush()
    return note


def add_claim(session: Session, actor: Actor, case: Case, command: NewClaim) -> Claim:
    """Add what somebody says. Raises `Refused` when it is said to have been said in the future."""
    if command.claimed_on is not None and command.claimed_on > clock.today():
        raise Refused("claimed_in_the_future")
    claim = keep_claim(session, case, command)
    write_note(session, actor, case, NoteKind.CLAIM_ADDED, details={"claim_id": str(claim.id)})
    record(session, actor, AuditAction.CASE_CLAIM_ADDED, case.id, claim_id=str(claim.id))
    return claim


def keep_claim(session: Session, case: Case, command: NewClaim) -> Claim:
    """Keep a claim with its case."""
    claim = Claim(
        municipality_id=case.municipality_id,
        case_id=case.id,
        text=command.text,
        claimed_by=command.claimed_by,
        claimed_on=command.claimed_on,
        whereabouts=command.whereabouts,
        evidence=command.evidence,
        evidence_text=command.evidence_text,
        recorded_at=clock.now(),
    )
    session.add(claim)
    session.flush()
    return claim


def verify_claim(session: Session, actor: Actor, claim: Claim, case: Case, how: str) -> None:
    """Stand for a claim, saying how it was verified. Raises `InvalidTransition` when somebody already does."""
    if actor.account_id is None:
        raise Refused("nobody_verifies")
    claim.verify(actor.account_id, at=clock.now())
    write_note(session, actor, case, NoteKind.CLAIM_VERIFIED, text=how, details={"claim_id": str(claim.id)})
    record(session, actor, AuditAction.CASE_CLAIM_VERIFIED, case.id, claim_id=str(claim.id))


def _note(
    session: Session, actor: Actor, case: Case, kind: NoteKind, *, text: str, details: Details, happened_at: datetime
) -> CaseNote:
    return CaseNote(
        municipality_id=case.municipality_id,
        case_id=case.id,
        kind=kind,
        happened_at=happened_at,
        recorded_at=clock.now(),
        text=text,
        details=dict(details) if details else None,
        author_id=actor.account_id,
        author_label=_label(session, actor),
    )


def _label(session: Session, actor: Actor) -> str:
    if actor.account_id is None:
        return ""
    return names_by_id(session, [actor.account_id], visible_to=actor).get(actor.account_id, "")


def _require_past(happened_at: datetime) -> None:
    if happened_at > clock.now():
        raise Refused("happened_in_the_future")
