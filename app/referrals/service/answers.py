"""What the board says: that it has the report, and what it decided. By its link, or recorded by the coordinator."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases import queries as case_queries
from app.cases import service as cases
from app.cases.models import Case
from app.cases.types import DeadlineKind
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import NotFound, Refused
from app.referrals.models import ReceiverLink, ReportOfConcern
from app.referrals.types import (
    AcknowledgedBy,
    ReceiverAnswer,
    RecordAcknowledgement,
    RecordAnswer,
    ReportState,
)


def note_link_opened(session: Session, link: ReceiverLink) -> None:
    """Note the first time a link was opened, by somebody at the board or by a filter that looks at mail."""
    if link.opened_at is not None:
        return
    link.opened_at = clock.now()
    actor = Actor.system(link.municipality_id)
    audit.record(session, actor, AuditAction.REPORT_LINK_OPENED, link.report_id)


def acknowledge_by_link(session: Session, link: ReceiverLink) -> None:
    """Note that whoever holds the link has the report. Twice is once. Raises `Refused` when the link has expired."""
    _require_open(link)
    if link.report.state is ReportState.HANDED_OVER:
        actor = Actor.system(link.municipality_id)
        _acknowledge(session, actor, link.report, AcknowledgedBy.LINK, clock.now())


def answer_by_link(session: Session, link: ReceiverLink, answer: ReceiverAnswer, on: date) -> None:
    """Note the board's decision; a board that answers has the report.

    Raises `Refused` when the link has expired or the day cannot be right, `InvalidTransition` when it was answered.
    """
    _require_open(link)
    _answer(session, Actor.system(link.municipality_id), link.report, answer, on=on, by=AcknowledgedBy.LINK)


def record_acknowledgement(
    session: Session, actor: Actor, report: ReportOfConcern, command: RecordAcknowledgement
) -> None:
    """Note that the board has said, on the phone or by letter, that it has the report.

    Raises `Refused` for a moment before it left or to come, `InvalidTransition` when it was acknowledged already.
    """
    require_version(report, command.version)
    if report.handed_over_at is not None and command.at < report.handed_over_at:
        raise Refused("before_hand_over")
    if command.at > clock.now():
        raise Refused("in_the_future")
    _acknowledge(session, actor, report, AcknowledgedBy.COORDINATOR, command.at)


def record_answer(session: Session, actor: Actor, report: ReportOfConcern, command: RecordAnswer) -> None:
    """Note what the board has said, on the phone or by letter, that it decided; see `answer_by_link`."""
    require_version(report, command.version)
    _answer(session, actor, report, command.answer, on=command.on, by=AcknowledgedBy.COORDINATOR)


def _acknowledge(session: Session, actor: Actor, report: ReportOfConcern, by: AcknowledgedBy, at: datetime) -> None:
    report.acknowledge(by=by, at=at)
    session.flush()
    _note_acknowledged(session, actor, report, at)
    audit.record(session, actor, AuditAction.REPORT_ACKNOWLEDGED, report.id, by=by.value)


def _answer(
    session: Session, actor: Actor, report: ReportOfConcern, answer: ReceiverAnswer, *, on: date, by: AcknowledgedBy
) -> None:
    at = clock.now()
    if report.written_on is not None and answer is not ReceiverAnswer.ONGOING and on < report.written_on:
        raise Refused("before_hand_over")
    if on > clock.local(at).date():
        raise Refused("in_the_future")
    was_acknowledged = report.acknowledged_at is not None
    report.be_answered(answer, on=on, by=by, at=at)
    session.flush()
    if not was_acknowledged:
        _note_acknowledged(session, actor, report, at)
    case = _case(session, report)
    cases.note_report_answered(session, actor, case, report_reference=report.reference, answer=answer.value, at=at)
    cases.meet_deadline(session, case, DeadlineKind.REPORT_ANSWER)
    audit.record(session, actor, AuditAction.REPORT_ANSWERED, report.id, answer=answer.value, by=by.value)


def _note_acknowledged(session: Session, actor: Actor, report: ReportOfConcern, at: datetime) -> None:
    case = _case(session, report)
    cases.note_report_acknowledged(session, actor, case, report_reference=report.reference, at=at)
    cases.meet_deadline(session, case, DeadlineKind.REPORT_ACKNOWLEDGEMENT)


def _case(session: Session, report: ReportOfConcern) -> Case:
    case = report.case_id and case_queries.find_case(session, report.municipality_id, report.case_id)
    if not case:
        raise NotFound("case")
    return case


def _require_open(link: ReceiverLink) -> None:
    if not link.is_open(clock.now()):
        raise Refused("link_has_expired")
