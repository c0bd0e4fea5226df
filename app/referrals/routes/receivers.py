"""The receivers' register, kept by the administrator, who sees no report."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel.errors import Refused
from app.referrals import queries, service
from app.referrals.forms.receivers import EXISTS, EditReceiverForm
from app.referrals.forms.sending import FLASHES
from app.referrals.routes.blueprint import OK, UNPROCESSABLE, bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.referrals.models import Receiver


@bp.get("/administration/mottagare")
@requires(Permission.RECEIVER_MANAGE)
def list_receivers() -> ResponseReturnValue:
    """Show every board and how it is reached."""
    receivers = queries.list_receivers(db_session(), visible_to=current_actor())
    return render_template("referrals/list_receivers.html", receivers=receivers)


@bp.route("/administration/mottagare/ny", methods=["GET", "POST"])
@requires(Permission.RECEIVER_MANAGE)
def add_receiver() -> ResponseReturnValue:
    """Add a board."""
    form = EditReceiverForm(data={"is_active": True})
    if form.validate_on_submit():
        try:
            service.add_receiver(db_session(), current_actor(), form.to_command())
        except Refused:
            form.board_name.errors = [EXISTS]
        else:
            flash(FLASHES["receiver_kept"])
            return redirect(url_for("referrals.list_receivers"), 303)
    return render_template("referrals/add_receiver.html", form=form), UNPROCESSABLE if form.is_submitted() else OK


@bp.route("/administration/mottagare/<uuid:receiver_id>", methods=["GET", "POST"])
@requires(Permission.RECEIVER_MANAGE, on=queries.get_receiver)
def edit_receiver(receiver: "Receiver") -> ResponseReturnValue:
    """Change how a board is reached, for reports to come; what has left keeps what it said."""
    form = EditReceiverForm(data=EditReceiverForm.data_of(receiver))
    if form.validate_on_submit():
        try:
            service.edit_receiver(db_session(), current_actor(), receiver, form.to_command())
        except Refused:
            form.board_name.errors = [EXISTS]
        else:
            flash(FLASHES["receiver_kept"])
            return redirect(url_for("referrals.list_receivers"), 303)
    return render_template("referrals/edit_receiver.html", form=form), UNPROCESSABLE if form.is_submitted() else OK
