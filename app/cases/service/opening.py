"""Opening cases: one per child, whoever reports it and however often, and nothing that was reported is lost."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.audit.types import AuditAction
from app.cases import queries
from app.cases.models import Case, CaseCounter, CaseSource
from app.cases.service import deadlines
from app.cases.service.chronology import keep_claim, write_note
from app.cases.service.likenesses import add_suggestion, suggest, tell_other_name
from app.cases.service.protection import ask_about_protection, withhold_case
from app.cases.service.references import lock_counter, next_reference
from app.cases.types import (
    CaseState,
    ContactSafety,
    DeadlineKind,
    NoteKind,
    OpenCase,
    OpenReason,
    ReopenCase,
    SuggestionReason,
)
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.encryption import blind_index
from app.kernel.errors import Refused
from app.pupils.models import Child
from app.pupils.queries import find_child
from app.pupils.service import find_or_add_child, revise_child
from app.pupils.types import ChildIdentity, comparable_name
from app.routine.queries import get_current_routine
from app.routine.types import Routine
from app.schools.queries import get_calendar
from app.schools.types import WorkingCalendar


@dataclass(frozen=True, slots=True, repr=False)
class _Desk:
    """What the cases opened in one go have in common."""

    session: Session
    actor: Actor
    counter: CaseCounter
    routine: Routine
    calendar: WorkingCalendar

    def due(self, reason: OpenReason) -> datetime:
        """When something new must have been looked at."""
        return self.calendar.due(clock.now(), self.routine.entry.time_allowed(is_urgent=reason.is_urgent))


def open_case(session: Session, actor: Actor, command: OpenCase) -> Case:
    """Open a case, or join the open one of the same child or the same row of a school.

    Another school, or the same school with something new, adds its source, its claims and its words to the case that is
    there; what presses more rules. A closed case is taken up again when its own school says something new, and so is
    one whose child was seen back when a school misses it anew. The same said twice changes nothing. Raises `NotFound`
    while the municipality has no routine.
    """
    return open_cases(session, actor, [command])[0]


def open_cases(session: Session, actor: Actor, commands: Sequence[OpenCase]) -> list[Case]:
    """Open or join a case for each child of one answer; see `open_case`."""
    if not commands:
        return []
    municipality_id = actor.municipality_id
    desk = _Desk(
        session,
        actor,
        # Locked first of all: two schools that report the same two children in different order would wait in a ring.
        lock_counter(session, actor),
        get_current_routine(session, municipality_id),
        get_calendar(session, municipality_id),
    )
    return [_open(desk, command) for command in commands]


def reopen_case(session: Session, actor: Actor, case: Case, command: ReopenCase) -> None:
    """Take up a closed case again from the start of the routine.

    Raises `InvalidTransition` when it is open, `Refused` when the child has another open case, `Conflict` when the case
    has changed since the person read it.
    """
    require_version(case, command.version)
    lock_counter(session, actor)
    if queries.find_open_case(session, case.child_id) is not None and not case.is_open:
        raise Refused("child_has_an_open_case")
    _reopen(session, actor, case, command.reason)


def take_up(session: Session, actor: Actor, case: Case) -> Case:
    """Take up a closed case that its school says something new about, unless the child has an open one: then that."""
    lock_counter(session, actor)
    other = queries.find_open_case(session, case.child_id)
    if other is None:
        _reopen(session, actor, case, "")
    return other or case


def _open(desk: _Desk, command: OpenCase) -> Case:
    source = queries.find_source(desk.session, command.entry_id) if command.entry_id else None
    if source is not None:
        return _hear_again(desk, source, command)
    child = find_or_add_child(desk.session, desk.actor.municipality_id, command.identity)
    case = queries.find_open_case(desk.session, child.id)
    return _create(desk, child, command) if case is None else _join(desk, case, child, command)


def _create(desk: _Desk, child: Child, command: OpenCase) -> Case:
    case = Case(
        municipality_id=desk.actor.municipality_id,
        reference=next_reference(desk.counter),
        child_id=child.id,
        child=child,
        state=CaseState.TO_ASSESS,
        routine_version_id=desk.routine.id,
        step_key=desk.routine.entry.key,
        opened_at=clock.now(),
        opened_because=command.reason,
        round_id=command.round_id,
        school_unit_id=command.school_unit_id,
        school_class=command.school_class,
        grade_band=command.grade_band,
        contact_safety=command.contact_safety,
        contact_safety_by=command.contact_safety_by,
        contact_safety_on=None if command.contact_safety is ContactSafety.UNKNOWN else clock.today(),
        last_present_on=command.last_present_on,
    )
    desk.session.add(case)
    desk.session.flush()
    deadlines.start_step(desk.session, case, desk.routine.entry)
    _keep_source(desk, case, command)
    _keep_new_claims(desk, case, command)
    kind = NoteKind.SCHOOL_ANSWERED if command.entry_id else NoteKind.REPORT_WRITTEN
    write_note(desk.session, desk.actor, case, kind, text=command.note, details=_details(command))
    tell_other_name(desk.session, desk.actor, case, child, command)
    suggest(desk.session, case, child)
    record(desk.session, desk.actor, AuditAction.CASE_OPENED, case.id, reason=command.reason.value, **_where(command))
    return case


def _join(desk: _Desk, case: Case, child: Child, command: OpenCase) -> Case:
    _keep_source(desk, case, command)
    if command.is_missed and case.returned_on is not None:
        _reopen(desk.session, desk.actor, case, "")
    details = _details(command)
    if comparable_name(child.name) != comparable_name(command.identity.name):
        details["name"] = command.identity.name
    kind = NoteKind.SCHOOL_ANSWERED if command.entry_id else NoteKind.REPORT_WRITTEN
    _take_in(desk, case, command, kind, details)
    tell_other_name(desk.session, desk.actor, case, child, command)
    record(desk.session, desk.actor, AuditAction.CASE_JOINED, case.id, **_where(command))
    return case


def _hear_again(desk: _Desk, source: CaseSource, command: OpenCase) -> Case:
    case = queries.get_case_of_source(desk.session, source)
    content = _content_index(desk.actor, command)
    if source.content_index == content:
        return case
    source.content_index = content
    if not case.is_open:
        case = take_up(desk.session, desk.actor, case)
    if command.is_protected:
        withhold_case(desk.session, desk.actor, case)
    if command.is_said_protected:
        ask_about_protection(desk.session, case, desk.due(OpenReason.URGENT))
    else:
        _take_identity(desk, case, command.identity)
    _take_in(desk, case, command, NoteKind.SCHOOL_CHANGED, _details(command))
    record(desk.session, desk.actor, AuditAction.CASE_JOINED, case.id, **_where(command))
    return case


def _take_in(desk: _Desk, case: Case, command: OpenCase, kind: NoteKind, details: dict[str, str]) -> None:
    """Let a case take in what a further source, or the same once more, has said."""
    case.hear_concern(command.reason)
    stricter = case.contact_safety.stricter(command.contact_safety)
    if stricter is not case.contact_safety:
        case.contact_safety, case.contact_safety_by = stricter, command.contact_safety_by
        case.contact_safety_on = clock.today()
    days = [day for day in (case.last_present_on, command.last_present_on) if day]
    case.last_present_on = max(days, default=None)
    case.grade_band = command.grade_band or case.grade_band
    if not case.is_protected:
        case.school_class = case.school_class or command.school_class
    _keep_new_claims(desk, case, command)
    write_note(desk.session, desk.actor, case, kind, text=command.note, details=details)
    due_at = desk.due(command.reason)
    awaited = DeadlineKind.STEP if case.state is CaseState.TO_ASSESS else DeadlineKind.NEW_INFORMATION
    if not deadlines.tighten_deadline(desk.session, case, awaited, due_at):
        deadlines.add_deadline(desk.session, case, awaited, due_at)


def _take_identity(desk: _Desk, case: Case, identity: ChildIdentity) -> None:
    """Let a school correct who its own pupil is, without ever making two children one or one child another's."""
    child = queries.get_child(desk.session, case)
    if case.is_protected:
        return
    same = find_child(desk.session, case.municipality_id, identity.number or "") if identity.is_proof else None
    if same is not None and same.id == child.id:
        return
    if not child.has_proof and same is None:
        changed = revise_child(desk.session, child, identity)
    elif not identity.is_proof:
        return
    else:
        changed = _move(desk, case, identity)
    if changed:
        write_note(desk.session, desk.actor, case, NoteKind.IDENTITY_CHANGED, details={"kind": identity.kind.value})
        suggest(desk.session, case, queries.get_child(desk.session, case))


def _move(desk: _Desk, case: Case, identity: ChildIdentity) -> bool:
    """Let the case be about the child of another number, unless others rely on the one it is about."""
    child = find_or_add_child(desk.session, case.municipality_id, identity)
    other = queries.find_open_case(desk.session, child.id)
    if other is not None:
        add_suggestion(desk.session, case, other, SuggestionReason.SAME_NUMBER)
        return False
    if queries.count_sources(desk.session, case) > 1:
        return False
    case.child_id, case.child = child.id, child
    desk.session.flush()
    return True


def _reopen(session: Session, actor: Actor, case: Case, reason: str) -> None:
    routine = get_current_routine(session, case.municipality_id)
    case.reopen(step_key=routine.entry.key, routine_version_id=routine.id)
    deadlines.cancel_deadlines(session, case, DeadlineKind.STEP, DeadlineKind.WAITING)
    deadlines.start_step(session, case, routine.entry)
    write_note(session, actor, case, NoteKind.REOPENED, text=reason)
    record(session, actor, AuditAction.CASE_REOPENED, case.id)


def _keep_source(desk: _Desk, case: Case, command: OpenCase) -> None:
    desk.session.add(
        CaseSource(
            municipality_id=case.municipality_id,
            case_id=case.id,
            school_unit_id=command.school_unit_id,
            entry_id=command.entry_id,
            invitation_id=command.invitation_id,
            content_index=_content_index(desk.actor, command),
        )
    )


def _keep_new_claims(desk: _Desk, case: Case, command: OpenCase) -> None:
    known = [claim.to_new_claim() for claim in queries.list_claims(desk.session, case)]
    for claim in command.claims:
        if claim not in known:
            keep_claim(desk.session, case, claim)


def _content_index(actor: Actor, command: OpenCase) -> bytes:
    content = json.dumps(asdict(command), default=str, sort_keys=True)
    return blind_index(actor.municipality_id, "case-source", content)


def _details(command: OpenCase) -> dict[str, str]:
    return {"reason": command.reason.value, "unit_id": str(command.school_unit_id)}


def _where(command: OpenCase) -> dict[str, str | None]:
    return {
        "school_unit_id": str(command.school_unit_id),
        "entry_id": str(command.entry_id) if command.entry_id else None,
    }
