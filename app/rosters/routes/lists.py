"""The coordinator's page about the class lists of a round: counts and classes, never a pupil's name."""

from functools import partial
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel.errors import Refused
from app.rosters import queries, service
from app.rosters.forms import UploadListForm
from app.rosters.pages import Faults, make_lists_page, messages
from app.rosters.routes.blueprint import UNPROCESSABLE, bp, decided_upload, take_file
from app.schools.queries import list_school_units
from app.surveys.queries import get_round
from app.web.guards import requires
from app.web.requests import current_actor, db_session
from app.web.security import takes_large_files

if TYPE_CHECKING:
    from app.surveys.models import SurveyRound


@bp.route("/kartlaggningar/<uuid:round_id>/klasslistor", methods=["GET", "POST"])
@requires(Permission.ROSTER_STAGE, on=get_round)
@takes_large_files
def show_lists(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Show the lists of a round and those that wait to be confirmed; take a file."""
    form, faults = UploadListForm(), None
    if form.validate_on_submit():
        faults = take_file(form, partial(service.stage_municipal_file, db_session(), current_actor(), survey_round))
        if faults is None:
            return redirect(url_for("rosters.show_lists", round_id=survey_round.id), 303)
    return _show(survey_round, form, faults), UNPROCESSABLE if form.errors else 200


@bp.post("/kartlaggningar/<uuid:round_id>/klasslistor/bekrafta")
@requires(Permission.ROSTER_STAGE, on=get_round)
def confirm_lists(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Let the schools work from the lists that were shown."""
    upload_id = decided_upload(survey_round.id, None)
    service.confirm_upload(db_session(), current_actor(), upload_id)
    flash(messages.CONFIRMED)
    return redirect(url_for("rosters.show_lists", round_id=survey_round.id), 303)


@bp.post("/kartlaggningar/<uuid:round_id>/klasslistor/kasta")
@requires(Permission.ROSTER_STAGE, on=get_round)
def discard_lists(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Drop the lists that were shown."""
    upload_id = decided_upload(survey_round.id, None)
    service.discard_upload(db_session(), current_actor(), upload_id)
    flash(messages.DISCARDED)
    return redirect(url_for("rosters.show_lists", round_id=survey_round.id), 303)


@bp.post("/kartlaggningar/<uuid:round_id>/klasslistor/ta-bort")
@requires(Permission.ROSTER_STAGE, on=get_round)
def remove_lists(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Take away every list that no school has begun to go through."""
    begun = service.remove_untouched_lists(db_session(), current_actor(), survey_round)
    flash(messages.removed_but(begun))
    return redirect(url_for("rosters.show_lists", round_id=survey_round.id), 303)


def _show(survey_round: "SurveyRound", form: UploadListForm, faults: Faults | None) -> str:
    session, actor = db_session(), current_actor()
    upload = queries.find_waiting_upload(session, survey_round.id, None)
    page = make_lists_page(
        survey_round,
        list_school_units(session, visible_to=actor),
        queries.list_staged(session, survey_round.id),
        upload,
        queries.list_rosters_of_upload(session, upload.id) if upload else (),
        answered=queries.list_answered_units(session, survey_round.id),
    )
    if form.errors and not page.takes_lists:
        raise Refused("round_takes_no_lists")
    return render_template("rosters/show_lists.html", page=page, form=form, faults=faults)
