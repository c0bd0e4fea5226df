"""The plan."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.schools import queries as schools
from app.surveys import queries, service
from app.surveys.forms import PLAN_SAVED, EditSurveyPlanForm
from app.surveys.routes.blueprint import bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import SurveyPlan


@bp.get("/planera")
@requires(Permission.SURVEY_PLAN)
def show_plans() -> ResponseReturnValue:
    """Show the plans and what they come to by each organiser's calendar."""
    session, municipality_id = db_session(), current_actor().municipality_id
    return render_template(
        "surveys/show_plans.html",
        plans=queries.list_plans(session, municipality_id),
        coming=queries.list_coming_rounds(session, municipality_id),
        names={each.id: each.name for each in schools.list_organisers(session, municipality_id)},
    )


@bp.route("/planera/<uuid:plan_id>", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_plan)
def edit_plan(plan: "SurveyPlan") -> ResponseReturnValue:
    """Give a plan other days, or turn it on or off."""
    days = plan.days
    known = {"open": days.open, "remind": days.reminders[0], "due": days.due, "close": days.close}
    form = EditSurveyPlanForm(data={**known, "is_active": plan.is_active, "version": plan.version})
    if form.validate_on_submit():
        service.edit_plan(db_session(), current_actor(), plan, form.to_command())
        flash(PLAN_SAVED)
        return redirect(url_for("surveys.show_plans"), 303)
    return render_template("surveys/edit_plan.html", form=form, plan=plan), 422 if form.errors else 200
