"""The coordinator's pages about rounds, and the plan."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel import clock
from app.outbox import queries as outbox
from app.schools import queries as schools
from app.surveys import pages, queries, service
from app.surveys.forms import PLAN_SAVED, EditSurveyPlanForm
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import SurveyPlan, SurveyRound

bp = Blueprint("surveys", __name__)


@bp.get("/kartlaggningar")
@requires(Permission.SURVEY_READ)
def list_rounds() -> ResponseReturnValue:
    """Show the rounds: open, coming, missed and closed."""
    session, actor = db_session(), current_actor()
    return render_template(
        "surveys/list_rounds.html",
        overviews=queries.list_round_overviews(session, visible_to=actor),
        coming=queries.list_coming_rounds(session, actor.municipality_id),
        missed=pages.name_missed(
            queries.list_missed_occurrences(session, clock.now(), visible_to=actor),
            queries.list_plans(session, actor.municipality_id),
        ),
    )


@bp.get("/kartlaggningar/<uuid:round_id>")
@requires(Permission.SURVEY_READ, on=queries.get_round)
def show_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Show the control room: who has answered and who has not, each figure leading to its rows."""
    session, actor = db_session(), current_actor()
    invitations = queries.list_invitations(session, survey_round)
    reminders = queries.list_reminders(session, survey_round)
    mails = outbox.states_by_key(session, pages.mail_keys(invitations, reminders), visible_to=actor)
    room = pages.make_control_room(
        survey_round, invitations, reminders, mails, word=request.args.get("visa", ""), at=clock.now()
    )
    return render_template("surveys/show_round.html", room=room, round=survey_round)


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
