"""The page of a rehearsal: what it is, its situations, and its clock."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.access.permissions import Permission
from app.rehearsal import queries, service
from app.rehearsal.forms import MOVED, MoveClockForm
from app.web.guards import requires
from app.web.requests import after_commit, current_actor, db_session

bp = Blueprint("rehearsal", __name__)


@bp.route("/ovning", methods=["GET", "POST"])
@requires(Permission.REHEARSAL_MANAGE)
def move_clock() -> ResponseReturnValue:
    """Show the rehearsal and move its clock forward, as after downtime; what is then due is done at once."""
    if not current_app.config["IS_REHEARSAL"]:
        raise NotFound
    form = MoveClockForm()
    if form.validate_on_submit():
        service.move_clock(db_session(), current_actor(), form.to_command())
        after_commit(current_app.extensions["tick"])
        flash(MOVED)
        return redirect(url_for("rehearsal.move_clock"), 303)
    moments = queries.list_moments(db_session(), visible_to=current_actor())
    return render_template("rehearsal/move_clock.html", form=form, moments=moments), 422 if form.errors else 200
