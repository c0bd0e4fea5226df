"""A round that is drafted: every message it would send, its days and its letter, and confirming it."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.access.policy import allows
from app.surveys import pages, queries, service
from app.surveys.forms import (
    DONE,
    ChangeRoundDaysForm,
    EditLetterForm,
    FindMessagesForm,
    VersionForm,
    days_as_data,
)
from app.surveys.routes.blueprint import ask, ask_letter, back_to, bp, page_number
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import SurveyRound


@bp.get("/planera/kartlaggningar/<uuid:round_id>")
@requires(Permission.SURVEY_PLAN, on=queries.get_draft)
def show_dry_run(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Show every message that the round would send, to whom and when, before anything is confirmed."""
    find = FindMessagesForm()
    find.validate()
    page = pages.make_dry_run(
        db_session(),
        survey_round,
        words=find.school.data,
        kind=find.kind.data,
        number=page_number(),
        may_stop=allows(current_actor(), Permission.SURVEY_RUN),
    )
    return render_template("surveys/show_dry_run.html", page=page, round=survey_round, find=find)


@bp.post("/planera/kartlaggningar/<uuid:round_id>/bekrafta")
@requires(Permission.SURVEY_PLAN, on=queries.get_draft)
def confirm_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Say that the round is right as it stands."""
    form = VersionForm()
    form.validate()
    service.confirm_round(db_session(), current_actor(), survey_round, form.version.data or 0)
    flash(DONE["confirm_round"])
    return redirect(url_for("surveys.show_dry_run", round_id=survey_round.id), 303)


@bp.route("/planera/kartlaggningar/<uuid:round_id>/kopiera", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_draft)
def copy_last_year(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Take over the days and the letter of the same round last year."""
    form = VersionForm(data={"version": survey_round.version})
    return ask(
        form,
        lambda: service.copy_last_year(db_session(), current_actor(), survey_round, form.version.data or 0),
        done=DONE["copy_last_year"],
        back=back_to(survey_round),
        round=survey_round,
        last=queries.find_last_year(db_session(), survey_round),
    )


@bp.route("/planera/kartlaggningar/<uuid:round_id>/dagar", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_draft)
def change_round_days(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Give this round only other days, for what has not happened yet."""
    days = survey_round.days
    form = ChangeRoundDaysForm(data={**(days_as_data(days) if days else {}), "version": survey_round.version})
    return ask(
        form,
        lambda: service.change_round_days(db_session(), current_actor(), survey_round, form.to_command()),
        done=DONE["change_round_days"],
        back=back_to(survey_round),
        round=survey_round,
        anchor=pages.name_anchor(survey_round.plan),
    )


@bp.route("/planera/kartlaggningar/<uuid:round_id>/brev", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_draft)
def edit_round_letter(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Write the letter of this round only, for the schools that have not got it yet."""
    form, does = EditLetterForm(data={"version": survey_round.version}), request.form.get("do")
    page = pages.make_round_letter(db_session(), survey_round, form.letter.data if does == "show" else None)
    return ask_letter(
        form,
        page,
        lambda command: service.edit_round_letter(db_session(), current_actor(), survey_round, command),
        done=DONE["edit_round_letter"],
        back=back_to(survey_round),
        eyebrow=survey_round.title,
    )
