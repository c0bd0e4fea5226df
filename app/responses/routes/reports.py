"""Reporting all year round: a pupil who is missing, and worry before a break."""

from collections.abc import Collection
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.access.policy import allows
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
@requires(Permission.RESPONSE_BEGIN)
def report_missing() -> ResponseReturnValue:
    """Begin a report of a pupil who is missing, whatever the time of the year."""
    return _begin(Asks.REPORT, current_actor().answers_for)


@bp.route("/rapportera/oro-infor-lov", methods=["GET", "POST"])
@requires(Permission.WORRY_BEGIN)
def report_worry() -> ResponseReturnValue:
    """Begin a report of a pupil whom somebody worries about before a break: anyone at the school may."""
    return _begin(Asks.WORRY, current_actor().unit_ids)


def _begin(asks: Asks, of_units: Collection[UUID]) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    units = [(unit.id, unit.name) for unit in list_school_units(session, visible_to=actor) if unit.id in of_units]
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
    answers = allows(actor, Permission.RESPONSE_BEGIN)
    return render_template(
        "responses/_start_report.html",
        form=form,
        asks=asks,
        words=WORDS[asks],
        begun=begun,
        units=units,
        answers=answers,
    ), status


def _lead_on(unit_id: UUID, asks: Asks) -> ResponseReturnValue:
    response = service.start_report(db_session(), current_actor(), unit_id, asks)
    return redirect(url_for("responses.add_missing_pupil", invitation_id=response.invitation_id), 303)
