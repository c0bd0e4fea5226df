"""Accepting an invitation to an account of one's own."""

from functools import partial
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages, queries, service
from app.accounts.forms import ChoosePasswordForm, EmptyForm
from app.accounts.routes.blueprint import bp
from app.accounts.routes.passwords import choose
from app.kernel import clock
from app.web.guards import open_to_all
from app.web.requests import db_session

if TYPE_CHECKING:
    from app.accounts.models import AccountInvitation


@bp.route("/inbjudan/<token>", methods=["GET", "POST"])
@open_to_all("whoever was invited chooses a password for an account of their own")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose a password by an invitation's link, which is used up only when a password has been accepted."""
    invitation = queries.find_invitation_by_token(db_session(), token)
    if invitation is None or not invitation.is_open(clock.today()):
        return render_template("accounts/_link_is_used.html", is_invitation=True), 404
    if invitation.has_expired(clock.wall()):
        return render_template("accounts/_invitation_expired.html", form=EmptyForm(), token=token), 404
    if queries.find_invited_account(db_session(), invitation) is not None:
        return _accept_with_account(invitation)
    form = ChoosePasswordForm()
    if done := choose(form, partial(service.accept_invitation, db_session(), invitation)):
        return done
    return render_template("accounts/accept_invitation.html", form=form, invitation=invitation), (
        422 if form.errors else 200
    )


def _accept_with_account(invitation: "AccountInvitation") -> ResponseReturnValue:
    form = EmptyForm()
    if not form.validate_on_submit():
        return render_template("accounts/_has_account.html", form=form, invitation=invitation)
    service.accept_with_account(db_session(), invitation)
    flash(pages.INVITATION_IS_ACCEPTED)
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/inbjudan/<token>/ny-lank")
@open_to_all("whoever holds a link that is too old gets a new one to the same address")
def renew_invitation(token: str) -> ResponseReturnValue:
    """Mail a new link to the address that was invited; the answer is the same whether there is anything to send."""
    invitation = queries.find_invitation_by_token(db_session(), token)
    if invitation is not None and invitation.is_open(clock.today()):
        service.request_new_invitation(db_session(), invitation)
    flash(pages.INVITATION_IS_SENT)
    return redirect(url_for("accounts.sign_in"), 303)
