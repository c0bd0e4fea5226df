"""The coordinator's list before a break."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.responses.forms.breaks import BeforeBreakForm
from app.responses.pages.breaks import make_before_break
from app.responses.routes.blueprint import bp
from app.schools.queries import list_school_units
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace_shown


@bp.get("/arenden/infor-lovet")
@requires(Permission.CASE_LIST)
def list_before_break() -> ResponseReturnValue:
    """Show whom staff worry about, who has been away before, and whose sibling is away; and who came back after."""
    session, actor = db_session(), current_actor()
    form = BeforeBreakForm()
    form.skola.choices = [(unit.id, unit.name) for unit in list_school_units(session, visible_to=actor)]
    unit_id = form.skola.data if form.validate() else None
    page = make_before_break(session, actor, unit_id)
    trace_shown(AuditAction.CASES_LISTED, page.case_ids)
    return render_template("responses/list_before_break.html", page=page, form=form)
