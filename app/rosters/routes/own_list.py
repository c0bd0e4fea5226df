"""A school's own class list for a round. Names are shown to its own respondents only, with a read trace."""

from functools import partial
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.kernel.errors import Refused
from app.rosters import queries, service
from app.rosters.forms import UploadListForm
from app.rosters.pages import Faults, make_own_list_page, messages
from app.rosters.routes.blueprint import UNPROCESSABLE, bp, decided_upload, take_file
from app.surveys.queries import get_invitation
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace
from app.web.security import takes_large_files

if TYPE_CHECKING:
    from app.surveys.models import Invitation


@bp.route("/svar/<uuid:invitation_id>/klasslista", methods=["GET", "POST"])
@requires(Permission.ROSTER_STAGE_OWN, on=get_invitation)
@takes_large_files
def show_own_list(invitation: "Invitation") -> ResponseReturnValue:
    """Show the unit's list or the one that waits to be confirmed; take a file."""
    form, faults = UploadListForm(), None
    if form.validate_on_submit():
        faults = take_file(form, partial(service.stage_own_file, db_session(), current_actor(), invitation))
        if faults is None:
            return redirect(url_for("rosters.show_own_list", invitation_id=invitation.id), 303)
    return _show(invitation, form, faults), UNPROCESSABLE if form.errors else 200


@bp.post("/svar/<uuid:invitation_id>/klasslista/bekrafta")
@requires(Permission.ROSTER_STAGE_OWN, on=get_invitation)
def confirm_own_list(invitation: "Invitation") -> ResponseReturnValue:
    """Let the unit work from the list that was shown."""
    upload_id = decided_upload(invitation.round_id, invitation.school_unit_id)
    service.confirm_upload(db_session(), current_actor(), upload_id)
    flash(messages.OWN_CONFIRMED)
    return redirect(url_for("rosters.show_own_list", invitation_id=invitation.id), 303)


@bp.post("/svar/<uuid:invitation_id>/klasslista/kasta")
@requires(Permission.ROSTER_STAGE_OWN, on=get_invitation)
def discard_own_list(invitation: "Invitation") -> ResponseReturnValue:
    """Drop the list that was shown."""
    upload_id = decided_upload(invitation.round_id, invitation.school_unit_id)
    service.discard_upload(db_session(), current_actor(), upload_id)
    flash(messages.DISCARDED)
    return redirect(url_for("rosters.show_own_list", invitation_id=invitation.id), 303)


@bp.post("/svar/<uuid:invitation_id>/klasslista/ta-bort")
@requires(Permission.ROSTER_STAGE_OWN, on=get_invitation)
def remove_own_list(invitation: "Invitation") -> ResponseReturnValue:
    """Take the unit's list away, whatever has been marked on it."""
    service.remove_own_list(db_session(), current_actor(), invitation)
    flash(messages.OWN_REMOVED)
    return redirect(url_for("rosters.show_own_list", invitation_id=invitation.id), 303)


def _show(invitation: "Invitation", form: UploadListForm, faults: Faults | None) -> str:
    session = db_session()
    upload = queries.find_waiting_upload(session, invitation.round_id, invitation.school_unit_id)
    shows_preview = upload is not None and not form.errors
    if upload is not None and shows_preview:
        trace(AuditAction.ROSTER_READ, upload.id)
    page = make_own_list_page(
        invitation,
        queries.find_roster(session, invitation),
        upload,
        queries.list_classes_with_pupils(session, upload.id) if upload and shows_preview else (),
    )
    if form.errors and not page.takes_lists:
        raise Refused("round_takes_no_lists")
    return render_template("rosters/show_own_list.html", page=page, form=form, faults=faults)
