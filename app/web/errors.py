"""Each kind of failure becomes a page that says what happened and what to do."""

from flask import Flask, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel.errors import Conflict, DomainError, InvalidTransition, NotFound, Refused
from app.web import requests
from app.web.idempotency import Repeated, Reused

RETRY_AFTER = 10
"""Seconds after which a browser may try again when the database could not be reached."""

PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Register a page for every failure."""
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(CSRFError, lambda _error: _page(400, is_csrf=True))
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(InvalidTransition, _refused)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(Repeated, _repeated)
    app.register_error_handler(Reused, lambda _error: _page(422))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _conflict(error: Exception) -> ResponseReturnValue:
    current_app.logger.info("conflict: %s", type(error).__name__)
    return _page(409, template="conflict")


def _refused(error: Exception) -> ResponseReturnValue:
    current_app.logger.info("refused: %s", error)  # Safe: domain errors carry no personal data.
    return _page(409, reason=getattr(error, "reason", None))


def _repeated(error: Repeated) -> ResponseReturnValue:
    requests.end_transaction(succeeded=False)
    return redirect(error.location or request.path, 303)


def _unavailable(error: DBAPIError | PoolTimeout) -> ResponseReturnValue:
    current_app.logger.error("database unavailable: %s", type(error).__name__)
    body, status = _page(503, retry_after=RETRY_AFTER)
    return body, status, {"Retry-After": str(RETRY_AFTER)}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < requests.FIRST_ERROR_STATUS:
        return error
    return _page(error.code if error.code in PAGES else 400 if error.code < 500 else 500, error.code)  # noqa: PLR2004


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    current_app.logger.error("unexpected: %s", type(error).__name__, exc_info=error)
    return _page(500)


def _page(number: int, status: int | None = None, *, template: str | None = None, **values: object) -> tuple[str, int]:
    """Render a page of its own transaction: what the request had begun is dropped first."""
    if "db_session" in g:
        g.db_session.rollback()
    try:
        requests.end_transaction(succeeded=False)
    except DBAPIError:
        current_app.logger.exception("a read trace could not be kept")
        number, status, template = 503, 503, None
    return render_template(f"errors/{template or number}.html", **values), status or number
