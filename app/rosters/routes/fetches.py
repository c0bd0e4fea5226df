"""Class lists from the municipality's register: a page orders, a job fetches, the page shows what came of it."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel.errors import Refused
from app.rosters import queries, service
from app.rosters.forms.register import REFUSALS, OrderFetchForm, RemoveConnectionForm, SaveConnectionForm
from app.rosters.pages.fetching import (
    CONNECTION_REMOVED,
    CONNECTION_SAVED,
    ORDERED,
    TRIAL_ORDERED,
    FetchesPage,
    make_entries,
    make_trials,
    tell_connection,
)
from app.rosters.queries.rosters import takes_rosters
from app.rosters.routes.blueprint import UNPROCESSABLE, bp
from app.surveys.queries import get_round
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import SurveyRound


@bp.get("/kartlaggningar/<uuid:round_id>/klasslistor/elevregister")
@requires(Permission.ROSTER_FETCH, on=get_round)
def show_fetches(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Show what was ordered for a round, and what came of it: counts, never a pupil."""
    session, actor = db_session(), current_actor()
    waiting = queries.find_waiting_upload(session, survey_round.id, None)
    entries = make_entries(
        queries.list_fetches(session, survey_round, visible_to=actor), waiting.id if waiting else None
    )
    page = FetchesPage(
        survey_round,
        is_connected=queries.find_connection(session, visible_to=actor) is not None,
        takes_lists=takes_rosters(survey_round),
        is_busy=queries.find_unfinished_fetch(session, visible_to=actor) is not None,
        latest=entries[0] if entries else None,
        earlier=entries[1:],
    )
    return render_template("rosters/show_fetches.html", page=page)


@bp.post("/kartlaggningar/<uuid:round_id>/klasslistor/elevregister/hamta")
@requires(Permission.ROSTER_FETCH, on=get_round)
def order_fetch(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Order class lists for a round, or a trial."""
    is_dry_run = OrderFetchForm().is_dry_run.data
    service.order_fetch(db_session(), current_actor(), survey_round, is_dry_run=is_dry_run)
    flash(TRIAL_ORDERED if is_dry_run else ORDERED)
    return redirect(url_for("rosters.show_fetches", round_id=survey_round.id), 303)


@bp.route("/administration/elevregister", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def edit_register() -> ResponseReturnValue:
    """Say where the register is; the secret goes in and does not come out."""
    session, actor = db_session(), current_actor()
    connection = queries.find_connection(session, visible_to=actor)
    form = SaveConnectionForm(data=SaveConnectionForm.data_of(connection))
    if form.validate_on_submit():
        try:
            service.save_connection(session, actor, form.to_command())
        except Refused as refused:
            if refused.reason not in REFUSALS:
                raise
            name, words = REFUSALS[refused.reason]
            form[name].errors = [words]
        else:
            flash(CONNECTION_SAVED)
            return redirect(url_for("rosters.edit_register"), 303)
    trials = make_trials(queries.list_trials(session, visible_to=actor))
    return render_template(
        "rosters/edit_register.html",
        form=form,
        is_connected=connection is not None,
        state=tell_connection(connection, trials[0] if trials else None),
        is_busy=queries.find_unfinished_fetch(session, visible_to=actor) is not None,
        latest=trials[0] if trials else None,
    ), UNPROCESSABLE if form.is_submitted() else 200


@bp.route("/administration/elevregister/ta-bort", methods=["GET", "POST"])
@requires(Permission.REGISTER_MANAGE)
def remove_register() -> ResponseReturnValue:
    """Ask whether the connection is to be removed, and remove it."""
    session, actor = db_session(), current_actor()
    connection = queries.find_connection(session, visible_to=actor)
    if connection is None:  # Somebody else removed it while the question stood open.
        return redirect(url_for("rosters.edit_register"), 303)
    form = RemoveConnectionForm(data={"version": connection.version})
    if form.validate_on_submit():
        service.remove_connection(session, actor, connection, form.version.data or 0)
        flash(CONNECTION_REMOVED)
        return redirect(url_for("rosters.edit_register"), 303)
    is_busy = queries.find_unfinished_fetch(session, visible_to=actor) is not None
    page = render_template("rosters/remove_register.html", form=form, is_busy=is_busy)
    return page, UNPROCESSABLE if form.errors else 200


@bp.post("/administration/elevregister/prova")
@requires(Permission.REGISTER_MANAGE)
def try_register() -> ResponseReturnValue:
    """Order a trial of the connection, which belongs to no round and stages nothing."""
    service.order_fetch(db_session(), current_actor(), None, is_dry_run=True)
    flash(TRIAL_ORDERED)
    return redirect(url_for("rosters.edit_register", _anchor="hamtning"), 303)
