"""One school's part in a round: its page, a phone call, more time."""

from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.schools import service as schools
from app.surveys import pages, queries, service
from app.surveys.forms import (
    ADDRESS_CORRECTED,
    EXTENDED,
    NOTE_SAVED,
    AddPhoneNoteForm,
    CorrectAddressesForm,
    ExtendInvitationForm,
)
from app.surveys.routes.blueprint import ask, bp
from app.surveys.types import RoundState
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import Invitation


@bp.get("/kartlaggningar/skolor/<uuid:invitation_id>")
@requires(Permission.SURVEY_READ, on=queries.get_room_invitation)
def show_invitation(invitation: "Invitation") -> ResponseReturnValue:
    """Show one school in the round: how it stands, whom to ring, and what has been done."""
    return render_template(
        "surveys/show_invitation.html", page=pages.make_unit_page(db_session(), current_actor(), invitation)
    )


@bp.route("/kartlaggningar/skolor/<uuid:invitation_id>/samtal", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_room_invitation)
def add_phone_note(invitation: "Invitation") -> ResponseReturnValue:
    """Write down a phone call with the school, and go on with the list of calls if that is where it came from."""
    form, is_listed = AddPhoneNoteForm(), "ring" in request.args
    return ask(
        form,
        lambda: service.add_phone_note(db_session(), current_actor(), invitation, form.to_command()),
        done=NOTE_SAVED,
        back=("Ring", url_for("surveys.list_call_tasks")) if is_listed else _back_to(invitation),
        action=url_for("surveys.add_phone_note", invitation_id=invitation.id, ring="" if is_listed else None),
        eyebrow=f"{invitation.school_unit.name}, {invitation.round.title}",
        numbers=pages.list_numbers(invitation.school_unit),
    )


@bp.route("/kartlaggningar/skolor/<uuid:invitation_id>/forlang", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_room_invitation)
def extend_invitation(invitation: "Invitation") -> ResponseReturnValue:
    """Give the school a later due day, with a reason."""
    form = ExtendInvitationForm(data={"seen_due_at": invitation.due_at.isoformat()})
    return ask(
        form,
        lambda: service.extend_invitation(db_session(), current_actor(), invitation, form.to_command()),
        done=EXTENDED,
        back=_back_to(invitation),
        eyebrow=invitation.round.title,
        invitation=invitation,
    )


@bp.route("/kartlaggningar/skolor/<uuid:invitation_id>/adress", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_room_invitation)
def correct_addresses(invitation: "Invitation") -> ResponseReturnValue:
    """Correct where mails to the school go, and go on to what may be sent there now."""
    unit, survey_round = invitation.school_unit, invitation.round
    form = CorrectAddressesForm(obj=unit)
    reminding = url_for("surveys.remind_units", round_id=survey_round.id, skola=invitation.id)
    return ask(
        form,
        lambda: schools.correct_addresses(db_session(), current_actor(), unit, form.to_command()),
        done=ADDRESS_CORRECTED,
        back=_back_to(invitation),
        then=reminding if survey_round.state is RoundState.OPEN and not invitation.has_answered else None,
        eyebrow=f"{unit.name}, {survey_round.title}",
        numbers=pages.list_numbers(unit),
    )


def _back_to(invitation: "Invitation") -> tuple[str, str]:
    return invitation.school_unit.name, url_for("surveys.show_invitation", invitation_id=invitation.id)
