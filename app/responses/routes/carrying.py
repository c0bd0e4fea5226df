"""Pupils of earlier answers: still away, back, or something new; all on one page."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases.queries import list_reported_status
from app.kernel.errors import Conflict
from app.responses import service
from app.responses.forms.carried import make_form
from app.responses.pages import messages
from app.responses.pages.answer import AnswerPage
from app.responses.pages.carried import make_lines, name_carried
from app.responses.pages.summary import ENDPOINTS
from app.responses.routes.blueprint import CONFLICT, OK, UNPROCESSABLE, answer_of, bp, carry_out, not_now
from app.responses.routes.questions import LATER
from app.responses.types import CarriedAnswer, CarriedFrom, PupilPage
from app.surveys.queries import get_invitation
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace_shown

if TYPE_CHECKING:
    from app.surveys.models import Invitation


@bp.route("/svar/<uuid:invitation_id>/forra-gangen", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def answer_carried(invitation: "Invitation") -> ResponseReturnValue:
    """Ask about those who were missing, or worried about, when the school last answered."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    if not answer.asks_again:
        return redirect(url_for("responses.show_response", invitation_id=invitation.id), 303)
    trace_shown(AuditAction.RESPONSE_PUPILS_LISTED, [each.pupil.id for each in answer.carried])
    form = _form(answer)
    if form.validate_on_submit():
        try:
            instead = carry_out(answer, lambda: _answer(invitation, answer, form))
        except Conflict:
            fresh = answer_of(invitation)
            form.form_errors.append(messages.ANSWER_CHANGED)
            form.version.raw_data, form.version.data = None, fresh.response.version if fresh.response else None
            return _page(fresh, form, CONFLICT)
        return instead or _go_on(answer_of(invitation))
    return _page(answer, form, UNPROCESSABLE if form.is_submitted() else OK)


def _form(answer: AnswerPage) -> Any:
    version = answer.response.version if answer.response else None
    names = {each.entry_id: name_carried(each) for each in answer.carried}
    return make_form(
        answer.carried,
        version=version,
        names=names,
        protected_missing=answer.figures.protected_missing if answer.protected_before else None,
        all_now=LATER not in request.form,
    )


def _answer(invitation: "Invitation", answer: AnswerPage, form: Any) -> None:
    session, actor = db_session(), current_actor()
    response = service.start_response(session, actor, invitation)
    service.answer_carried(session, actor, response, form.to_command(answer.carried))


def _page(answer: AnswerPage, form: Any, status: int) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    known = list_reported_status(session, [each.entry_id for each in answer.carried], visible_to=actor)
    lines = {origin.name: make_lines(answer.carried, form, known, origin=origin) for origin in CarriedFrom}
    return render_template("responses/answer_carried.html", answer=answer, form=form, lines=lines), status


def _go_on(answer: AnswerPage) -> ResponseReturnValue:
    """Lead to what is to be written: where a pupil now is said to be, then whatever is left of the answer."""
    invitation_id = answer.invitation.id
    if LATER in request.form:
        return redirect(url_for("responses.show_response", invitation_id=invitation_id), 303)
    flash(messages.CARRIED_SAVED)
    news = {each.entry_id for each in answer.carried if each.answer is CarriedAnswer.NEWS}
    for row in answer.pupils:
        if row.pupil.entry_id in news:
            return redirect(url_for(ENDPOINTS[PupilPage.WHEREABOUTS], pupil_id=row.pupil.id), 303)
    if answer.next_asked is not None:
        return redirect(answer.next_asked.next_url, 303)
    return redirect(url_for("responses.show_response", invitation_id=invitation_id), 303)
