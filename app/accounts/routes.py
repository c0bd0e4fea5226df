"""Signing in and out, choosing a password, the accounts and the audit."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from app.access.actor import Actor
from app.access.permissions import Permission
from app.accounts import pages, queries, service
from app.accounts.forms import ChoosePasswordForm, EmptyForm, FilterAuditForm, RequestRenewalForm, SignInForm
from app.accounts.types import ABSOLUTE_AFTER, LinkPurpose, TooManyAttempts
from app.audit import queries as audit_queries
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Refused
from app.web.guards import open_to_all, requires
from app.web.requests import current_actor, database, db_session, find_actor, trace

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.accounts.models import Account

bp = Blueprint("accounts", __name__)
OUR_ADDRESS = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
"""A path on this server: browsers take // and a backslash for another one, and skip tabs and line ends before them."""
SEEN_EVERY = 60
"""Seconds between two notes that a session is in use; one of the few things a GET may write."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login holds of an account: never the row itself."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.id, self.actor, self.token = str(actor.account_id), actor, token


def init_app(app: Flask, *, is_plain_http: bool) -> None:
    """Let flask-login find who is signed in by our own cookie and our own table."""
    app.config["SIGN_IN_ENDPOINT"] = "accounts.sign_in"
    app.config["SIGN_IN_COOKIE"] = "inloggning" if is_plain_http else "__Host-inloggning"
    app.config["SIGN_IN_COOKIE_SECURE"] = not is_plain_http
    # A cookie of flask-login's own, left by another program on the same host, must not come before ours.
    app.config["REMEMBER_COOKIE_NAME"] = "__Host-unused"
    app.extensions["load_actor"] = find_who_acts
    manager = LoginManager()
    manager.session_protection = None  # It watches flask-login's own session, which nobody has.
    manager.request_loader(_load)
    manager.init_app(app, add_context_processor=False)  # A page about a lost database must not ask it who reads.


def _load(_request: object) -> SignedIn | None:
    token = request.cookies.get(current_app.config["SIGN_IN_COOKIE"], "")
    if not token:
        return None
    at = clock.wall()
    with database().reading() as session:
        found = queries.find_session(session, token)
        if found is None:
            return None
        actor = found.account.as_actor(clock.today())
        if not found.is_alive(at):
            g.lapsed = actor if found.account.is_active else None
            return None
        chrome = pages.make_chrome(found.account, is_rehearsal=current_app.config["IS_REHEARSAL"])
        g.chrome = replace(chrome, rests_for=found.account.idle_after, ends_in=found.started_at + ABSOLUTE_AFTER - at)
    if (at - found.last_seen_at).total_seconds() >= SEEN_EVERY:
        service.note_seen(database(), found.id, at)
    return SignedIn(actor, token)


@bp.before_app_request
def find_who_acts() -> None:
    """Set the request's actor, before its own session begins."""
    if "actor" in g:
        return
    g.actor = None
    if request.endpoint != "static" and current_user.is_authenticated:
        g.actor = current_user.actor


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


@bp.route("/aktivera/<token>", methods=["GET", "POST"])
@open_to_all("whoever has the one-time link chooses the password")
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a one-time link, which is used up only when a password has been accepted."""
    link = queries.find_usable_link(db_session(), token, clock.wall())
    if link is None:
        return render_template("accounts/_link_is_used.html"), 404
    form = ChoosePasswordForm()
    if form.validate_on_submit():
        try:
            service.use_link(db_session(), link, form.password.data)
        except Refused as error:
            form.refuse(error.reason)
        else:
            flash(pages.PASSWORD_IS_SAVED)
            return redirect(url_for("accounts.sign_in"), 303)
    is_new = link.purpose is LinkPurpose.ACTIVATION
    return render_template("accounts/choose_password.html", form=form, is_new=is_new), 422 if form.errors else 200


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


@bp.route("/inbjudan/<token>", methods=["GET", "POST"])
@open_to_all("whoever was invited chooses a password for an account of their own")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose a password by an invitation's link, which is used up only when a password has been accepted."""
    invitation = queries.find_invitation_by_token(db_session(), token)
    if invitation is None or not invitation.is_open(clock.today()):
        return render_template("accounts/_link_is_used.html"), 404
    if invitation.has_expired(clock.wall()):
        return render_template("accounts/_invitation_expired.html", form=EmptyForm(), token=token), 404
    form = ChoosePasswordForm()
    if form.validate_on_submit():
        try:
            service.accept_invitation(db_session(), invitation, form.password.data)
        except Refused as error:
            form.refuse(error.reason)
        else:
            flash(pages.PASSWORD_IS_SAVED)
            return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/choose_password.html", form=form, is_new=True), 422 if form.errors else 200


@bp.post("/inbjudan/<token>/ny-lank")
@open_to_all("whoever holds a link that is too old gets a new one to the same address")
def renew_invitation(token: str) -> ResponseReturnValue:
    """Mail a new link to the address that was invited; the answer is the same whether there is anything to send."""
    invitation = queries.find_invitation_by_token(db_session(), token)
    if invitation is not None and invitation.is_open(clock.today()):
        service.request_new_invitation(db_session(), invitation)
    flash(pages.INVITATION_IS_SENT)
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/administration/konton")
@requires(Permission.ACCOUNT_MANAGE)
def list_accounts() -> ResponseReturnValue:
    """Show the municipality's accounts."""
    accounts = queries.list_accounts(db_session(), visible_to=current_actor())
    return render_template("accounts/list_accounts.html", accounts=accounts, words=pages.ROLE_WORDS, on=clock.today())


@bp.route("/administration/konton/<uuid:account_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, on=queries.get_account)
def make_link(account: "Account") -> ResponseReturnValue:
    """Show an account, and make a one-time link that is shown this once."""
    form, link = EmptyForm(), None
    if form.validate_on_submit():
        purpose = LinkPurpose.RENEWAL if account.activated_at else LinkPurpose.ACTIVATION
        link = service.make_link(db_session(), current_actor(), account, purpose)
    url = f"{current_app.config['PUBLIC_URL']}/aktivera/{link.token}" if link else None
    return render_template(
        "accounts/make_link.html", account=account, words=pages.ROLE_WORDS, on=clock.today(), url=url, form=form
    )


@bp.post("/administration/konton/<uuid:account_id>/stang")
@requires(Permission.ACCOUNT_MANAGE, on=queries.get_account)
def disable_account(account: "Account") -> ResponseReturnValue:
    """Close an account; whoever uses it is signed out at the next request."""
    service.disable_account(db_session(), current_actor(), account)
    flash(pages.ACCOUNT_CLOSED)
    return redirect(url_for("accounts.make_link", account_id=account.id), 303)


@bp.post("/administration/konton/<uuid:account_id>/oppna")
@requires(Permission.ACCOUNT_MANAGE, on=queries.get_account)
def enable_account(account: "Account") -> ResponseReturnValue:
    """Open a closed account."""
    service.enable_account(db_session(), current_actor(), account)
    flash(pages.ACCOUNT_OPENED)
    return redirect(url_for("accounts.make_link", account_id=account.id), 303)


@bp.get("/logg")
@requires(Permission.AUDIT_READ)
def list_audit() -> ResponseReturnValue:
    """Show who did and saw what, newest first; looking at the log is itself in it."""
    actor, form = current_actor(), FilterAuditForm()
    is_right, object_id = form.validate(), form.wanted_id
    trace(AuditAction.AUDIT_READ, object_id)
    rows = audit_queries.list_rows(
        db_session(), visible_to=actor, number=request.args.get("sida", 1, type=int), object_id=object_id
    )
    names = queries.names_by_id(db_session(), pages.list_actors(rows.items), visible_to=actor)
    entries = pages.make_entries(rows.items, names)
    return render_template("accounts/list_audit.html", rows=rows, entries=entries, form=form), 200 if is_right else 422
