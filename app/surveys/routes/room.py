"""The control room of one round, and reminding from it."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel import clock
from app.schools import queries as schools
from app.surveys import pages, queries, service
from app.surveys.forms import FindUnitsForm, RemindUnitsForm
from app.surveys.routes.blueprint import OK, UNPROCESSABLE, bp, page_number
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import SurveyRound


@bp.get("/kartlaggningar/<uuid:round_id>")
@requires(Permission.SURVEY_READ, on=queries.get_round)
def show_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Show the control room: who has answered and who has not, each figure leading to its rows."""
    session, actor, find = db_session(), current_actor(), FindUnitsForm()
    find.organiser.choices = [(each.id, each.name) for each in schools.list_organisers(session, actor.municipality_id)]
    find.validate()
    room = pages.make_control_room(
        session,
        actor,
        survey_round,
        word=request.args.get("visa", ""),
        narrow=pages.Narrow(find.school.data, find.organiser.data),
        number=page_number(),
    )
    return render_template(
        "surveys/show_round.html", room=room, round=survey_round, find=find, acts=pages.list_acts(room, clock.now())
    )


@bp.route("/kartlaggningar/<uuid:round_id>/paminn", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_round)
def remind_units(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Show exactly who gets a reminder and who does not, and send it to those who are chosen."""
    session, actor = db_session(), current_actor()
    preview = pages.make_remind_preview(session, survey_round, _wanted(), current_app.config["PUBLIC_URL"])
    form = RemindUnitsForm()
    form.offer([row.invitation.id for row in preview.reminded], preview.others, _wanted())
    if form.validate_on_submit():
        outcome = service.remind_now(session, actor, survey_round, form.invitation_ids.data)
        flash(pages.compose_reminded(outcome))
        return redirect(url_for("surveys.show_round", round_id=survey_round.id), 303)
    page = render_template("surveys/remind_units.html", form=form, preview=preview, round=survey_round)
    return page, UNPROCESSABLE if form.errors else OK


def _wanted() -> UUID | None:
    """Return the one unit that the address asks for, None for all."""
    try:
        return UUID(request.args.get("skola", ""))
    except ValueError:
        return None
