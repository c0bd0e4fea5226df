"""Lists of reports, a report's own page, and what its receiver gets."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.access.actor import Role
from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import NotFound
from app.referrals import pages, queries, service
from app.referrals.routes.blueprint import bp, view_of
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace_shown

if TYPE_CHECKING:
    from app.referrals.models import ReportOfConcern


@bp.get("/orosanmalningar")
@requires(Permission.REPORT_LIST)
def list_reports() -> ResponseReturnValue:
    """Show the actor's own reports, or the municipality's to a coordinator; of one case when the address says so."""
    actor = current_actor()
    page = queries.list_reports(
        db_session(), visible_to=actor, at=clock.now(), number=_page_number(), case_id=_case_id()
    )
    reports = [listed.report for listed in page.items]
    trace_shown(AuditAction.REPORTS_LISTED, [x for r in reports for x in (r.id, r.case_id) if x is not None])
    return render_template(
        "referrals/list_reports.html",
        page=page,
        is_coordinator=actor.role is Role.COORDINATOR,
        receiver_of=lambda report: service.receiver_lines(report)[0],
    )


@bp.get("/orosanmalningar/<uuid:report_id>")
@requires(Permission.REPORT_READ, on=queries.get_report, trace=AuditAction.REPORT_READ)
def show_report(report: "ReportOfConcern") -> ResponseReturnValue:
    """Show a draft as a list of what there is to write, and a report that has left as its receipt."""
    template = "referrals/_draft.html" if report.is_draft else "referrals/_receipt.html"
    return render_template(
        "referrals/show_report.html",
        view=view_of(report),
        part=template,
        receiver=service.receiver_lines(report),
        words=pages,
    )


@bp.get("/orosanmalningar/<uuid:report_id>/forhandsvisning")
@requires(Permission.REPORT_READ, on=queries.get_report, trace=AuditAction.REPORT_READ)
def preview_report(report: "ReportOfConcern") -> ResponseReturnValue:
    """Show what the receiver gets, row by row as in the document."""
    document = service.document_of(db_session(), current_actor(), report)
    return render_template("referrals/preview_report.html", view=view_of(report), document=document, pages=pages)


@bp.get("/orosanmalningar/<uuid:report_id>/dokument.pdf")
@requires(Permission.REPORT_READ, on=queries.get_report, trace=AuditAction.REPORT_DOCUMENT_READ)
def read_document(report: "ReportOfConcern") -> ResponseReturnValue:
    """Give the document: of a draft as it would be now, of a report that has left the very copy that was disclosed."""
    content = service.pdf_of(db_session(), current_actor(), report)
    response = Response(content, mimetype="application/pdf")
    disposition = "attachment" if "spara" in request.args else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{report.reference}.pdf"'
    return response


def _page_number() -> int:
    text = request.args.get("sida", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004 - no list is longer


def _case_id() -> UUID | None:
    text = request.args.get("arende", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound("case") from None
