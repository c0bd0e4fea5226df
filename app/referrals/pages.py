"""What the pages of a report show beside its own words: the question pages as tasks, who and where one may choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.outbox.types import MessageState
from app.referrals import queries
from app.referrals.models import ReportOfConcern
from app.referrals.types import (
    PAGES,
    AcknowledgedBy,
    HandOverChannel,
    ReceiverAnswer,
    ReportPage,
    ReportStatus,
    status_of,
)
from app.schools.queries import get_municipality, list_school_units, list_swedish_municipalities

TITLES: Final = {
    ReportPage.CHILD: "Vem gäller anmälan?",
    ReportPage.DANGER: "Är det akut?",
    ReportPage.CONCERN: "Vad är du orolig för?",
    ReportPage.TOLD: "Vad har andra berättat?",
    ReportPage.BACKGROUND: "Vad har hänt tidigare?",
    ReportPage.TRAVEL: "Gäller det en resa?",
    ReportPage.FAMILY: "Vilka finns i familjen?",
    ReportPage.REPORTER: "Vem anmäler, och till vem?",
}

DETAILS: Final = {
    ReportPage.CHILD: "Måste fyllas i.",
    ReportPage.DANGER: "Var barnet är, och om någon måste ringas nu.",
    ReportPage.CONCERN: "Måste fyllas i.",
    ReportPage.TOLD: "Det du har hört av andra, var för sig.",
    ReportPage.BACKGROUND: "Tidigare oro, och vad skolan har gjort.",
    ReportPage.TRAVEL: "Om barnet har förts eller kan föras utomlands.",
    ReportPage.FAMILY: "Vårdnadshavare och syskon, om du vet.",
    ReportPage.REPORTER: "Måste fyllas i.",
}

WHOLE: Final = "Anmälan"
"""What the report's own page is called in a way back."""

ENDPOINTS: Final = {page: f"referrals.edit_{page.value}" for page in PAGES}

CHANNELS: Final = {
    HandOverChannel.PRINT: "På papper",
    HandOverChannel.DOWNLOAD: "Som fil i en säker tjänst",
    HandOverChannel.MAIL_LINK: "Mejl utan personuppgifter till nämnden",
}

ACKNOWLEDGED_BY: Final = {
    AcknowledgedBy.LINK: "genom länken i mejlet",
    AcknowledgedBy.COORDINATOR: "antecknat av samordnaren",
}

ANSWERS: Final = {
    ReceiverAnswer.OPENED: "Utredning inledd",
    ReceiverAnswer.NOT_OPENED: "Utredning inte inledd",
    ReceiverAnswer.ONGOING: "Utredning pågår redan",
}


@dataclass(frozen=True, slots=True)
class Task:
    """A question page in the list of what there is to write."""

    title: str
    url: str
    detail: str
    state: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with what its own page says around it."""

    report: ReportOfConcern
    status: ReportStatus
    mail: MessageState | None
    is_own: bool
    is_coordinator: bool
    tasks: tuple[Task, ...]

    @property
    def child_name(self) -> str:
        """The child, for the line above the heading; never for a title."""
        child = self.report.told.child
        return child.name if child else ""


def make_view(session: Session, actor: Actor, report: ReportOfConcern, *, at: datetime) -> ReportView:
    """Return what the page of a report shows at a moment."""
    mail = queries.find_message_state(session, report, visible_to=actor)
    return ReportView(
        report=report,
        status=status_of(
            report.state,
            acknowledge_by=report.acknowledge_by,
            is_mail_dead=mail is MessageState.DEAD,
            at=at,
        ),
        mail=mail,
        is_own=report.author_id == actor.account_id,
        is_coordinator=actor.role is Role.COORDINATOR,
        tasks=tuple(_task(report, page) for page in PAGES),
    )


def _task(report: ReportOfConcern, page: ReportPage) -> Task:
    content = report.told
    if page in content.missing_pages:
        state = "NOT_STARTED" if content.page(page) is None else "STARTED"
    else:
        state = "NOT_STARTED" if content.page(page) is None else "DONE"
    return Task(TITLES[page], url_for(ENDPOINTS[page], report_id=report.id), DETAILS[page], state)


def municipality_choices(session: Session, actor: Actor, known: str | None = None) -> Sequence[tuple[str, str]]:
    """Return every municipality, the own one first: most pupils live there. One that is known is always among them."""
    own = get_municipality(session, actor.municipality_id)
    others = [row for row in list_swedish_municipalities() if row[0] != own.code]
    listed = {own.code, *(code for code, _name in others)}
    return [(own.code, own.name), *([(known, known)] if known and known not in listed else []), *others]


def unit_choices(session: Session, actor: Actor) -> Sequence[tuple[UUID, str]]:
    """Return the schools to choose among; none when there is no choice."""
    units = [(unit.id, unit.name) for unit in list_school_units(session, visible_to=actor)]
    return units if len(units) > 1 else []


def receiver_choices(session: Session, actor: Actor) -> Sequence[tuple[UUID, str]]:
    """Return the boards of the register."""
    rows = queries.list_receivers(session, visible_to=actor, active_only=True)
    return [(row.id, f"{row.municipality_name}: {row.board_name}") for row in rows]
