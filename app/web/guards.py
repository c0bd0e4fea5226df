"""Every view says who may use it: `@requires(Permission.…)` or `@open_to_all("why")`; a test finds the silent."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from flask import current_app, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import allows
from app.audit.types import AuditAction
from app.kernel.errors import NotFound
from app.web import idempotency, pages, requests, typed_forms

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Access:
    """What a view says about itself, for the guard and for the tests that read it."""

    permission: Permission | None
    on: Callable[..., Any] | None = None
    trace: AuditAction | None = None
    reason: str = ""


def requires(
    permission: Permission, *, on: Callable[..., Any] | None = None, trace: AuditAction | None = None
) -> Callable[[View], View]:
    """Let only those with `permission` use the view.

    `on` resolves the ids in the URL, scoped to the actor, and the view gets the object in their place; somebody else's
    object and no object both give 404. `trace` records that the object was shown, before it is.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**ids: Any) -> ResponseReturnValue:
            actor = requests.find_actor()
            if actor is None:
                return _to_sign_in()
            if not allows(actor, permission):
                raise Forbidden
            submitted = None if typed_forms.is_autosave() else _claim(actor.account_id)
            arguments: tuple[Any, ...] = ()
            if on is not None:
                arguments, ids = (on(requests.db_session(), *ids.values(), visible_to=actor),), {}
                if not allows(actor, permission, *arguments):
                    raise NotFound
            if typed_forms.is_autosave():
                return _finish(typed_forms.keep(actor, permission, has_object=on is not None), None)
            if typed_forms.is_discarding():
                typed_forms.discard(actor)
                return _finish(redirect(request.full_path.rstrip("?"), 303), submitted)
            if trace is not None:
                requests.trace(trace, arguments[0].id)
            return _finish(view(*arguments, **ids), submitted, actor)

        guarded.access = Access(permission, on, trace)  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(reason: str) -> Callable[[View], View]:
    """Let anyone use the view, for the reason given."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**ids: Any) -> ResponseReturnValue:
            if typed_forms.is_autosave():
                raise NotFound  # Nothing is kept of what somebody types without having signed in.
            actor = requests.find_actor()
            return _finish(view(**ids), _claim(actor.account_id if actor else None))

        guarded.access = Access(None, reason=reason)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _claim(account_id: UUID | None) -> idempotency.SubmittedForm | None:
    if not requests.is_writing():
        return None
    _ = request.form  # Read before the transaction begins: nobody waits for a client that sends slowly.
    return idempotency.claim_form(requests.db_session(), account_id)


def _finish(
    answer: ResponseReturnValue, submitted: idempotency.SubmittedForm | None, actor: Actor | None = None
) -> ResponseReturnValue:
    """End the transaction here and not after the response, so that a failing commit becomes a page like any failure."""
    response = make_response(answer)
    succeeded = response.status_code < requests.FIRST_ERROR_STATUS
    if succeeded and submitted is not None:
        submitted.location = response.location if len(response.location or "") <= idempotency.LONGEST_LOCATION else None
    if succeeded and actor is not None and requests.is_writing():
        typed_forms.forget_saved(actor)
    requests.end_transaction(succeeded=succeeded)
    return response


def _to_sign_in() -> ResponseReturnValue:
    """Lead to signing in and back; what a form carried is kept for whom the session belonged to."""
    is_kept = requests.is_writing() and typed_forms.park(requests.find_lapsed())
    if typed_forms.is_autosave():
        return jsonify(kept=is_kept), 401
    if is_kept:
        flash(pages.PARKED)
    wanted = request.full_path.rstrip("?") if typed_forms.is_shown_again() else None
    return redirect(url_for(current_app.config["SIGN_IN_ENDPOINT"], till=wanted), 303)
