"""Signing in and out."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import current_app, redirect, render_template, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.permissions import Permission
from app.accounts import pages, queries, service
from app.accounts.forms import SignInForm
from app.accounts.routes.blueprint import bp
from app.accounts.types import TooManyAttempts
from app.web.guards import open_to_all, requires
from app.web.requests import current_actor, database, db_session, find_actor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.accounts.models import Account

OUR_ADDRESS = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
"""A path on this server: browsers take // and a backslash for another one, and skip tabs and line ends before them."""


@bp.get("/")
@open_to_all("leads to the sign-in page or to the page a role begins at")
def show_start() -> ResponseReturnValue:
    """Lead everyone to where they begin."""
    actor = find_actor()
    return redirect(pages.home_of(actor.role) if actor else url_for("accounts.sign_in"), 303)


@bp.route("/logga-in", methods=["GET", "POST"])
@open_to_all("one signs in here")
def sign_in() -> ResponseReturnValue:
    """Sign in; an account, a wrong password and no account all get the same answer."""
    if (actor := find_actor()) is not None:
        return redirect(pages.home_of(actor.role), 303)
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            token = _try_to_sign_in(form)
        except TooManyAttempts:
            token, status = None, 429
            form.ask_to_wait()
        if token is not None:
            return _remember(redirect(_wanted(), 303), token)
        if not form.form_errors:
            form.refuse()
    if form.errors and status == 200:  # noqa: PLR2004
        status = 422
    action = url_for("accounts.sign_in", till=request.args.get("till"))
    return render_template("accounts/sign_in.html", form=form, action=action, demo=_demo_accounts()), status


def _try_to_sign_in(form: SignInForm) -> str | None:
    db_session().rollback()  # The attempt is counted in a transaction of its own, beside which SQLite allows no other.
    return service.sign_in(database(), form.email.data, form.password.data, request.remote_addr or "")


def _wanted() -> str:
    """Return the page that led here when it is one of ours, else the start."""
    wanted = request.args.get("till", "")
    return wanted if OUR_ADDRESS.fullmatch(wanted) else url_for("accounts.show_start")


def _remember(response: "Response", token: str) -> "Response":
    flask_session.clear()
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        token,
        secure=current_app.config["SIGN_IN_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",  # The links in our mails lead straight to a page; Strict would ask for the password again.
        path="/",
    )
    return response


def _demo_accounts() -> "Sequence[Account]":
    if not current_app.config["IS_REHEARSAL"]:
        return ()
    return queries.list_demo_accounts(db_session())


@bp.get("/fortsatt-inloggad")
@requires(Permission.SESSION_END)
def stay_signed_in() -> ResponseReturnValue:
    """Note that somebody is there: the button of the warning before a session ends."""
    return "", 204


@bp.post("/logga-ut")
@requires(Permission.SESSION_END)
def sign_out() -> ResponseReturnValue:
    """End the session in every process and clear what the browser keeps."""
    service.sign_out(db_session(), current_actor(), current_user.token)
    flask_session.clear()
    response = redirect(url_for("accounts.sign_in"), 303)
    response.delete_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        secure=current_app.config["SIGN_IN_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
