"""Handing over, sending the mail again, and writing down what the board has said."""

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Refused
from app.referrals import pages, queries, service
from app.referrals.forms.sending import (
    FLASHES,
    REFUSALS,
    HandOverReportForm,
    RecordAcknowledgementForm,
    RecordAnswerForm,
    SendLinkAgainForm,
)
from app.referrals.routes.blueprint import OK, UNPROCESSABLE, bp, to_report, view_of
from app.referrals.types import HandOverChannel, ReportState
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.referrals.models import ReportOfConcern


@bp.route("/orosanmalningar/<uuid:report_id>/lamna", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def hand_over_report(report: "ReportOfConcern") -> ResponseReturnValue:
    """Hand over. A second click, or a second window, finds that it has left."""
    if not report.is_draft:
        return to_report(report)
    form = HandOverReportForm(data={"version": report.version, "channels": (HandOverChannel.PRINT,)})
    receiver = report.receiver
    if receiver is not None and receiver.is_active and receiver.email:
        form.offer_mail(receiver.email)
        if not form.is_submitted():
            form.channels.data = (HandOverChannel.PRINT, HandOverChannel.MAIL_LINK)
    if form.validate_on_submit() and _carries_out(
        form, lambda: service.hand_over(db_session(), current_actor(), report, form.to_command())
    ):
        flash(FLASHES["handed_over"])
        return to_report(report)
    return render_template(
        "referrals/hand_over_report.html",
        view=view_of(report),
        form=form,
        receiver=service.receiver_lines(report),
        missing=_missing(report),
        strays=service.goes_elsewhere(report),
    ), UNPROCESSABLE if form.is_submitted() else OK


@bp.post("/orosanmalningar/<uuid:report_id>/skicka-igen")
@requires(Permission.REPORT_READ, on=queries.get_report)
def send_link_again(report: "ReportOfConcern") -> ResponseReturnValue:
    """Send the mail once more, because a person has decided so."""
    form = SendLinkAgainForm()
    if form.validate_on_submit() and _carries_out(
        form, lambda: service.send_link_again(db_session(), current_actor(), report, form.version.data or 0)
    ):
        flash(FLASHES["sent_again"])
    else:
        flash(" ".join(form.form_errors) or FLASHES["not_sent_again"])
    return to_report(report)


@bp.route("/orosanmalningar/<uuid:report_id>/bekraftelse", methods=["GET", "POST"])
@requires(Permission.REPORT_RECORD, on=queries.get_report, trace=AuditAction.REPORT_READ)
def record_acknowledgement(report: "ReportOfConcern") -> ResponseReturnValue:
    """Write down that the board has said that it has the report."""
    if report.state is not ReportState.HANDED_OVER:
        return to_report(report)
    form = RecordAcknowledgementForm(data={"version": report.version, "at": clock.now()})
    if form.validate_on_submit() and _carries_out(
        form, lambda: service.record_acknowledgement(db_session(), current_actor(), report, form.to_command())
    ):
        flash(FLASHES["acknowledged"])
        return to_report(report)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("referrals/record_acknowledgement.html", view=view_of(report), form=form), status


@bp.route("/orosanmalningar/<uuid:report_id>/svar", methods=["GET", "POST"])
@requires(Permission.REPORT_RECORD, on=queries.get_report, trace=AuditAction.REPORT_READ)
def record_answer(report: "ReportOfConcern") -> ResponseReturnValue:
    """Write down what the board has said that it decided."""
    if report.state not in (ReportState.HANDED_OVER, ReportState.ACKNOWLEDGED):
        return to_report(report)
    form = RecordAnswerForm(data={"version": report.version})
    if form.validate_on_submit() and _carries_out(
        form, lambda: service.record_answer(db_session(), current_actor(), report, form.to_command())
    ):
        flash(FLASHES["answered"])
        return to_report(report)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("referrals/record_answer.html", view=view_of(report), form=form), status


def _missing(report: "ReportOfConcern") -> list[tuple[str, str]]:
    """Return title and address of each page that must be filled in first."""
    return [
        (pages.TITLES[page], url_for(pages.ENDPOINTS[page], report_id=report.id)) for page in report.told.missing_pages
    ]


def _carries_out(form: Any, use_case: Any) -> bool:
    """Carry out a use case; when a rule says no to it, let the form say why."""
    try:
        use_case()
    except Refused as refused:
        form.form_errors.append(REFUSALS[refused.reason])
        return False
    return True
