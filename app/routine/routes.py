"""The routine, to be read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel import clock
from app.routine import queries
from app.routine.pages import make_page
from app.routine.types import Routine
from app.web.guards import requires
from app.web.requests import current_actor, db_session

bp = Blueprint("routine", __name__, url_prefix="/rutinen")


@bp.get("")
@requires(Permission.ROUTINE_READ)
def show_routine() -> ResponseReturnValue:
    """Show the version that new cases follow."""
    return _page(queries.get_current_routine(db_session(), current_actor().municipality_id), "show_routine")


@bp.get("/<uuid:routine_version_id>")
@requires(Permission.ROUTINE_READ, on=queries.get_routine)
def show_routine_version(routine: Routine) -> ResponseReturnValue:
    """Show a version that running cases may still follow."""
    return _page(routine, "show_routine_version")


def _page(routine: Routine, view: str) -> ResponseReturnValue:
    versions = queries.list_routines(db_session(), visible_to=current_actor())
    page = make_page(db_session(), routine, clock.today())
    return render_template(f"routine/{view}.html", page=page, versions=versions)
