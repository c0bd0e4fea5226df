"""The auditor's page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.accounts import pages, queries
from app.accounts.forms import FilterAuditForm
from app.accounts.routes.blueprint import bp
from app.audit import queries as audit_queries
from app.audit.types import AuditAction
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace


@bp.get("/logg")
@requires(Permission.AUDIT_READ)
def list_audit() -> ResponseReturnValue:
    """Show who did and saw what, newest first; looking at the log is itself in it."""
    actor, form = current_actor(), FilterAuditForm()
    is_right, object_id = form.validate(), form.wanted_id
    trace(AuditAction.AUDIT_READ, object_id)
    rows = audit_queries.list_rows(
        db_session(), visible_to=actor, number=request.args.get("sida", 1, type=int), object_id=object_id
    )
    names = queries.names_by_id(db_session(), pages.list_actors(rows.items), visible_to=actor)
    entries = pages.make_entries(rows.items, names)
    return render_template("accounts/list_audit.html", rows=rows, entries=entries, form=form), 200 if is_right else 422
