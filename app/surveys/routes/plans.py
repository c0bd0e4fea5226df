"""The plan: whether each kind of round is on, its waves, and the director's letter."""

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel import clock
from app.surveys import pages, queries, service
from app.surveys.forms import PLAN_DONE, EditLetterForm, EditSurveyPlanForm, EditWaveForm, VersionForm, days_as_data
from app.surveys.queries.calendars import list_missing_calendars
from app.surveys.routes.blueprint import ask, ask_letter, bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import PlannedWave, SurveyPlan


@bp.get("/planera")
@requires(Permission.SURVEY_PLAN)
def show_plans() -> ResponseReturnValue:
    """Show the rounds that are coming, and the plans they come of."""
    session, actor = db_session(), current_actor()
    return render_template(
        "surveys/show_plans.html",
        page=pages.make_plans_page(session, actor),
        missing_calendars=list_missing_calendars(session, actor.municipality_id, clock.today()),
    )


@bp.route("/planera/<uuid:plan_id>", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_plan)
def edit_plan(plan: "SurveyPlan") -> ResponseReturnValue:
    """Turn a plan on or off."""
    known = {"is_active": plan.is_active, "lead_days": plan.lead_days, "version": plan.version}
    form = EditSurveyPlanForm(data=known)
    form.ask_lead_days(is_asked=plan.kind.is_before_a_break)
    return _ask(form, lambda: service.edit_plan(db_session(), current_actor(), plan, form.to_command()), plan)


@bp.route("/planera/<uuid:plan_id>/utskick/<int:number>", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_planned_wave)
def edit_wave(found: tuple["SurveyPlan", "PlannedWave"]) -> ResponseReturnValue:
    """Give a wave of a plan other days."""
    plan, wave = found
    form = EditWaveForm(data={**days_as_data(wave.days), "version": plan.version})
    return _ask(
        form,
        lambda: service.edit_wave(db_session(), current_actor(), plan, wave.number, form.to_command()),
        plan,
        number=wave.number,
        label=pages.wave_label(wave.number),
        can_remove=wave.number > 0 and wave is plan.waves[-1],
    )


@bp.route("/planera/<uuid:plan_id>/uppfoljning", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_plan)
def add_wave(plan: "SurveyPlan") -> ResponseReturnValue:
    """Add a follow-up to a plan."""
    form = EditWaveForm(data={**days_as_data(service.suggest_days(plan)), "version": plan.version})
    return _ask(form, lambda: service.add_wave(db_session(), current_actor(), plan, form.to_command()), plan)


@bp.route("/planera/<uuid:plan_id>/utskick/<int:number>/ta-bort", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_planned_wave)
def remove_wave(found: tuple["SurveyPlan", "PlannedWave"]) -> ResponseReturnValue:
    """Take the last follow-up out of a plan."""
    plan, wave = found
    form = VersionForm(data={"version": plan.version})
    return _ask(
        form,
        lambda: service.remove_wave(db_session(), current_actor(), plan, wave.number, form.version.data or 0),
        plan,
        label=pages.wave_label(wave.number),
    )


@bp.route("/planera/<uuid:plan_id>/brev", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_plan)
def edit_plan_letter(plan: "SurveyPlan") -> ResponseReturnValue:
    """Write the letter of a plan's rounds, and see how a school gets it."""
    form, does = EditLetterForm(data={"version": plan.version}), request.form.get("do")
    page = pages.make_plan_letter(db_session(), plan, form.letter.data if does == "show" else None)
    return ask_letter(
        form,
        page,
        lambda command: service.edit_plan_letter(db_session(), current_actor(), plan, command),
        done=PLAN_DONE["edit_plan_letter"],
        back=("Planera", url_for("surveys.show_plans")),
        eyebrow=plan.title,
    )


def _ask(form: Any, act: Any, plan: "SurveyPlan", **shown: Any) -> ResponseReturnValue:
    done = PLAN_DONE[(request.endpoint or "").rpartition(".")[2]]
    back = ("Planera", url_for("surveys.show_plans"))
    anchor = pages.name_anchor(plan)
    return ask(form, act, done=done, back=back, eyebrow=plan.title, plan=plan, anchor=anchor, **shown)
