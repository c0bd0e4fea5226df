"""The administrator's page about school units."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.schools import queries
from app.schools.routes.blueprint import bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session


@bp.get("/administration/skolenheter")
@requires(Permission.SCHOOL_UNIT_LIST)
def list_school_units() -> ResponseReturnValue:
    """Show the municipality's school units."""
    units = queries.list_school_units(db_session(), visible_to=current_actor())
    enrolled = queries.count_enrolled(db_session(), current_actor().municipality_id)
    return render_template("schools/list_school_units.html", units=units, enrolled=enrolled)
