"""Choosing a password by a one-time link, and asking for one."""

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages, queries, service
from app.accounts.forms import ChoosePasswordForm, RequestRenewalForm
from app.accounts.routes.blueprint import bp
from app.accounts.types import LinkPurpose
from app.kernel import clock
from app.kernel.errors import Refused
from app.web.guards import open_to_all
from app.web.requests import db_session


@bp.route("/aktivera/<token>", methods=["GET", "POST"])
@open_to_all("whoever has the one-time link chooses the password")
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a one-time link, which is used up only when a password has been accepted."""
    link = queries.find_usable_link(db_session(), token, clock.wall())
    if link is None:
        return render_template("accounts/_link_is_used.html", is_invitation=False), 404
    form = ChoosePasswordForm()
    if done := choose(form, partial(service.use_link, db_session(), link)):
        return done
    is_new = link.purpose is LinkPurpose.ACTIVATION
    return render_template("accounts/choose_password.html", form=form, is_new=is_new), 422 if form.errors else 200


def choose(form: ChoosePasswordForm, use: Callable[[str], object]) -> ResponseReturnValue | None:
    """Let `use` take the password and lead to signing in; None when there is none yet, or it was refused."""
    if not form.validate_on_submit():
        return None
    try:
        use(form.password.data)
    except Refused as error:
        form.refuse(error.reason)
        return None
    flash(pages.PASSWORD_IS_SAVED)
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/nytt-losenord", methods=["GET", "POST"])
@open_to_all("one who has forgotten the password is not signed in")
def request_renewal() -> ResponseReturnValue:
    """Mail a link to choose a new password; the answer is the same for every address."""
    form = RequestRenewalForm()
    if form.validate_on_submit():
        service.request_renewal(db_session(), form.email.data)
        flash(pages.LINK_ON_ITS_WAY)
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/request_renewal.html", form=form), 422 if form.errors else 200
