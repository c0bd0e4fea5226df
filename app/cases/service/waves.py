"""What schools say of a child they are asked about again: a line a round, and not the whole answer once more."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases import queries
from app.cases.models import Case
from app.cases.service import deadlines
from app.cases.service.chronology import keep_claim, write_note
from app.cases.service.opening import take_up
from app.cases.types import ClaimedBy, DeadlineKind, NewClaim, NoteKind, Whereabouts
from app.kernel import clock
from app.routine.queries import get_current_routine
from app.schools.queries import get_calendar


def note_still_away(session: Session, actor: Actor, entry_id: UUID, round_title: str) -> None:
    """Note that a school is asked again and has nothing new. Without a case behind its row nothing happens.

    A case that was closed until a day is taken up again when the child is away after it.
    """
    case = _note(session, actor, entry_id, NoteKind.STILL_AWAY, round_title)
    if case is not None and case.review_on is not None and case.review_on <= clock.today():
        take_up(session, actor, case)


def note_back_after_break(session: Session, actor: Actor, entry_id: UUID, round_title: str) -> None:
    """Note that a child came back that the school worried about: a claim. The worry itself is not over with that."""
    case = _note(session, actor, entry_id, NoteKind.BACK_AFTER_BREAK, round_title)
    if case is not None and case.is_open:
        seen = NewClaim("", ClaimedBy.SCHOOL_STAFF, claimed_on=clock.today(), whereabouts=Whereabouts.IN_SCHOOL)
        keep_claim(session, case, seen)


def note_return_taken_back(session: Session, actor: Actor, entry_id: UUID, round_title: str) -> None:
    """Note that a school takes back that a child has returned. Somebody has to look at it as at anything new."""
    case = _note(session, actor, entry_id, NoteKind.RETURN_TAKEN_BACK, round_title)
    if case is None or not case.is_open:
        return
    entry = get_current_routine(session, case.municipality_id).entry
    calendar = get_calendar(session, case.municipality_id)
    due_at = calendar.due(clock.now(), entry.time_allowed(is_urgent=case.opened_because.is_urgent))
    if not deadlines.tighten_deadline(session, case, DeadlineKind.NEW_INFORMATION, due_at):
        deadlines.add_deadline(session, case, DeadlineKind.NEW_INFORMATION, due_at)


def _note(session: Session, actor: Actor, entry_id: UUID, kind: NoteKind, round_title: str) -> Case | None:
    source = queries.find_source(session, entry_id)
    if source is None:
        return None
    case = queries.get_case_of_source(session, source)
    details = {"unit_id": str(source.school_unit_id), "round": round_title}
    note = write_note(session, actor, case, kind, details=details)
    record(session, actor, AuditAction.CASE_NOTE_ADDED, case.id, note_id=str(note.id))
    return case
