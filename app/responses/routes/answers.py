"""A school unit's answer: what there is to do, figures, nil return, absence list, sending, receipt."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Conflict
from app.responses import queries, service
from app.responses.forms.figures import SaveFiguresForm, SubmitNilReturnForm
from app.responses.forms.sending import SubmitReportForm, SubmitResponseForm
from app.responses.pages import messages
from app.responses.pages.answer import AnswerPage, is_any_time
from app.responses.pages.asked import WORDS
from app.responses.pages.listed import list_shown
from app.responses.pages.receipt import make_receipt
from app.responses.pages.start import make_start
from app.responses.pages.steps import make_steps, next_on_list, next_step
from app.responses.pages.summary import summary_rows
from app.responses.queries.enrolment import Enrolment, find_enrolment
from app.responses.routes.blueprint import (
    CHECK,
    CONFLICT,
    OK,
    UNPROCESSABLE,
    answer_of,
    bp,
    carry_out,
    leaves_unsaved,
    not_now,
    own_name,
    trace_listed,
    unsaved_of,
    without_figures,
)
from app.surveys.queries import get_invitation
from app.web import conflicts
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace_shown

if TYPE_CHECKING:
    from app.responses.models import Response
    from app.surveys.models import Invitation


@bp.get("/att-gora")
@requires(Permission.RESPONSE_LIST)
def list_tasks() -> ResponseReturnValue:
    """Show what there is to do at the actor's school units, and what they have reported."""
    start = make_start(db_session(), current_actor())
    trace_shown(AuditAction.RESPONSE_PUPILS_LISTED, [row.pupil_id for row in start.reported])
    return render_template("responses/list_tasks.html", start=start)


@bp.get("/svar/<uuid:invitation_id>")
@requires(Permission.RESPONSE_READ, on=get_invitation)
def show_response(invitation: "Invitation") -> ResponseReturnValue:
    """Show the three steps of an answer; the mail leads here. A submitted answer shows its receipt."""
    answer = answer_of(invitation)
    if answer.response is None and answer.holding is not None:
        return redirect(url_for("responses.show_receipt", invitation_id=invitation.id), 303)
    if not invitation.accepts_answers(clock.now()):
        return render_template("responses/_round_closed.html", answer=answer)
    unsaved = unsaved_of(answer)
    trace_shown(AuditAction.RESPONSE_PUPILS_LISTED, unsaved.pupil_ids)
    if not answer.asks_for_figures:
        return render_template("responses/_report.html", answer=answer, unsaved=unsaved)
    steps, following = make_steps(answer), next_step(answer)
    return render_template(
        "responses/show_response.html", answer=answer, unsaved=unsaved, steps=steps, following=following
    )


@bp.route("/svar/<uuid:invitation_id>/antal", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def save_figures(invitation: "Invitation") -> ResponseReturnValue:
    """Ask for the figures of the unit."""
    answer = answer_of(invitation)
    if (instead := not_now(answer) or without_figures(answer)) is not None:
        return instead
    shown = _figures_shown(answer, find_enrolment(db_session(), invitation))
    form = SaveFiguresForm(data=shown, listed=len(answer.pupils))
    form.take_current_version()
    if form.validate_on_submit():
        try:
            instead = carry_out(answer, lambda: _save_figures(invitation, form))
        except Conflict:
            fresh = answer_of(invitation)
            saved = _figures_shown(fresh, find_enrolment(db_session(), invitation))
            if conflicts.note(form, SaveFiguresForm(formdata=None, data=saved)):
                return _page("responses/save_figures.html", fresh, form, CONFLICT)
        return instead or redirect(url_for("responses.list_missing_pupils", invitation_id=invitation.id), 303)
    return _page("responses/save_figures.html", answer, form)


def _save_figures(invitation: "Invitation", form: SaveFiguresForm) -> None:
    session, actor = db_session(), current_actor()
    response = service.start_response(session, actor, invitation)
    service.save_figures(session, actor, response, form.to_command())


@bp.route("/svar/<uuid:invitation_id>/nollsvar", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def submit_nil_return(invitation: "Invitation") -> ResponseReturnValue:
    """Take a nil return: one page, signed. Impossible while somebody is listed or counted as missing."""
    answer = answer_of(invitation)
    if (instead := not_now(answer) or without_figures(answer)) is not None:
        return instead
    if not answer.may_be_nil:
        return render_template("responses/_nil_refused.html", answer=answer), CONFLICT
    enrolment = find_enrolment(db_session(), invitation)
    form = SubmitNilReturnForm(data={**_figures_shown(answer, enrolment), "signed_name": own_name()})
    if form.validate_on_submit():
        if leaves_unsaved(unsaved_of(answer)):
            form.form_errors.append(messages.UNSAVED_WORDS)
            return _page("responses/submit_nil_return.html", answer, form, CONFLICT)
        try:
            instead = carry_out(answer, lambda: _submit_nil_return(invitation, form))
        except Conflict:
            return _conflict("responses/submit_nil_return.html", answer_of(invitation), form)
        return instead or _sent(invitation)
    if enrolment is not None and answer.figures.enrolled is None:
        form.enrolled.description = messages.ENROLMENT[enrolment.source]
    return _page("responses/submit_nil_return.html", answer, form)


def _submit_nil_return(invitation: "Invitation", form: SubmitNilReturnForm) -> None:
    session, actor = db_session(), current_actor()
    response = service.start_response(session, actor, invitation)
    service.submit_nil_return(session, actor, response, form.to_command())


@bp.get("/svar/<uuid:invitation_id>/franvarolista")
@requires(Permission.RESPONSE_READ, on=get_invitation)
def list_missing_pupils(invitation: "Invitation") -> ResponseReturnValue:
    """Show the absence list: a row per missing pupil, with what is unanswered."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    trace_listed(answer)
    following = next_on_list(answer)
    return render_template(
        "responses/list_missing_pupils.html", answer=answer, unsaved=unsaved_of(answer), following=following
    )


@bp.get("/svar/<uuid:invitation_id>/skyddad-elev")
@requires(Permission.RESPONSE_READ, on=get_invitation)
def show_protected(invitation: "Invitation") -> ResponseReturnValue:
    """Say what to do about a pupil whose personal data are protected, now that the pupil has been counted."""
    answer = answer_of(invitation)
    return not_now(answer) or render_template("responses/show_protected.html", answer=answer)


@bp.route("/svar/<uuid:invitation_id>/skicka-in", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def submit_response(invitation: "Invitation") -> ResponseReturnValue:
    """Show everything once more, and take the signature."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    if answer.response is None and not answer.may_be_empty:
        return redirect(url_for("responses.show_response", invitation_id=invitation.id), 303)
    trace_listed(answer)
    form_class = SubmitResponseForm if answer.asks_for_figures else SubmitReportForm
    version = answer.response.version if answer.response else None
    form = form_class(data={"signed_name": own_name(), "version": version})
    if form.validate_on_submit():
        if not answer.may_be_submitted:
            form.form_errors.append(messages.NOT_READY)
        elif leaves_unsaved(unsaved_of(answer)):
            form.form_errors.append(messages.UNSAVED_WORDS)
            return _check_page(answer, form, CONFLICT)
        else:
            return _try_to_submit(answer, form)
    return _check_page(answer, form)


def _try_to_submit(answer: AnswerPage, form: SubmitResponseForm) -> ResponseReturnValue:
    try:
        instead = carry_out(answer, lambda: _submit(answer, form))
    except Conflict:
        fresh = answer_of(answer.invitation)
        form.form_errors.append(messages.ANSWER_CHANGED)
        form.version.raw_data, form.version.data = None, fresh.response.version if fresh.response else None
        return _check_page(fresh, form, CONFLICT)
    return instead or _sent(answer.invitation)


def _submit(answer: AnswerPage, form: SubmitResponseForm) -> None:
    session, actor = db_session(), current_actor()
    response = answer.response or service.start_response(session, actor, answer.invitation)
    service.submit_response(session, actor, response, form.to_command())


def _check_page(answer: AnswerPage, form: SubmitResponseForm, status: int | None = None) -> ResponseReturnValue:
    cards = {row.pupil.id: summary_rows(row.pupil, row.told, back=CHECK) for row in answer.pupils}
    status = status or (UNPROCESSABLE if form.is_submitted() else OK)
    page = render_template(
        "responses/submit_response.html", answer=answer, form=form, cards=cards, unsaved=unsaved_of(answer)
    )
    return page, status


@bp.get("/svar/<uuid:invitation_id>/kvitto")
@requires(Permission.RESPONSE_READ, on=get_invitation)
def show_receipt(invitation: "Invitation") -> ResponseReturnValue:
    """Show what was sent, what happens next, and how it goes for each pupil reported."""
    receipt = make_receipt(db_session(), current_actor(), invitation)
    if receipt is None:
        return redirect(url_for("responses.show_response", invitation_id=invitation.id), 303)
    trace_shown(AuditAction.RESPONSE_PUPILS_LISTED, [row.pupil.id for row in receipt.pupils])
    return render_template("responses/show_receipt.html", receipt=receipt, invitation=invitation)


@bp.post("/svar/<uuid:invitation_id>/andra")
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def change_response(invitation: "Invitation") -> ResponseReturnValue:
    """Begin a new version of a submitted answer; the old one stays."""
    answer = answer_of(invitation)
    instead = carry_out(answer, lambda: service.change_response(db_session(), current_actor(), invitation))
    return instead or redirect(url_for("responses.show_response", invitation_id=invitation.id), 303)


@bp.get("/svar/<uuid:invitation_id>/versioner/<int:number>")
@requires(Permission.RESPONSE_READ, on=queries.get_submitted_version, trace=AuditAction.RESPONSE_READ)
def show_version(response: "Response") -> ResponseReturnValue:
    """Show a version as it was sent."""
    pupils = list_shown(db_session(), current_actor(), response.pupils)
    trace_shown(AuditAction.RESPONSE_PUPILS_LISTED, [row.pupil.id for row in pupils])
    return render_template(
        "responses/show_version.html",
        response=response,
        pupils=pupils,
        figures=response.figures(len(pupils)),
        words=WORDS[response.asks],
        cards={row.pupil.id: summary_rows(row.pupil, row.told) for row in pupils},
    )


def _figures_shown(answer: AnswerPage, enrolment: Enrolment | None) -> dict[str, Any]:
    """Return what is known of the figures; the number enrolled may be only a beginning."""
    figures, expected = answer.figures, enrolment.enrolled if enrolment else None
    return {
        "enrolled": expected if figures.enrolled is None else figures.enrolled,
        "present": figures.present,
        "known_absence": figures.known_absence,
        "protected_known_absence": figures.protected_known_absence or None,
        "protected_missing": figures.protected_missing if figures.is_given else figures.protected_missing or None,
        "version": answer.response.version if answer.response else None,
    }


def _page(template: str, answer: AnswerPage, form: Any, status: int | None = None) -> ResponseReturnValue:
    status = status or (UNPROCESSABLE if form.is_submitted() else OK)
    return render_template(template, answer=answer, form=form, unsaved=unsaved_of(answer)), status


def _conflict(template: str, answer: AnswerPage, form: Any) -> ResponseReturnValue:
    """Show the page again with what was typed, over what somebody else has saved."""
    form.form_errors.append(messages.ANSWER_CHANGED)
    form.version.raw_data, form.version.data = None, answer.response.version if answer.response else None
    return _page(template, answer, form, CONFLICT)


def _sent(invitation: "Invitation") -> ResponseReturnValue:
    flash(messages.SENT_UNASKED[invitation.asks] if is_any_time(invitation) else messages.SENT)
    return redirect(url_for("responses.show_receipt", invitation_id=invitation.id), 303)
