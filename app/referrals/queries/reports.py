"""Finding reports, the documents that left, and the links to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.kernel.pagination import Page, paginate
from app.kernel.tokens import read_token
from app.outbox.queries import states_by_key
from app.outbox.types import MessageState
from app.referrals.models import LINK_PURPOSE, HandOver, ReceiverLink, ReportOfConcern
from app.referrals.types import ReportState, ReportStatus, status_of
from app.schools.models import SchoolUnit

_WRITERS = frozenset({Role.STAFF, Role.RESPONDENT})


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report in a list, with the state a person should see."""

    report: ReportOfConcern
    status: ReportStatus


def get_report(session: Session, report_id: UUID, *, visible_to: Actor) -> ReportOfConcern:
    """Return a report with all that stands around it, the documents left out. Raises `NotFound`."""
    report = session.scalar(_visible(_with_all(), visible_to).where(ReportOfConcern.id == report_id))
    if report is None:
        raise NotFound("report of concern")
    return report


def list_reports(
    session: Session, *, visible_to: Actor, at: datetime, number: int = 1, case_id: UUID | None = None
) -> Page[ListedReport]:
    """Return a page of the reports the actor may see, newest first; of one case when its id is given."""
    statement = _visible(_with_all(), visible_to).where(ReportOfConcern.state != ReportState.WITHDRAWN)
    if case_id is not None:
        statement = statement.where(ReportOfConcern.case_id == case_id)
    page = paginate(session, statement.order_by(ReportOfConcern.started_at.desc(), ReportOfConcern.id), number)
    return Page(_listed(session, page.items, visible_to, at), page.number, page.size, page.total)


def list_reports_of_case(session: Session, case_id: UUID, *, visible_to: Actor, at: datetime) -> Sequence[ListedReport]:
    """Return every report of a case that the actor may see and that has not been withdrawn, newest first."""
    statement = _visible(_with_all(), visible_to).where(
        ReportOfConcern.case_id == case_id, ReportOfConcern.state != ReportState.WITHDRAWN
    )
    reports = session.scalars(statement.order_by(ReportOfConcern.started_at.desc(), ReportOfConcern.id)).all()
    return _listed(session, reports, visible_to, at)


def find_message_state(session: Session, report: ReportOfConcern, *, visible_to: Actor) -> MessageState | None:
    """Return what became of the latest mail to the board, None when none was to be sent."""
    if report.link is None:
        return None
    return states_by_key(session, [report.link.message_key], visible_to=visible_to).get(report.link.message_key)


def get_document_copy(session: Session, report: ReportOfConcern) -> HandOver:
    """Return the receipt that holds the document as it was disclosed. Raises `NotFound` before that."""
    receipt = session.scalar(
        select(HandOver)
        .where(HandOver.report_id == report.id, HandOver.municipality_id == report.municipality_id)
        .order_by(HandOver.handed_over_at, HandOver.channel, HandOver.id)
        .limit(1)
    )
    if receipt is None:
        raise NotFound("hand-over")
    return receipt


def find_link(session: Session, token: str) -> ReceiverLink | None:
    """Return the link of a token, open or expired, with its report; None for a token that was never made here."""
    link_id = read_token(LINK_PURPOSE, token)
    return None if link_id is None else session.scalar(_links().where(ReceiverLink.id == link_id))


def get_link(session: Session, link_id: UUID) -> ReceiverLink:
    """Return a link with its report. Raises `NotFound`."""
    if (link := session.scalar(_links().where(ReceiverLink.id == link_id))) is None:
        raise NotFound("receiver link")
    return link


def _links() -> Select[ReceiverLink]:
    return select(ReceiverLink).options(
        joinedload(ReceiverLink.report).options(
            joinedload(ReportOfConcern.receiver),
            joinedload(ReportOfConcern.school_unit).joinedload(SchoolUnit.organiser),
        )
    )


def _listed(
    session: Session, reports: Sequence[ReportOfConcern], visible_to: Actor, at: datetime
) -> list[ListedReport]:
    keys = [report.link.message_key for report in reports if report.link is not None]
    dead = {key for key, state in _states(session, keys, visible_to).items() if state is MessageState.DEAD}
    return [
        ListedReport(
            report,
            status_of(
                report.state,
                acknowledge_by=report.acknowledge_by,
                is_mail_dead=report.link is not None and report.link.message_key in dead,
                at=at,
            ),
        )
        for report in reports
    ]


def _states(session: Session, keys: Sequence[str], visible_to: Actor) -> dict[str, MessageState]:
    return dict(states_by_key(session, keys, visible_to=visible_to)) if keys else {}


def _with_all() -> Select[ReportOfConcern]:
    return select(ReportOfConcern).options(
        joinedload(ReportOfConcern.author),
        joinedload(ReportOfConcern.receiver),
        joinedload(ReportOfConcern.corrects),
        joinedload(ReportOfConcern.link),
        joinedload(ReportOfConcern.school_unit).joinedload(SchoolUnit.organiser),
        selectinload(ReportOfConcern.hand_overs).options(defer(HandOver.document_sealed)),
    )


def _visible(statement: Select[ReportOfConcern], actor: Actor) -> Select[ReportOfConcern]:
    """Keep the actor's own municipality, and of it what a writer has written; other roles reach no report."""
    statement = statement.where(ReportOfConcern.municipality_id == actor.municipality_id)
    if actor.role in (Role.COORDINATOR, Role.SYSTEM):
        return statement
    return statement.where(ReportOfConcern.author_id == actor.account_id if actor.role in _WRITERS else false())
