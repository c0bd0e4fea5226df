"""The queue in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.queries import list_by_role
from app.cases import queries
from app.cases.forms.queue import TAB_WORDS
from app.cases.forms.words import DEADLINES_TO_DO, LAST_EVENTS, OUTCOMES, PROTECTED_TO_DO, SUGGESTIONS
from app.cases.models import Case
from app.cases.queries import QueueCounts, QueueRow
from app.cases.types import CaseState, ContactSafety, DeadlineKind, QueueTab
from app.kernel import clock
from app.kernel.pagination import Page
from app.schools.models import SchoolUnit
from app.schools.queries import list_school_units
from app.surveys.queries import list_call_tasks

DO_NOT_CONTACT = frozenset({ContactSafety.MAY_NOT, ContactSafety.RAISES_RISK})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the queue."""

    case: Case
    due_at: datetime | None
    is_late: bool
    may_not_contact: bool
    place: str
    next_step: str
    assignee: str | None
    last_at: datetime | None
    last_words: str
    likenesses: Sequence[tuple[Case, str]]
    has_other_name: bool

    @property
    def is_unacknowledged(self) -> bool:
        """Whether what presses most is a report that nobody has confirmed, and the time for it is out."""
        return self.is_late and self.next_step == DEADLINES_TO_DO[DeadlineKind.REPORT_ACKNOWLEDGEMENT]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A tab of the queue and what stands around it."""

    tab: QueueTab
    counts: QueueCounts
    lines: Sequence[Line]
    page: Page[QueueRow]
    most_urgent_id: UUID | None
    protected: Sequence[tuple[SchoolUnit, int]]
    coordinators: Sequence[tuple[UUID, str]]
    units: Sequence[tuple[UUID, str]]
    narrowed_by: Mapping[str, Any]
    calls: int
    """Schools that have not answered the survey and wait to be phoned."""

    @property
    def word(self) -> str:
        """The tab's word in the address."""
        return TAB_WORDS[self.tab][0]

    @property
    def title(self) -> str:
        """What the tab is called."""
        return TAB_WORDS[self.tab][1]

    @property
    def open_count(self) -> int:
        """How many cases are open."""
        return self.counts.by_tab[QueueTab.ALL]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The tabs with their counts, as the component wants them."""
        return [
            {
                "text": label,
                "url": url_for("cases.list_cases", flik=word),
                "count": self.counts.by_tab.get(tab),
                "current": tab is self.tab,
            }
            for tab, (word, label) in TAB_WORDS.items()
        ]


def make_queue_page(
    session: Session, actor: Actor, tab: QueueTab, page: Page[QueueRow], narrowed_by: Mapping[str, Any]
) -> QueuePage:
    """Return what a tab shows."""
    return QueuePage(
        tab=tab,
        counts=queries.get_counts(session, visible_to=actor),
        lines=make_lines(page.items),
        page=page,
        most_urgent_id=queries.find_most_urgent(session, visible_to=actor),
        protected=queries.list_protected_units(session, visible_to=actor),
        coordinators=list_coordinators(session, actor),
        units=list_units(session, actor),
        narrowed_by=narrowed_by,
        calls=len(list_call_tasks(session, clock.now(), visible_to=actor)),
    )


def list_coordinators(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Return those who may have a case, by name."""
    return [(each.id, each.name) for each in list_by_role(session, actor.municipality_id, Role.COORDINATOR)]


def list_units(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Return the school units there are to choose from."""
    return [(unit.id, unit.name) for unit in list_school_units(session, visible_to=actor)]


def make_lines(rows: Sequence[QueueRow]) -> list[Line]:
    """Return rows of the queue in words."""
    return [_line(row) for row in rows]


def _line(row: QueueRow) -> Line:
    case = row.case
    return Line(
        case=case,
        due_at=row.due_at if case.is_open else None,
        is_late=row.due_at is not None and case.is_open and row.due_at < clock.now(),
        may_not_contact=case.is_open and case.contact_safety in DO_NOT_CONTACT,
        place=", ".join(filter(None, (case.school_unit.name, case.school_class))),
        next_step=_next_step(row),
        assignee=row.assignee_name,
        last_at=row.last_at,
        last_words=LAST_EVENTS[row.last_kind] if row.last_kind else "",
        likenesses=[(other, SUGGESTIONS[reason]) for other, reason in row.suggestions],
        has_other_name=row.has_other_name and case.is_open and not case.is_protected,
    )


def _next_step(row: QueueRow) -> str:
    case = row.case
    if case.outcome is not None:
        return OUTCOMES[case.outcome][0]
    if row.due_kind in DEADLINES_TO_DO:
        return DEADLINES_TO_DO[row.due_kind]
    if case.is_protected and case.state is CaseState.TO_ASSESS:
        return PROTECTED_TO_DO
    if case.state is CaseState.WAITING:
        return f"Invänta svar från {case.waiting_for}"
    return row.step_title or ""
