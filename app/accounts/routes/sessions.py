"""Who is signed in: found by our own cookie in our own table, before anything else happens in a request."""

from dataclasses import replace

from flask import Flask, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user

from app.access.actor import Actor
from app.accounts import pages, queries, service
from app.accounts.routes.blueprint import bp
from app.accounts.types import ABSOLUTE_AFTER
from app.kernel import clock
from app.web.requests import database

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
