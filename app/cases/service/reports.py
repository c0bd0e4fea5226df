"""What a case learns about the reports of concern that are written from it or for its child."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases.models import Case
from app.cases.service.chronology import write_note
from app.cases.service.steps import finish_step
from app.cases.types import CaseState, NoteKind, OpenReason
from app.routine.queries import get_routine
from app.routine.types import StepAction


def note_report_handed_over(session: Session, actor: Actor, case: Case, *, report_reference: str, at: datetime) -> None:
    """Note that a report of concern has left the house: the step of the routine is done, a stronger secrecy begins."""
    case.reported_at = min(case.reported_at, at) if case.reported_at else at
    case.hear_concern(OpenReason.REPORT_OF_CONCERN)
    details = {"report_reference": report_reference}
    write_note(session, actor, case, NoteKind.REPORT_HANDED_OVER, details=details, happened_at=at)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["reported_at"])
    if case.step_key is not None:
        routine = get_routine(session, case.routine_version_id, visible_to=actor)
        step = routine.step(case.step_key)
        if step.action is StepAction.REPORT:
            if case.state is CaseState.WAITING:
                case.resume()
            finish_step(session, actor, case, routine, step)


def note_report_acknowledged(
    session: Session, actor: Actor, case: Case, *, report_reference: str, at: datetime
) -> None:
    """Note that the receiver has acknowledged a report of concern."""
    details = {"report_reference": report_reference}
    write_note(session, actor, case, NoteKind.REPORT_ACKNOWLEDGED, details=details, happened_at=at)


def note_report_answered(
    session: Session, actor: Actor, case: Case, *, report_reference: str, answer: str, at: datetime
) -> None:
    """Note the receiver's answer (the code of referrals): an investigation opened, not opened, or already going on."""
    details = {"report_reference": report_reference, "answer": answer.lower()}
    write_note(session, actor, case, NoteKind.REPORT_ANSWERED, details=details, happened_at=at)
