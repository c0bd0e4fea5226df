"""Taking a case along the routine: assess it, do the step it stands at, wait for others, give it to somebody."""

from collections.abc import Iterable
from datetime import time
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.queries import list_by_role
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases import queries
from app.cases.models import Case
from app.cases.service import deadlines
from app.cases.service.chronology import write_note
from app.cases.types import (
    AssessCase,
    CaseState,
    CompleteStep,
    ContactSafety,
    DeadlineKind,
    NoteKind,
    SetContactSafety,
    WaitForOthers,
)
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import Conflict, Refused
from app.routine.queries import get_routine
from app.routine.types import Routine, Step, StepAction

ASK_AGAIN_AT: Final = time(16)
"""The hour, on the day chosen, when a case that waits for others is late."""
_DONE_BY_WRITING: Final = (StepAction.COMPLETE, StepAction.REPORT)


def assess_case(session: Session, actor: Actor, case: Case, command: AssessCase) -> None:
    """Choose the way on; a case that has been assessed may be assessed anew.

    Raises `Refused` without a motivation for another way than the evidence points to, such as "found abroad" when all
    there is is that the family says so. `Conflict` when the case has changed since the person read it.
    """
    require_version(case, command.version)
    recommended = queries.get_recommendation(session, case)
    if command.branch is not recommended and not command.motivation.strip():
        raise Refused("motivation_required")
    routine = get_routine(session, case.routine_version_id, visible_to=actor)
    deadlines.meet_deadline(session, case, DeadlineKind.STEP)
    deadlines.cancel_deadlines(session, case, DeadlineKind.WAITING, DeadlineKind.NEW_INFORMATION)
    step = _first_not_done(routine, routine.start_of(command.branch), case)
    case.assess(command.branch, step_key=step.key, at=clock.now())
    deadlines.start_step(session, case, step)
    details = {"branch": command.branch.value, "recommended": recommended.value}
    write_note(session, actor, case, NoteKind.ASSESSED, text=command.motivation, details=details)
    record(session, actor, AuditAction.CASE_ASSESSED, case.id, branch=command.branch.value)


def complete_step(session: Session, actor: Actor, case: Case, command: CompleteStep) -> None:
    """Write what was done at the step and go on to the next; or, departing from the routine, why it was not done.

    A report of concern completes its step by being handed over, so by hand one can only depart from it. Raises
    `Refused` without words, or for a step that ends by an assessment, a confirmed return or a closing; `Conflict` when
    the case no longer stands at the step the person had before them.
    """
    require_version(case, command.version)
    if case.step_key != command.step_key:
        raise Conflict("case step")
    routine = get_routine(session, case.routine_version_id, visible_to=actor)
    step = routine.step(command.step_key)
    if step.action not in _DONE_BY_WRITING or (step.action is StepAction.REPORT and not command.departs):
        raise Refused("step_ends_otherwise")
    if not command.text.strip():
        raise Refused("words_required")
    if case.state is CaseState.WAITING:
        case.resume()
    finish_step(session, actor, case, routine, step, text=command.text, departs=command.departs)


def finish_step(
    session: Session, actor: Actor, case: Case, routine: Routine, step: Step, *, text: str = "", departs: bool = False
) -> None:
    """Meet the step's deadline, write the line about it and start the step that follows."""
    following = routine.after(step)
    if following is None:
        raise Refused("step_ends_otherwise")
    deadlines.meet_deadline(session, case, DeadlineKind.STEP)
    deadlines.cancel_deadlines(session, case, DeadlineKind.WAITING)
    case.go_to(following.key)
    deadlines.start_step(session, case, following)
    details = {"step": step.key, "title": step.title, "departs": departs}
    write_note(session, actor, case, NoteKind.STEP_COMPLETED, text=text, details=details)
    record(session, actor, AuditAction.CASE_STEP_COMPLETED, case.id, step=step.key)


def wait_for_others(session: Session, actor: Actor, case: Case, command: WaitForOthers) -> None:
    """Let the step rest until a day, when somebody asks again. Raises `Refused` for a day that has been."""
    require_version(case, command.version)
    if command.until <= clock.today():
        raise Refused("waits_until_the_past")
    case.wait(command.waiting_for)
    deadlines.cancel_deadlines(session, case, DeadlineKind.STEP)
    deadlines.add_deadline(session, case, DeadlineKind.WAITING, clock.at(command.until, ASK_AGAIN_AT))
    details = {"waiting_for": command.waiting_for, "until": command.until.isoformat()}
    write_note(session, actor, case, NoteKind.WAITING, text=command.text, details=details)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["state"])


def resume_case(session: Session, actor: Actor, case: Case, text: str) -> None:
    """Take up a case that waits; its step gets its whole time again."""
    case.resume()
    deadlines.meet_deadline(session, case, DeadlineKind.WAITING)
    restart_step(session, actor, case)
    write_note(session, actor, case, NoteKind.RESUMED, text=text)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["state"])


def restart_step(session: Session, actor: Actor, case: Case) -> None:
    """Start the clock of the step a case stands at once more."""
    routine = get_routine(session, case.routine_version_id, visible_to=actor)
    deadlines.start_step(session, case, routine.step(case.step_key or ""))


def assign_case(session: Session, actor: Actor, case: Case, assignee_id: UUID) -> None:
    """Give a case to a coordinator. Raises `Refused` for somebody who is none."""
    assign_cases(session, actor, [case], assignee_id)


def assign_cases(session: Session, actor: Actor, cases: Iterable[Case], assignee_id: UUID) -> int:
    """Give cases to a coordinator and return how many changed hands; closed ones and those they have are left.

    Raises `Refused` for somebody who is no coordinator of the municipality.
    """
    names = {each.id: each.name for each in list_by_role(session, actor.municipality_id, Role.COORDINATOR)}
    if assignee_id not in names:
        raise Refused("not_a_coordinator")
    given = [case for case in cases if case.is_open and case.assignee_id != assignee_id]
    for case in given:
        case.assignee_id = assignee_id
        write_note(session, actor, case, NoteKind.ASSIGNED, details={"name": names[assignee_id]})
        record(session, actor, AuditAction.CASE_ASSIGNED, case.id, assignee_id=str(assignee_id))
    return len(given)


def set_contact_safety(session: Session, actor: Actor, case: Case, command: SetContactSafety) -> None:
    """Say whether guardians may be contacted. Raises `Refused` without who judged it, unless nobody knows."""
    require_version(case, command.version)
    if command.contact_safety is not ContactSafety.UNKNOWN and not command.judged_by.strip():
        raise Refused("judge_required")
    case.contact_safety, case.contact_safety_by = command.contact_safety, command.judged_by or None
    case.contact_safety_on = clock.today()
    details = {"contact_safety": command.contact_safety.value, "judged_by": command.judged_by}
    write_note(session, actor, case, NoteKind.CONTACT_SAFETY_SET, details=details)
    record(session, actor, AuditAction.CASE_CONTACT_SAFETY_SET, case.id, contact_safety=command.contact_safety.value)


def mark_information_read(session: Session, actor: Actor, case: Case) -> None:
    """Note that somebody has read what a school added; the clock for it stops."""
    deadlines.meet_deadline(session, case, DeadlineKind.NEW_INFORMATION)
    record(session, actor, AuditAction.CASE_CHANGED, case.id, fields=["new_information"])


def _first_not_done(routine: Routine, step: Step, case: Case) -> Step:
    """Return the first step of a way that remains when a report has been handed over already."""
    following = routine.after(step)
    is_done = step.action is StepAction.REPORT and case.reported_at is not None and case.is_concern_open
    return following if is_done and following is not None else step
