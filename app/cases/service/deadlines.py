"""Deadlines as rows, and the case's clock: the earliest of those that run."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases import queries
from app.cases.models import Case, Deadline
from app.cases.types import DeadlineKind
from app.kernel import clock
from app.routine.types import Step
from app.schools.queries import get_calendar


def add_deadline(
    session: Session,
    case: Case,
    kind: DeadlineKind,
    due_at: datetime,
    *,
    legal_reference_key: str | None = None,
    label_key: str | None = None,
) -> Deadline:
    """Let something be due in a case."""
    deadline = Deadline(
        municipality_id=case.municipality_id,
        case_id=case.id,
        kind=kind,
        label_key=label_key or kind.value,
        legal_reference_key=legal_reference_key,
        due_at=due_at,
    )
    session.add(deadline)
    set_clock(session, case)
    return deadline


def meet_deadline(session: Session, case: Case, kind: DeadlineKind) -> None:
    """Note that the earliest running deadline of a kind has been met, late or not; without one nothing happens."""
    if running := queries.list_running_deadlines(session, case.id, kind):
        running[0].met_at = clock.now()
        set_clock(session, case)


def cancel_deadlines(session: Session, case: Case, *kinds: DeadlineKind) -> None:
    """Stop every running deadline of the kinds, or of all kinds when none is named: what they were for fell away."""
    for deadline in queries.list_running_deadlines(session, case.id, *kinds):
        deadline.cancelled_at = clock.now()
    set_clock(session, case)


def start_step(session: Session, case: Case, step: Step) -> None:
    """Start the clock of the step a case now stands at. The one before must have been met or cancelled."""
    due_at = get_calendar(session, case.municipality_id).due(
        clock.now(), step.time_allowed(is_urgent=case.opened_because.is_urgent)
    )
    add_deadline(
        session,
        case,
        DeadlineKind.STEP,
        due_at,
        legal_reference_key=step.legal_reference_key,
        label_key=step.key,
    )


def tighten_deadline(session: Session, case: Case, kind: DeadlineKind, due_at: datetime) -> bool:
    """Move a running deadline of a kind forward if it is later than `due_at`; return whether there is one at all."""
    running = queries.list_running_deadlines(session, case.id, kind)
    for deadline in running:
        deadline.due_at = min(deadline.due_at, due_at)
    set_clock(session, case)
    return bool(running)


def set_clock(session: Session, case: Case) -> None:
    """Bring the case's clock up to its running deadlines."""
    session.flush()
    case.next_due_at = session.scalar(
        select(func.min(Deadline.due_at)).where(
            Deadline.case_id == case.id, Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None)
        )
    )
