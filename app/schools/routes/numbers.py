"""The administrator's pages about the numbers to ring."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel.errors import Refused
from app.schools import forms, queries, service
from app.schools.forms import EmergencyNumberForm
from app.schools.routes.blueprint import bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.schools.models import EmergencyNumber


@bp.get("/administration/nummer")
@requires(Permission.NUMBER_MANAGE)
def list_numbers() -> ResponseReturnValue:
    """Show the numbers of the page that says whom to ring."""
    numbers = queries.list_emergency_numbers(db_session(), current_actor().municipality_id)
    return render_template("schools/list_numbers.html", numbers=numbers)


@bp.route("/administration/nummer/nytt", methods=["GET", "POST"])
@requires(Permission.NUMBER_MANAGE)
def add_number() -> ResponseReturnValue:
    """Add a number."""
    form = EmergencyNumberForm()
    if form.validate_on_submit():
        service.add_number(db_session(), current_actor(), form.to_addition())
        flash(forms.NUMBER_ADDED)
        return redirect(url_for("schools.list_numbers"), 303)
    return render_template("schools/add_number.html", form=form), 422 if form.errors else 200


@bp.route("/administration/nummer/<uuid:number_id>", methods=["GET", "POST"])
@requires(Permission.NUMBER_MANAGE, on=queries.get_emergency_number)
def edit_number(number: "EmergencyNumber") -> ResponseReturnValue:
    """Change a number."""
    form = EmergencyNumberForm(obj=number)
    if form.validate_on_submit():
        service.edit_number(db_session(), current_actor(), number, form.to_command())
        flash(forms.NUMBER_SAVED)
        return redirect(url_for("schools.list_numbers"), 303)
    return render_template("schools/edit_number.html", form=form, number=number), 422 if form.errors else 200


@bp.post("/administration/nummer/<uuid:number_id>/ta-bort")
@requires(Permission.NUMBER_MANAGE, on=queries.get_emergency_number)
def remove_number(number: "EmergencyNumber") -> ResponseReturnValue:
    """Take a number away, unless it is the last."""
    form = EmergencyNumberForm(formdata=None, obj=number)
    try:
        service.remove_number(db_session(), current_actor(), number)
    except Refused:
        form.form_errors.append(forms.LAST_NUMBER)
        return render_template("schools/edit_number.html", form=form, number=number), 422
    flash(forms.NUMBER_REMOVED)
    return redirect(url_for("schools.list_numbers"), 303)
