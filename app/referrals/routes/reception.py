"""What the board sees by the link in its mail. It has no account, and nothing here says whom a report is about."""

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.referrals import queries, service
from app.referrals.forms.sending import REFUSALS, AcknowledgeReportForm, AnswerReportForm
from app.referrals.routes.blueprint import GONE, OK, UNPROCESSABLE, bp
from app.referrals.types import ReportState
from app.schools.queries import get_municipality
from app.web.guards import open_to_all
from app.web.requests import database, db_session, is_writing

if TYPE_CHECKING:
    from app.referrals.models import ReceiverLink

ACKNOWLEDGE = "acknowledge"
"""The button that says that the report has come."""


@bp.route("/mottagning/<string:token>", methods=["GET", "POST"])
@open_to_all("the receiver has no account; the link in the mail shows nothing about a child")
def acknowledge_report(token: str) -> ResponseReturnValue:
    """Show which report it is about; a click acknowledges it once, and later the same link takes the answer."""
    link = queries.find_link(db_session(), token)
    if link is None:
        raise NotFound("receiver link")
    if not link.is_open(clock.now()) and link.report.state is not ReportState.ANSWERED:
        return _page(link, None, GONE)
    if not is_writing():
        _note_opened(link)
        return _page(link, AnswerReportForm() if link.report.state is ReportState.ACKNOWLEDGED else None, OK)
    if ACKNOWLEDGE in request.form:
        return _acknowledge(link)
    return _answer(link)


def _acknowledge(link: "ReceiverLink") -> ResponseReturnValue:
    if not AcknowledgeReportForm().validate_on_submit():
        return _page(link, None, UNPROCESSABLE)
    service.acknowledge_by_link(db_session(), link)
    return redirect(url_for("referrals.acknowledge_report", token=link.token), 303)


def _answer(link: "ReceiverLink") -> ResponseReturnValue:
    if link.report.state is not ReportState.ACKNOWLEDGED:
        return _page(link, None, UNPROCESSABLE)
    form = AnswerReportForm()
    if not form.validate_on_submit() or form.on.data is None:
        return _page(link, form, UNPROCESSABLE)
    try:
        service.answer_by_link(db_session(), link, form.answer.data, form.on.data)
    except Refused as refused:
        form.on.errors = [REFUSALS[refused.reason]]
        return _page(link, form, UNPROCESSABLE)
    return redirect(url_for("referrals.acknowledge_report", token=link.token), 303)


def _note_opened(link: "ReceiverLink") -> None:
    """Note the first opening in a transaction of its own, like a read trace: a GET's own is rolled back.

    Filters that look at mail open links too, so this is a fact for the log and no acknowledgement.
    """
    if link.opened_at is None:
        with database().transaction() as own:
            service.note_link_opened(own, queries.get_link(own, link.id))


def _page(
    link: "ReceiverLink", form: AnswerReportForm | AcknowledgeReportForm | None, status: int
) -> ResponseReturnValue:
    return render_template(
        "referrals/acknowledge_report.html",
        report=link.report,
        link=link,
        municipality=get_municipality(db_session(), link.municipality_id),
        form=form,
        is_open=link.is_open(clock.now()),
    ), status
