"""Handing a report over: once, with a receipt that holds the very document, and a clock that waits for the receiver."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases import queries as case_queries
from app.cases import service as cases
from app.cases.models import Case
from app.cases.types import DeadlineKind, OpenCase, OpenReason
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import InvalidTransition, Refused
from app.outbox import service as outbox
from app.outbox.types import MessageState
from app.referrals import queries
from app.referrals.documents import FEEDBACK, fingerprint, make_document, receiver_lines, set_report
from app.referrals.models import HandOver, ReceiverLink, ReportOfConcern
from app.referrals.service.drafts import is_about_protected
from app.referrals.types import ChildPart, HandOverChannel, HandOverReport, ReportState
from app.schools.queries import get_calendar
from app.schools.types import TimeUnit, Within

ACKNOWLEDGE_WITHIN: Final = Within(1, TimeUnit.WORKING_DAYS)
"""After this somebody phones: nobody having read a report is the worst failure of all."""
ANSWER_WITHIN: Final = Within(14 + 7, TimeUnit.DAYS)
"""Fourteen days to decide (20 kap. 2 § socialtjanstlagen 2025:400) and a week to tell (19 kap. 6 §)."""
LINK_LASTS: Final = timedelta(days=60)
"""Long enough for a board that decides late and answers later; then the coordinator records the answer by hand."""

MAIL_KIND: Final = "referrals.receiver_link"


def hand_over(session: Session, actor: Actor, report: ReportOfConcern, command: HandOverReport) -> None:
    """Hand a draft over; a report without a case opens one, or joins the child's open one.

    What was disclosed is kept in each receipt. Raises `Conflict` or `InvalidTransition` when it has changed or left,
    and `Refused` while it lacks what a receiver must have, has no receiver, or the receiver takes no mail.
    """
    require_version(report, command.version)
    if not report.is_draft:
        raise InvalidTransition("report of concern", report.state, ReportState.HANDED_OVER)
    _require_ready(report, command)
    if is_about_protected(session, actor, report):
        raise Refused("identity_is_protected")
    at = clock.now()
    document = set_report(make_document(session, report, visible_to=actor, at=at, channels=command.channels))
    case = _case_of(session, actor, report)
    _leave(session, report, case, at)
    if HandOverChannel.MAIL_LINK in command.channels:
        _make_link(session, report, at)
    for channel in command.channels:
        _keep_receipt(session, actor, report, channel, document)
    cases.note_report_handed_over(session, actor, case, report_reference=report.reference, at=at)
    _await_receiver(session, report, case)


def send_link_again(session: Session, actor: Actor, report: ReportOfConcern, version: int) -> None:
    """Send the mail to the board once more because a person has decided so, after the last one did not arrive.

    The link is the same, and lasts anew. Raises `Refused` while the last mail is on its way or has arrived, or when the
    board no longer takes mail.
    """
    require_version(report, version)
    link = report.link
    if link is None or report.state is not ReportState.HANDED_OVER:
        raise Refused("report_has_no_waiting_link")
    if queries.find_message_state(session, report, visible_to=actor) is not MessageState.DEAD:
        raise Refused("mail_is_not_dead")
    if report.receiver is None or not report.receiver.email:
        raise Refused("receiver_takes_no_mail")
    link.sendings += 1
    link.expires_at = clock.now() + LINK_LASTS
    _enqueue(session, report, link)
    audit.record(
        session,
        actor,
        AuditAction.REPORT_HANDED_OVER,
        report.id,
        channel=HandOverChannel.MAIL_LINK.value,
        receiver_id=str(report.receiver_id),
    )


def _require_ready(report: ReportOfConcern, command: HandOverReport) -> None:
    if report.told.missing_pages:
        raise Refused("report_is_incomplete")
    if not receiver_lines(report)[0]:
        raise Refused("report_has_no_receiver")
    if report.case_id is None and report.school_unit_id is None:
        raise Refused("report_has_no_school_unit")
    takes_mail = report.receiver is not None and report.receiver.is_active and bool(report.receiver.email)
    if HandOverChannel.MAIL_LINK in command.channels and not takes_mail:
        raise Refused("receiver_takes_no_mail")


def _case_of(session: Session, actor: Actor, report: ReportOfConcern) -> Case:
    """Return the open case that the report belongs to; its first one, that of the school's row, or one opened now."""
    found = report.case_id and case_queries.find_case(session, actor.municipality_id, report.case_id)
    if not found and report.entry_id is not None:
        found = case_queries.find_case_of_entry(session, actor.municipality_id, report.entry_id)
    if found and found.is_open:
        return found
    if report.school_unit_id is None:
        raise Refused("report_has_no_school_unit")
    child = report.told.child or ChildPart()
    travel = report.told.travel
    opened = cases.open_case(
        session,
        actor,
        OpenCase(
            identity=child.to_child_identity(),
            reason=OpenReason.REPORT_OF_CONCERN,
            school_unit_id=report.school_unit_id,
            entry_id=None if found else report.entry_id,
            school_class=child.school_class or None,
            last_present_on=travel.last_seen_on if travel else None,
        ),
    )
    return case_queries.find_case(session, actor.municipality_id, opened.id) or opened


def _leave(session: Session, report: ReportOfConcern, case: Case, at: datetime) -> None:
    calendar = get_calendar(session, report.municipality_id)
    report.hand_over(
        case_id=case.id,
        on=clock.local(at).date(),
        at=at,
        acknowledge_by=calendar.due(at, ACKNOWLEDGE_WITHIN),
        answer_by=calendar.due(at, ANSWER_WITHIN),
    )
    session.flush()


def _make_link(session: Session, report: ReportOfConcern, at: datetime) -> None:
    """Make the link. Its end follows the domain's clock, unlike a token's that lets somebody in: it shows nothing about
    a child, and a rehearsal that moves the clock must be able to show how it runs out."""
    link = ReceiverLink(
        municipality_id=report.municipality_id, report_id=report.id, sendings=1, made_at=at, expires_at=at + LINK_LASTS
    )
    session.add(link)
    session.flush()
    _enqueue(session, report, link)


def _enqueue(session: Session, report: ReportOfConcern, link: ReceiverLink) -> None:
    outbox.enqueue(
        session,
        municipality_id=report.municipality_id,
        kind=MAIL_KIND,
        dedupe_key=link.message_key,
        payload={"link_id": str(link.id)},
        is_repeatable=False,
    )


def _keep_receipt(
    session: Session, actor: Actor, report: ReportOfConcern, channel: HandOverChannel, document: bytes
) -> None:
    receipt = HandOver(
        municipality_id=report.municipality_id,
        report_id=report.id,
        channel=channel,
        handed_over_at=report.handed_over_at,
        by_id=actor.account_id,
        receiver="\n".join(receiver_lines(report)),
        document=document,
        sha256=fingerprint(document),
    )
    session.add(receipt)
    session.flush()
    audit.record(
        session,
        actor,
        AuditAction.REPORT_HANDED_OVER,
        report.id,
        channel=channel.value,
        receiver_id=str(report.receiver_id) if report.receiver_id else None,
        hand_over_id=str(receipt.id),
        sha256=receipt.sha256,
    )


def _await_receiver(session: Session, report: ReportOfConcern, case: Case) -> None:
    if report.acknowledge_by is not None:
        cases.add_deadline(session, case, DeadlineKind.REPORT_ACKNOWLEDGEMENT, report.acknowledge_by)
    if report.answer_by is not None:
        cases.add_deadline(session, case, DeadlineKind.REPORT_ANSWER, report.answer_by, legal_reference_key=FEEDBACK)
