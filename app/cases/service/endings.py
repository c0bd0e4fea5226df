"""Closing a case, and what must be shown before it may be."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases import queries
from app.cases.models import Case
from app.cases.service import deadlines
from app.cases.service.chronology import write_note
from app.cases.types import (
    PROOFS,
    CloseCase,
    DeadlineKind,
    NoteKind,
    Outcome,
    Proof,
    SettleConcern,
)
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import Refused


def settle_concern(session: Session, actor: Actor, case: Case, command: SettleConcern) -> None:
    """Note who judged that there is nothing to fear for the child any longer, and on what ground.

    Raises `InvalidTransition` when nobody fears anything, `Refused` for a day to come or without words.
    """
    require_version(case, command.version)
    if command.settled_on > clock.today():
        raise Refused("settled_in_the_future")
    if not command.settled_by.strip() or not command.reasons.strip():
        raise Refused("words_required")
    case.settle_concern(clock.now())
    details = {"on": command.settled_on.isoformat(), "settled_by": command.settled_by}
    write_note(session, actor, case, NoteKind.CONCERN_SETTLED, text=command.reasons, details=details)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["concern_settled_at"])


def close_case(session: Session, actor: Actor, case: Case, command: CloseCase) -> None:
    """End a case with an outcome and what shows it.

    Raises `Refused`: "proof_missing" and "proof_misdated" for what the outcome must be shown by;
    "report_is_unacknowledged" while nobody has confirmed that a report of concern arrived; "concern_is_open" for an
    outcome that ends the search for a child who is not here while somebody fears for it (that a stay abroad is lasting,
    skollagen 2010:800 7:2, is no neutral explanation then); "unknown_is_not_reported" for unknown whereabouts that
    social services have not been told of. `InvalidTransition` when it is closed, `Conflict` when it has changed since
    the person read it.
    """
    require_version(case, command.version)
    if reason := queries.find_refusal(session, case, command.outcome):
        raise Refused(reason)
    if command.missing():
        raise Refused("proof_missing")
    if command.misdated(clock.today()):
        raise Refused("proof_misdated")
    proofs = {proof.value: command.proofs[proof].strip() for proof in PROOFS[command.outcome]}
    at = clock.now()
    case.close(command.outcome, proofs, at=at)
    case.review_on = command.day(Proof.REVIEW_ON)
    if command.outcome is Outcome.RETURNED:
        case.returned_on = command.day(Proof.CONFIRMED_ON)
    deadlines.meet_deadline(session, case, DeadlineKind.STEP)
    deadlines.cancel_deadlines(session, case)
    details = {"outcome": command.outcome.value}
    write_note(session, actor, case, NoteKind.CLOSED, text=proofs.get(Proof.REASONS.value, ""), details=details)
    record(session, actor, AuditAction.CASE_CLOSED, case.id, outcome=command.outcome.value)
