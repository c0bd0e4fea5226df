"""Reporting all year round: a pupil who is missing, and worry before a break."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.responses import service
from app.responses.forms.reports import StartReportForm
from app.responses.forms.sending import ConfirmForm
from app.responses.pages.asked import WORDS
from app.responses.pages.start import list_begun
from app.responses.routes.blueprint import OK, UNPROCESSABLE, bp
from app.schools.queries import list_school_units
from app.surveys.queries import list_invitations_of_units
from app.surveys.types import Asks
from app.web.guards import requires
from app.web.requests import current_actor, db_session


@bp.route("/rapportera", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE)
def report_missing() -> ResponseReturnValue:
    """Begin a report of a pupil who is missing, whatever the time of the year."""
    return _begin(Asks.REPORT)


@bp.route("/rapportera/oro-infor-lov", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE)
def report_worry() -> ResponseReturnValue:
    """Begin a report of a pupil whom somebody worries about before a break."""
    return _begin(Asks.WORRY)


def _begin(asks: Asks) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    units = [
        (unit.id, unit.name) for unit in list_school_units(session, visible_to=actor) if unit.id in actor.answers_for
    ]
    form = StartReportForm() if len(units) != 1 else ConfirmForm()
    if isinstance(form, StartReportForm):
        form.school_unit.choices = units
    if units and form.validate_on_submit():
        unit_id = form.school_unit.data if isinstance(form, StartReportForm) else units[0][0]
        return _lead_on(unit_id, asks)
    begun = [
        each for each in list_begun(session, list_invitations_of_units(session, visible_to=actor)) if each.asks is asks
    ]
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template(
        "responses/_start_report.html", form=form, asks=asks, words=WORDS[asks], begun=begun, units=units
    ), status


def _lead_on(unit_id: UUID, asks: Asks) -> ResponseReturnValue:
    response = service.start_report(db_session(), current_actor(), unit_id, asks)
    return redirect(url_for("responses.add_missing_pupil", invitation_id=response.invitation_id), 303)
