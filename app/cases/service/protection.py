"""A child whose personal data are protected: who it is goes, but what others have told only when it is confirmed."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases import queries
from app.cases.models import Case
from app.cases.service import deadlines
from app.cases.service.chronology import write_note
from app.cases.types import ConfirmProtection, DeadlineKind, NoteKind
from app.kernel import typed_forms
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.pupils.service import withhold_identity

ON_PROTECTED: Final[list[Callable[[Session, Actor, Collection[UUID]], None]]] = []
"""Capabilities above that keep what schools have told of a child, and must forget it with us, by the schools' rows."""


def confirm_protection(session: Session, actor: Actor, case: Case, command: ConfirmProtection) -> None:
    """Forget who the child is wherever a school has told it; or, when the school was wrong, note why and keep all.

    A coordinator's word alone does this: nobody can take another school's answers away by saying that a child is
    protected. Raises `Refused` when nobody has asked or without words, `Conflict` when the case has changed.
    """
    require_version(case, command.version)
    if not queries.list_running_deadlines(session, case.id, DeadlineKind.PROTECTION):
        raise Refused("nobody_asks_about_protection")
    if not command.reasons.strip():
        raise Refused("words_required")
    deadlines.meet_deadline(session, case, DeadlineKind.PROTECTION)
    if command.is_protected:
        _forget_child(session, actor, case)
        write_note(session, actor, case, NoteKind.NOTE, text=command.reasons)
    else:
        write_note(session, actor, case, NoteKind.PROTECTION_DENIED, text=command.reasons)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["is_protected"])


def ask_about_protection(session: Session, case: Case, due_at: datetime) -> None:
    """Let a coordinator confirm what one school says, before anything that others have told is taken away."""
    if not case.is_protected and not deadlines.tighten_deadline(session, case, DeadlineKind.PROTECTION, due_at):
        deadlines.add_deadline(session, case, DeadlineKind.PROTECTION, due_at)


def withhold_case(session: Session, actor: Actor, case: Case) -> None:
    """Forget who the child is, for every school: protected personal data are handled outside the system."""
    if not case.is_protected:
        withhold_identity(session, queries.get_child(session, case))
        case.is_protected, case.school_class = True, None
        typed_forms.forget_about(session, case.municipality_id, [case.id])
        _forget_words(session, case)
        write_note(session, actor, case, NoteKind.IDENTITY_WITHHELD)


def _forget_child(session: Session, actor: Actor, case: Case) -> None:
    cases = [case, *queries.list_earlier_cases(session, case)]
    sources = [source for each in cases for source in queries.list_sources(session, each)]
    for each in cases:
        withhold_case(session, actor, each)
    for hear in ON_PROTECTED:
        hear(session, actor, [source.entry_id for source in sources if source.entry_id])


def _forget_words(session: Session, case: Case) -> None:
    """Empty what schools have answered, and every claim: the words may hold who the child is.

    That something was said, when and by whom stays, and so do the notes that coordinators have written themselves.
    """
    for note in queries.list_notes(session, case):
        if note.details and "name" in note.details:
            note.details = {key: value for key, value in note.details.items() if key != "name"}
        if note.kind in (NoteKind.SCHOOL_ANSWERED, NoteKind.SCHOOL_CHANGED):
            note.text = ""
    for claim in queries.list_claims(session, case):
        claim.text, claim.evidence_text = "", None
