"""Pupils put on the list, taken off it, only counted, phoned about, and come back."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.responses import service
from app.responses.forms.question_set import apply
from app.responses.forms.sending import ConfirmForm
from app.responses.forms.urgent import SaveCallsForm, UrgentForm
from app.responses.pages import messages
from app.responses.pages.question import make_question
from app.responses.pages.summary import ENDPOINTS
from app.responses.queries import get_missing_pupil
from app.responses.routes.blueprint import OK, UNPROCESSABLE, answer_of, bp, carry_out, not_now, unless_written
from app.responses.types import AddMissingPupil, PupilPage
from app.schools.queries import list_emergency_numbers
from app.surveys.queries import get_invitation
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.responses.models import MissingPupil
    from app.surveys.models import Invitation


@bp.route("/svar/<uuid:invitation_id>/franvarolista/ny", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def add_missing_pupil(invitation: "Invitation") -> ResponseReturnValue:
    """Put a pupil on the list; whether anything is urgent is asked before who it is."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    form = UrgentForm()
    apply(form, PupilPage.URGENT, answer.question_set)
    if form.validate_on_submit():
        added: list[MissingPupil] = []
        instead = carry_out(answer, lambda: added.append(_add(invitation, form)))
        return instead or _go_on(added[0])
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("responses/add_missing_pupil.html", answer=answer, form=form), status


def _add(invitation: "Invitation", form: UrgentForm) -> "MissingPupil":
    session, actor = db_session(), current_actor()
    response = service.start_response(session, actor, invitation)
    return service.add_missing_pupil(session, actor, response, AddMissingPupil(form.to_values(None)))


def _go_on(pupil: "MissingPupil") -> ResponseReturnValue:
    """Lead to *Ring nu*, which says that the case has been opened, or to the next question."""
    leads_to = "responses.save_calls" if pupil.is_urgent else ENDPOINTS[PupilPage.IDENTITY]
    return redirect(url_for(leads_to, pupil_id=pupil.id), 303)


@bp.route("/elever/<uuid:pupil_id>/ring-nu", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_missing_pupil, trace=AuditAction.RESPONSE_PUPIL_READ)
def save_calls(pupil: "MissingPupil") -> ResponseReturnValue:
    """Show whom to phone now, and note who was phoned. It never blocks going on."""
    answer = answer_of(pupil.response.invitation)
    if (instead := not_now(answer) or unless_written(answer, pupil)) is not None:
        return instead
    numbers = list_emergency_numbers(db_session(), pupil.municipality_id)
    urgent = pupil.told.urgent
    form = SaveCallsForm(data=SaveCallsForm.data_of(urgent.calls if urgent else None))
    form.offer(numbers)
    if form.validate_on_submit():
        session, actor = db_session(), current_actor()
        instead = carry_out(answer, lambda: service.save_calls(session, actor, pupil, form.to_command()))
        return instead or _go_on_from_calls(pupil)
    question = make_question(answer, pupil, PupilPage.URGENT)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template(
        "responses/save_calls.html", answer=answer, question=question, form=form, numbers=numbers
    ), status


def _go_on_from_calls(pupil: "MissingPupil") -> ResponseReturnValue:
    """Lead to who the pupil is, or, when a list has said that, to whoever is asked about next."""
    row = answer_of(pupil.response.invitation).next_asked if pupil.told.identity else None
    return redirect(row.next_url if row else url_for(ENDPOINTS[PupilPage.IDENTITY], pupil_id=pupil.id), 303)


@bp.route("/elever/<uuid:pupil_id>/skyddad", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_missing_pupil, trace=AuditAction.RESPONSE_PUPIL_READ)
def withhold_pupil(pupil: "MissingPupil") -> ResponseReturnValue:
    """Say how to find out whether personal data are protected; if they are, count the pupil and keep nothing."""
    answer = answer_of(pupil.response.invitation)
    if (instead := not_now(answer) or unless_written(answer, pupil)) is not None:
        return instead
    form = ConfirmForm()
    if form.validate_on_submit():
        session, actor = db_session(), current_actor()
        instead = carry_out(answer, lambda: service.withhold_pupil(session, actor, pupil))
        return instead or redirect(url_for("responses.show_protected", invitation_id=answer.invitation.id), 303)
    question = make_question(answer, pupil, PupilPage.IDENTITY)
    return render_template("responses/withhold_pupil.html", answer=answer, question=question)


@bp.route("/elever/<uuid:pupil_id>/ta-bort", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_missing_pupil, trace=AuditAction.RESPONSE_PUPIL_READ)
def remove_missing_pupil(pupil: "MissingPupil") -> ResponseReturnValue:
    """Take a pupil off the list, after asking once."""
    answer = answer_of(pupil.response.invitation)
    if (instead := not_now(answer) or unless_written(answer, pupil)) is not None:
        return instead
    form = ConfirmForm()
    if form.validate_on_submit():
        session, actor = db_session(), current_actor()
        instead = carry_out(answer, lambda: service.remove_missing_pupil(session, actor, pupil))
        if instead is None:
            flash(messages.REMOVED)
        return instead or redirect(url_for("responses.list_missing_pupils", invitation_id=answer.invitation.id), 303)
    question = make_question(answer, pupil, PupilPage.IDENTITY)
    return render_template("responses/remove_missing_pupil.html", answer=answer, question=question)


@bp.post("/elever/<uuid:pupil_id>/tillbaka")
@requires(Permission.RESPONSE_CHANGE, on=get_missing_pupil, trace=AuditAction.RESPONSE_PUPIL_READ)
def report_return(pupil: "MissingPupil") -> ResponseReturnValue:
    """Note that a pupil has come back, in this round or an earlier one."""
    service.report_return(db_session(), current_actor(), pupil)
    flash(messages.CAME_BACK)
    return redirect(url_for("responses.show_receipt", invitation_id=pupil.response.invitation_id), 303)
