"""The mail to a board's function address. It says that a report has come, and nothing of what it says."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.email import Email
from app.kernel.errors import NotFound
from app.kernel.rendering import render_mail
from app.outbox.service import Composer
from app.referrals import queries
from app.referrals.types import ReportState
from app.schools.queries import get_municipality


def compose_receiver_link(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail with the link, or None when the board has answered, or can no longer be reached by mail."""
    try:
        link = queries.get_link(session, UUID(payload["link_id"]))
    except NotFound:
        return None
    report = link.report
    address = report.receiver.email if report.receiver else ""
    if not address or report.state is ReportState.ANSWERED or not link.is_open(clock.now()):
        return None
    municipality = get_municipality(session, link.municipality_id)
    subject, body = render_mail(
        "referrals/receiver_link.txt",
        reference=report.reference,
        municipality=municipality.name,
        department=municipality.department,
        handed_over_on=clock.local(report.handed_over_at or link.made_at).date().isoformat(),
        url=f"{public_url}/mottagning/{link.token}",
        expires_on=clock.local(link.expires_at).date().isoformat(),
        wants_feedback=report.feedback_requested,
        coordinator=municipality.coordinator_name,
        phone=municipality.coordinator_phone,
    )
    return Email(to=address, subject=subject, body=body)


COMPOSERS: Final[dict[str, Composer]] = {"referrals.receiver_link": compose_receiver_link}
