"""Looking at a case."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases import pages, queries, service
from app.cases.routes.blueprint import bp
from app.web.guards import requires
from app.web.requests import current_actor, database, db_session, trace_shown

if TYPE_CHECKING:
    from app.cases.models import Case
    from app.cases.pages.case import Readings


@bp.get("/<uuid:case_id>")
@requires(Permission.CASE_READ, on=queries.get_case, trace=AuditAction.CASE_READ)
def show_case(case: "Case") -> ResponseReturnValue:
    """Show a case with what is next, what is said, what happened and who has read it."""
    page = pages.make_case_page(db_session(), current_actor(), case, _readings(case))
    trace_shown(AuditAction.CASES_LISTED, [other.id for other, _ in (*page.likenesses, *page.earlier)])
    return render_template("cases/show_case.html", page=page)


@bp.get("/<uuid:case_id>/atkomst")
@requires(Permission.CASE_READ, on=queries.get_case, trace=AuditAction.CASE_READ)
def list_readers(case: "Case") -> ResponseReturnValue:
    """Show who has read a case, and when last."""
    readers = pages.list_readers(db_session(), current_actor(), _readings(case))
    return render_template("cases/list_readers.html", case=case, readers=readers)


@bp.post("/<uuid:case_id>/nytt-last")
@requires(Permission.CASE_CHANGE, on=queries.get_case)
def mark_information_read(case: "Case") -> ResponseReturnValue:
    """Note that what a school added has been read."""
    service.mark_information_read(db_session(), current_actor(), case)
    flash(pages.DONE["mark_information_read"])
    return redirect(url_for("cases.show_case", case_id=case.id), 303)


def _readings(case: "Case") -> "Readings":
    """Return who has read a case, this time included: the request's own session may be older than its trace."""
    with database().reading() as session:
        return pages.list_case_readings(session, current_actor(), case)
