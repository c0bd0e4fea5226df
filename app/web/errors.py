"""Each kind of failure becomes a page that says what happened and what to do."""

from flask import Flask, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel.errors import Conflict, DomainError, InvalidTransition, NotFound, Refused, trail
from app.web import conflicts, pages, requests, typed_forms
from app.web.idempotency import Repeated, Reused

RETRY_AFTER = 10
"""Seconds after which a browser may try again when the database could not be reached."""

PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Register a page for every failure."""
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(CSRFError, _outdated)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(IntegrityError, _broken_rule)
    app.register_error_handler(InvalidTransition, _refused)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(Repeated, _repeated)
    app.register_error_handler(Reused, _reused)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _conflict(error: Exception) -> ResponseReturnValue:
    """Show both answers where the form has them; what was typed is there too when the page is opened anew."""
    current_app.logger.info("conflict: %s", type(error).__name__)
    return _page(409, template="conflict", is_kept=_keep_typed(), is_compared=conflicts.note_posted())


def _outdated(_error: CSRFError) -> ResponseReturnValue:
    """The page was too old, or its person has signed out meanwhile: give back what was typed where it was typed."""
    requests.load_actor()
    if not _keep_typed():
        return _page(400, is_csrf=True)
    is_signed_in = requests.find_actor() is not None
    if typed_forms.is_autosave():
        return typed_forms.tell_kept(), 200 if is_signed_in else 401
    wanted = request.full_path.rstrip("?")
    if is_signed_in:
        flash(pages.TOO_OLD_BUT_KEPT)
        return redirect(wanted, 303)
    flash(pages.PARKED)
    return redirect(url_for(current_app.config["SIGN_IN_ENDPOINT"], till=wanted), 303)


def _reused(_error: Reused) -> ResponseReturnValue:
    return _page(422, is_kept=_keep_typed())


def _keep_typed() -> bool:
    """Keep what a request carries that cannot be carried out; return whether there was anything."""
    if not requests.is_writing() or current_app.config["SIGN_IN_ENDPOINT"] == request.endpoint:
        return False
    try:
        requests.end_transaction(succeeded=False)
        return typed_forms.park(requests.find_actor() or requests.find_lapsed())
    except (DBAPIError, PoolTimeout) as error:
        current_app.logger.error("what was typed could not be kept: %s", trail(error))
        return False


def _broken_rule(error: IntegrityError) -> ResponseReturnValue:
    """A unique constraint tells which of two at the same moment came second; any other broken rule is a fault."""
    is_second = "unique" in f"{getattr(error.orig, 'sqlite_errorname', '')} {type(error.orig).__name__}".lower()
    return _conflict(error) if is_second else _unexpected(error)


def _refused(error: Exception) -> ResponseReturnValue:
    current_app.logger.info("refused: %s", error)  # Safe: domain errors carry no personal data.
    return _page(409, reason=getattr(error, "reason", None))


def _repeated(error: Repeated) -> ResponseReturnValue:
    requests.end_transaction(succeeded=False)
    return redirect(error.location or request.path, 303)


def _unavailable(error: DBAPIError | PoolTimeout) -> ResponseReturnValue:
    current_app.logger.error("database unavailable: %s", trail(error))
    return _page(503)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < requests.FIRST_ERROR_STATUS:
        return error
    page = _page(error.code if error.code in PAGES else 400 if error.code < 500 else 500, error.code)  # noqa: PLR2004
    for name in ("Allow", "Retry-After"):
        if (value := error.get_response().headers.get(name)) is not None:
            page.headers[name] = value
    return page


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    current_app.logger.error("unexpected: %s", trail(error))
    return _page(500)


def _page(number: int, status: int | None = None, *, template: str | None = None, **values: object) -> Response:
    """Return a page of its own transaction: what the request had begun is dropped first."""
    try:
        requests.end_transaction(succeeded=False)
    except (DBAPIError, PoolTimeout) as error:
        current_app.logger.error("the request could not be ended: %s", trail(error))
        number, status, template = 503, 503, None
    is_unavailable = number == 503  # noqa: PLR2004
    after = {"retry_after": RETRY_AFTER} if is_unavailable else {}
    response = make_response(render_template(f"errors/{template or number}.html", **values, **after), status or number)
    if is_unavailable:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
