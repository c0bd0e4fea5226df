"""The blueprint, and what its views share."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.referrals.pages import ReportView, make_view
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.referrals.models import ReportOfConcern

bp = Blueprint("referrals", __name__)

OK: Final = 200
CONFLICT: Final = 409
GONE: Final = 410
UNPROCESSABLE: Final = 422

CHECK: Final = "granska"
"""What a question page is told by the preview, so that it leads back there."""


def view_of(report: "ReportOfConcern") -> ReportView:
    """Return what the pages of a report show."""
    return make_view(db_session(), current_actor(), report, at=clock.now())


def to_report(report: "ReportOfConcern") -> ResponseReturnValue:
    """Lead to the report's own page."""
    return redirect(url_for("referrals.show_report", report_id=report.id), 303)
