"""The queue: what a coordinator has before them, the shortest clock first, in a fixed number of questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select, tuple_
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.cases.models import Case, CaseNote, CaseSource, Deadline
from app.cases.queries.records import is_visible, suggestions_by_case
from app.cases.types import CaseState, DeadlineKind, NoteKind, QueueFilter, QueueTab, QueueTime, SuggestionReason
from app.kernel import clock
from app.kernel.identity_number import find_number
from app.kernel.pagination import PAGE_SIZE, Page
from app.pupils.models import Child
from app.pupils.queries import number_index
from app.pupils.types import comparable_name
from app.routine.models import RoutineStep

MOST_FOUND: Final = 100
"""Rows that a search shows: who gets more narrows it down."""
_STATE_OF_TAB: Final = {
    QueueTab.TO_ASSESS: CaseState.TO_ASSESS,
    QueueTab.WAITING: CaseState.WAITING,
    QueueTab.RETURNING: CaseState.RETURNING,
    QueueTab.CLOSED: CaseState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case as the queue shows it."""

    case: Case
    due_at: datetime | None
    due_kind: DeadlineKind | None
    step_title: str | None
    assignee_name: str | None
    last_at: datetime | None
    last_kind: NoteKind | None
    suggestions: Sequence[tuple[Case, SuggestionReason]]
    has_other_name: bool
    """Whether its child's number has come with another name too."""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many cases each tab of open ones holds, and how many press."""

    by_tab: Mapping[QueueTab, int]
    late: int
    today: int
    to_review: int


def list_queue(
    session: Session, *, visible_to: Actor, tab: QueueTab, narrow: QueueFilter | None = None, number: int = 1
) -> Page[QueueRow]:
    """Return a page of a tab, the shortest clock first; of closed cases, the last closed first."""
    wanted = _narrowed(_tab(select(Case), tab, visible_to), narrow or QueueFilter())
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // PAGE_SIZE)))
    order = (Case.closed_at.desc(), Case.id) if tab is QueueTab.CLOSED else (Case.next_due_at, Case.id)
    cases = session.scalars(
        wanted.options(joinedload(Case.child), joinedload(Case.school_unit))
        .order_by(*order)
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    return Page(items=_rows(session, cases, visible_to), number=number, size=PAGE_SIZE, total=total)


def list_found_cases(session: Session, words: str, *, visible_to: Actor) -> Sequence[QueueRow]:
    """Return the cases, closed ones too, that a reference, an identity number or words of a name lead to.

    Numbers are found by their keyed hash. Names are compared decrypted, among those the actor may see; each word typed
    must begin a word of the name. The open and most pressing come first, at most `MOST_FOUND` of them.
    """
    scope = select(Case).where(is_visible(visible_to))
    number = find_number(words, today=clock.today())
    if words.strip().upper().startswith("K-"):
        found = scope.where(Case.reference == words.strip().upper())
    elif number is not None:
        index = number_index(visible_to.municipality_id, number.unmasked())
        found = scope.join(Child, Child.id == Case.child_id).where(
            (Child.number_index == index) | (Child.temporary_index == index)
        )
    else:
        found = scope.where(Case.id.in_(_ids_by_name(session, words, visible_to)))
    cases = session.scalars(
        found.options(joinedload(Case.child), joinedload(Case.school_unit))
        .order_by(Case.state == CaseState.CLOSED, Case.next_due_at, Case.closed_at.desc(), Case.id)
        .limit(MOST_FOUND)
    ).all()
    return _rows(session, cases, visible_to)


def list_queue_rows(session: Session, case_ids: Iterable[UUID], *, visible_to: Actor) -> Sequence[QueueRow]:
    """Return those of some cases that the actor may see, as the queue shows them, by reference."""
    cases = session.scalars(
        select(Case)
        .where(Case.id.in_(list(case_ids)), is_visible(visible_to))
        .options(joinedload(Case.child), joinedload(Case.school_unit))
        .order_by(Case.reference, Case.id)
    ).all()
    return _rows(session, cases, visible_to)


def get_counts(session: Session, *, visible_to: Actor) -> QueueCounts:
    """Return how many open cases each tab has, how many are late or due today, how many closed to look at again.

    Closed cases only grow in number, so they are not counted but where somebody asks for them.
    """
    conditions: dict[Any, Any] = {tab: _condition(tab, visible_to) for tab in QueueTab if tab is not QueueTab.CLOSED}
    conditions |= {time: _time_condition(time) for time in (QueueTime.LATE, QueueTime.TODAY)}
    counted = session.execute(
        select(*(func.coalesce(func.sum(sql_case((each, 1), else_=0)), 0) for each in conditions.values())).where(
            is_visible(visible_to), Case.state != CaseState.CLOSED
        )
    ).one()
    figures = dict(zip(conditions, counted, strict=True))
    to_review = select(func.count(Case.id)).where(is_visible(visible_to), _time_condition(QueueTime.REVIEW))
    return QueueCounts(
        by_tab={tab: figures[tab] for tab in conditions if isinstance(tab, QueueTab)},
        late=figures[QueueTime.LATE],
        today=figures[QueueTime.TODAY],
        to_review=session.scalar(to_review) or 0,
    )


def find_most_urgent(session: Session, *, visible_to: Actor) -> UUID | None:
    """Return the open case with the shortest clock."""
    return session.scalar(
        select(Case.id)
        .where(is_visible(visible_to), Case.state != CaseState.CLOSED)
        .order_by(Case.next_due_at, Case.id)
        .limit(1)
    )


def _tab(statement: Select[Case], tab: QueueTab, actor: Actor) -> Select[Case]:
    return statement.where(is_visible(actor), _condition(tab, actor))


def _condition(tab: QueueTab, actor: Actor) -> Any:
    if tab is QueueTab.ALL:
        return Case.state != CaseState.CLOSED
    if tab is QueueTab.MINE:
        return and_(Case.state != CaseState.CLOSED, Case.assignee_id == actor.account_id)
    return Case.state == _STATE_OF_TAB[tab]


def _time_condition(wanted: QueueTime) -> Any:
    now = clock.now()
    if wanted is QueueTime.REVIEW:
        return and_(Case.state == CaseState.CLOSED, Case.review_on <= clock.today())
    if wanted is QueueTime.LATE:
        return and_(Case.state != CaseState.CLOSED, Case.next_due_at < now)
    midnight = clock.at(clock.today() + timedelta(days=1), time())
    return and_(Case.state != CaseState.CLOSED, Case.next_due_at >= now, Case.next_due_at < midnight)


def _narrowed(statement: Select[Case], narrow: QueueFilter) -> Select[Case]:
    if narrow.state is not None:
        statement = statement.where(Case.state == narrow.state)
    if narrow.time is not None:
        statement = statement.where(_time_condition(narrow.time))
    if narrow.school_unit_id is not None:
        reported = exists().where(CaseSource.case_id == Case.id, CaseSource.school_unit_id == narrow.school_unit_id)
        statement = statement.where(reported)
    return statement


def _ids_by_name(session: Session, words: str, actor: Actor) -> Sequence[UUID]:
    wanted = comparable_name(words).split()
    if not wanted:
        return ()
    rows = session.execute(select(Case.id, Child).join(Child, Child.id == Case.child_id).where(is_visible(actor)))
    return [case_id for case_id, child in rows if _begins(wanted, comparable_name(child.name).split())]


def _begins(wanted: Iterable[str], name: Sequence[str]) -> bool:
    return all(any(part.startswith(word) for part in name) for word in wanted)


def _rows(session: Session, cases: Sequence[Case], actor: Actor) -> list[QueueRow]:
    ids = [case.id for case in cases]
    deadlines = _next_deadlines(session, ids)
    titles = _titles(session, cases)
    events = _last_events(session, ids)
    names = names_by_id(session, {case.assignee_id for case in cases if case.assignee_id}, visible_to=actor)
    suggestions = suggestions_by_case(session, ids, visible_to=actor)
    two_named = _two_named(session, ids)
    return [
        QueueRow(
            case=case,
            due_at=deadline.due_at if (deadline := deadlines.get(case.id)) else None,
            due_kind=deadline.kind if deadline else None,
            step_title=titles.get((case.routine_version_id, case.step_key)),
            assignee_name=names.get(case.assignee_id) if case.assignee_id else None,
            last_at=events[case.id][0] if case.id in events else None,
            last_kind=events[case.id][1] if case.id in events else None,
            suggestions=suggestions.get(case.id, ()),
            has_other_name=case.id in two_named,
        )
        for case in cases
    ]


def _next_deadlines(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Deadline]:
    running = session.scalars(
        select(Deadline)
        .where(Deadline.case_id.in_(ids), Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None))
        .order_by(Deadline.due_at.desc(), Deadline.id)
    )
    return {deadline.case_id: deadline for deadline in running}


def _two_named(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    told = select(CaseNote.case_id).where(CaseNote.case_id.in_(ids), CaseNote.kind == NoteKind.OTHER_NAME)
    return frozenset(session.scalars(told))


def _titles(session: Session, cases: Sequence[Case]) -> Mapping[tuple[UUID, str | None], str]:
    places = sorted({(case.routine_version_id, case.step_key) for case in cases if case.step_key})
    rows = session.execute(
        select(RoutineStep.routine_version_id, RoutineStep.key, RoutineStep.title).where(
            tuple_(RoutineStep.routine_version_id, RoutineStep.key).in_(places)
        )
    )
    return {(version_id, key): title for version_id, key, title in rows}


def _last_events(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, tuple[datetime, NoteKind]]:
    place = (
        func.row_number()
        .over(
            partition_by=CaseNote.case_id,
            order_by=(CaseNote.happened_at.desc(), CaseNote.recorded_at.desc(), CaseNote.id),
        )
        .label("place")
    )
    ranked = (
        select(CaseNote.case_id, CaseNote.happened_at, CaseNote.kind, place)
        .where(CaseNote.case_id.in_(ids), CaseNote.kind != NoteKind.ASSIGNED)
        .subquery()
    )
    rows = session.execute(select(ranked).where(ranked.c.place == 1))
    return {row.case_id: (row.happened_at, row.kind) for row in rows}
