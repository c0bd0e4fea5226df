"""Absence lists pasted from a spreadsheet or handed over as a file: looked at, then taken in or thrown away."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.responses import service
from app.responses.forms.absence_list import PreviewAbsenceListForm
from app.responses.forms.sending import ConfirmForm
from app.responses.pages import messages
from app.responses.pages.absence_list import find_pasted, make_absence_list_page, tell_list_faults
from app.responses.queries.absence_lists import find_own_absence_list, get_absence_list
from app.responses.routes.blueprint import OK, UNPROCESSABLE, answer_of, bp, carry_out, not_now
from app.surveys.queries import get_invitation
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace
from app.web.security import takes_large_files

if TYPE_CHECKING:
    from app.responses.models import AbsenceList, MissingPupil
    from app.surveys.models import Invitation


@bp.route("/svar/<uuid:invitation_id>/franvarolista/flera", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_invitation)
@takes_large_files
def preview_absence_list(invitation: "Invitation") -> ResponseReturnValue:
    """Take a list of missing pupils, pasted or as a file. What was pasted before stands there to be corrected."""
    answer = answer_of(invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    session, actor = db_session(), current_actor()
    earlier = find_own_absence_list(session, invitation.id, visible_to=actor)
    form = PreviewAbsenceListForm(data={"text": find_pasted(earlier)})
    if form.validate_on_submit():
        kept: list[AbsenceList] = []
        command = form.to_command()
        instead = carry_out(
            answer, lambda: kept.append(service.preview_absence_list(session, actor, invitation, command))
        )
        return instead or redirect(url_for("responses.confirm_absence_list", absence_list_id=kept[0].id), 303)
    if not form.is_submitted() and form.text.data and earlier is not None:
        trace(AuditAction.ABSENCE_LIST_READ, earlier.id)
    if (faults := tell_list_faults(form.problems)) is not None:
        form.refuse(faults.summary)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("responses/preview_absence_list.html", answer=answer, form=form, faults=faults), status


@bp.route("/franvarolistor/<uuid:absence_list_id>", methods=["GET", "POST"])
@requires(Permission.RESPONSE_CHANGE, on=get_absence_list, trace=AuditAction.ABSENCE_LIST_READ)
def confirm_absence_list(absence_list: "AbsenceList") -> ResponseReturnValue:
    """Show how a list was understood; on yes, put all of it on the unit's list."""
    answer = answer_of(absence_list.invitation)
    if (instead := not_now(answer)) is not None:
        return instead
    form, page = ConfirmForm(), make_absence_list_page(answer, absence_list)
    if form.validate_on_submit():
        session, actor = db_session(), current_actor()
        added: list[MissingPupil] = []
        instead = carry_out(answer, lambda: added.extend(service.confirm_absence_list(session, actor, absence_list)))
        if instead is None:
            flash(messages.listed(len(added)))
        return instead or redirect(url_for("responses.list_missing_pupils", invitation_id=answer.invitation.id), 303)
    return render_template("responses/confirm_absence_list.html", answer=answer, form=form, page=page)


@bp.post("/franvarolistor/<uuid:absence_list_id>/slang")
@requires(Permission.RESPONSE_CHANGE, on=get_absence_list)
def discard_absence_list(absence_list: "AbsenceList") -> ResponseReturnValue:
    """Throw a list away without taking anything in."""
    service.discard_absence_list(db_session(), current_actor(), absence_list)
    flash(messages.DISCARDED)
    return redirect(url_for("responses.list_missing_pupils", invitation_id=absence_list.invitation_id), 303)
