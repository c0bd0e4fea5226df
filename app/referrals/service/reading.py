"""What a report looks like to its receiver, before it has left and after."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.referrals import queries
from app.referrals.documents import ReportDocument, make_document, set_report
from app.referrals.models import ReportOfConcern


def document_of(session: Session, actor: Actor, report: ReportOfConcern) -> ReportDocument:
    """Return what the receiver gets or got; a draft as if it left now, by today's law."""
    channels = tuple(receipt.channel for receipt in report.hand_overs)
    at = report.handed_over_at or clock.now()
    return make_document(session, report, visible_to=actor, at=at, channels=channels)


def pdf_of(session: Session, actor: Actor, report: ReportOfConcern) -> bytes:
    """Return a draft as PDF, or the very copy that was disclosed."""
    if report.is_draft:
        return set_report(document_of(session, actor, report))
    return bytes(queries.get_document_copy(session, report).document)


def goes_elsewhere(report: ReportOfConcern) -> bool:
    """Tell whether the board is another municipality's than the child's home municipality, as far as both are known."""
    child = report.told.child
    home = child.home_municipality_code if child else None
    return report.receiver is not None and home is not None and home != report.receiver.municipality_code
