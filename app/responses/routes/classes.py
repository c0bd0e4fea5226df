"""Going through the classes of a unit that have been staged: the list, one class, and those who stand in none."""

from typing import TYPE_CHECKING, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.kernel.errors import Conflict
from app.responses import service
from app.responses.forms.classes import SaveClassForm, SaveUnlistedForm, make_class_form
from app.responses.pages import messages
from app.responses.pages.answer import AnswerPage
from app.responses.pages.classes import make_class_page, make_classes_page, saved_words
from app.responses.queries.classes import get_class_invitation
from app.responses.routes.blueprint import CONFLICT, OK, UNPROCESSABLE, answer_of, bp, carry_out, not_now
from app.responses.types.classes import PupilsAreDescribed
from app.rosters.queries.rosters import get_class
from app.surveys.queries import get_invitation
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.rosters.models import RosterClass
    from app.surveys.models import Invitation

REST: Final = "rest"
"""The button that marks those without a mark as present, and saves nothing."""
LATER: Final = "later"
"""The button that saves a class which is not done."""
FIRST_PUPIL: Final = "#forsta"
"""Who comes from the class before goes on where the hands are; the script of the page answers to it."""


@bp.get("/svar/<uuid:invitation_id>/klasser")
@requires(Permission.RESPONSE_READ, on=get_invitation)
def list_classes(invitation: "Invitation") -> ResponseReturnValue:
    """Show the classes and how far each has come; without class lists the figures are typed."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    if answer.sums is None:
        return redirect(url_for("responses.save_figures", invitation_id=invitation.id), 303)
    page = make_classes_page(db_session(), answer)
    return render_template("responses/list_classes.html", answer=answer, page=page)


@bp.route("/klasser/<uuid:class_id>", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_class, trace=AuditAction.ROSTER_READ)
def save_class(roster_class: "RosterClass") -> ResponseReturnValue:
    """Go through a class: there, absence known, or missing."""
    session, actor = db_session(), current_actor()
    answer = answer_of(get_class_invitation(session, roster_class, visible_to=actor))
    if (instead := not_now(answer)) is not None:
        return instead
    form = make_class_form(roster_class.pupils, roster_class.version)
    if form.is_submitted() and REST in request.form:
        form.mark_rest_present()
        return _class(answer, roster_class, form, UNPROCESSABLE, is_filled=True)
    if form.validate_on_submit() and (LATER in request.form or form.require_all()):
        return _keep(answer, roster_class, form)
    return _class(answer, roster_class, form, UNPROCESSABLE if form.is_submitted() else OK)


def _keep(answer: AnswerPage, roster_class: "RosterClass", form: SaveClassForm) -> ResponseReturnValue:
    session, actor, command = db_session(), current_actor(), form.to_command()
    try:
        instead = carry_out(
            answer, lambda: service.save_class(session, actor, answer.invitation, roster_class, command)
        )
    except PupilsAreDescribed as described:
        form.ask_about_described([row.name for row in answer.pupils if row.pupil.id in described.pupil_ids])
        return _class(answer, roster_class, form, UNPROCESSABLE)
    except Conflict:
        form.form_errors.append(messages.CLASS_CHANGED)
        roster_class = get_class(session, roster_class.id, visible_to=actor)
        form.version.raw_data, form.version.data = None, roster_class.version
        return _class(answer, roster_class, form, CONFLICT)
    return instead or _go_on(answer, roster_class)


def _go_on(answer: AnswerPage, roster_class: "RosterClass") -> ResponseReturnValue:
    """Lead to the first pupil of the next class that is not done, or to the list, which then has the sum."""
    flash(saved_words(roster_class))
    page = make_classes_page(db_session(), answer, after=roster_class)
    if LATER not in request.form and page.next_url is not None:
        return redirect(page.next_url + FIRST_PUPIL, 303)
    return redirect(url_for("responses.list_classes", invitation_id=answer.invitation.id), 303)


def _class(
    answer: AnswerPage, roster_class: "RosterClass", form: SaveClassForm, status: int, *, is_filled: bool = False
) -> ResponseReturnValue:
    page = make_class_page(db_session(), current_actor(), roster_class, form, is_conflict=status == CONFLICT)
    return render_template(
        "responses/save_class.html", answer=answer, page=page, form=form, is_filled=is_filled
    ), status


@bp.route("/svar/<uuid:invitation_id>/klasser/utanfor", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
def save_unlisted(invitation: "Invitation") -> ResponseReturnValue:
    """Ask how many stand on no class list."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    if answer.sums is None:
        return redirect(url_for("responses.save_figures", invitation_id=invitation.id), 303)
    form = SaveUnlistedForm(data=_unlisted_shown(answer), protected=answer.sums.protected)
    if form.validate_on_submit():
        try:
            instead = carry_out(answer, lambda: _save_unlisted(invitation, form))
        except Conflict:
            answer = answer_of(invitation)
            form.form_errors.append(messages.ANSWER_CHANGED)
            form.version.raw_data, form.version.data = None, answer.response.version if answer.response else None
            return render_template("responses/save_unlisted.html", answer=answer, form=form), CONFLICT
        return instead or redirect(url_for("responses.list_classes", invitation_id=invitation.id), 303)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("responses/save_unlisted.html", answer=answer, form=form), status


def _save_unlisted(invitation: "Invitation", form: SaveUnlistedForm) -> None:
    session, actor = db_session(), current_actor()
    response = service.start_response(session, actor, invitation)
    service.save_unlisted(session, actor, response, form.to_command())


def _unlisted_shown(answer: AnswerPage) -> dict[str, int | None]:
    if (response := answer.response) is None:
        return {"version": None}
    is_told = response.unlisted_present is not None
    return {
        "present": response.unlisted_present,
        "known_absence": response.unlisted_known_absence,
        "protected_known_absence": response.protected_known_absence or None,
        "protected_missing": response.protected_missing if is_told else response.protected_missing or None,
        "version": response.version,
    }
