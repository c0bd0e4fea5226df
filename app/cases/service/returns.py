"""A child that is said to be back, and the child that has been seen."""

from datetime import date
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
from app.cases.service.steps import restart_step
from app.cases.types import (
    CaseState,
    ClaimedBy,
    ConfirmReturn,
    DeadlineKind,
    NewClaim,
    NoteKind,
    Outcome,
    Whereabouts,
)
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import InvalidTransition, Refused
from app.routine.queries import get_routine


def note_return_reported(session: Session, actor: Actor, entry_id: UUID, on: date) -> None:
    """Note that a school says its pupil is back since a day: a claim, which the coordinator confirms.

    Without a case behind the school's row nothing happens. A closed case only gets the line, unless it was closed
    without anybody knowing where the child was.
    """
    source = queries.find_source(session, entry_id)
    if source is None:
        return
    case = queries.get_case_of_source(session, source)
    if case.outcome is Outcome.UNKNOWN:
        case = take_up(session, actor, case)
    if case.is_open:
        claim = NewClaim("", ClaimedBy.SCHOOL_STAFF, claimed_on=on, whereabouts=Whereabouts.IN_SCHOOL)
        keep_claim(session, case, claim)
    if case.is_open and case.state is not CaseState.RETURNING:
        step = get_routine(session, case.routine_version_id, visible_to=actor).start_of_return
        deadlines.cancel_deadlines(session, case, DeadlineKind.STEP, DeadlineKind.WAITING)
        case.begin_return(step_key=step.key)
        deadlines.start_step(session, case, step)
    details = {"unit_id": str(source.school_unit_id), "on": on.isoformat()}
    write_note(session, actor, case, NoteKind.RETURN_REPORTED, details=details)
    record(session, actor, AuditAction.CASE_RETURN_REPORTED, case.id, entry_id=str(entry_id))


def confirm_return(session: Session, actor: Actor, case: Case, command: ConfirmReturn) -> None:
    """Note who has seen the child back and when; or, without a day, why it was not so, and go back.

    Raises `InvalidTransition` unless a return has been reported, `Refused` for a day to come or when it is confirmed.
    """
    require_version(case, command.version)
    if case.state is not CaseState.RETURNING:
        raise InvalidTransition("case", case.state, CaseState.RETURNING)
    if case.returned_on is not None:
        raise Refused("return_is_confirmed")
    if command.returned_on is None:
        _deny(session, actor, case, command.seen_by)
        return
    if command.returned_on > clock.today():
        raise Refused("returned_in_the_future")
    routine = get_routine(session, case.routine_version_id, visible_to=actor)
    following = routine.after(routine.start_of_return) or routine.start_of_return
    deadlines.meet_deadline(session, case, DeadlineKind.STEP)
    case.confirm_return(command.returned_on, step_key=following.key, at=clock.now())
    deadlines.start_step(session, case, following)
    details = {"on": command.returned_on.isoformat(), "seen_by": command.seen_by}
    write_note(session, actor, case, NoteKind.RETURN_CONFIRMED, details=details)
    record(session, actor, AuditAction.CASE_RETURN_CONFIRMED, case.id)


def _deny(session: Session, actor: Actor, case: Case, why: str) -> None:
    deadlines.meet_deadline(session, case, DeadlineKind.STEP)
    case.deny_return()
    restart_step(session, actor, case)
    write_note(session, actor, case, NoteKind.RETURN_DENIED, text=why)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["state"])
