"""The technical log: a line a request, with its id; never personal data, a query string or a token."""

import logging
import time
from uuid import uuid4

from flask import Flask, Response, current_app, g, request

from app.audit.service import request_id

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def init_app(app: Flask) -> None:
    """Give every request an id and write one line when it has been answered."""

    @app.before_request
    def begin() -> None:
        g.started, g.request_id = time.monotonic(), uuid4().hex
        request_id.set(g.request_id)

    @app.after_request
    def note(response: Response) -> Response:
        milliseconds = (time.monotonic() - g.get("started", time.monotonic())) * 1000
        # The endpoint and not the path: a path may hold a one-time token.
        current_app.logger.info(
            "%s %s %s %.0f ms %s",
            request.method,
            request.endpoint or "-",
            response.status_code,
            milliseconds,
            g.get("request_id", "-"),
        )
        response.headers["X-Request-ID"] = g.get("request_id", "-")
        return response


def configure() -> None:
    """Send the log to standard error, for processes that serve or work in the background."""
    logging.basicConfig(level=logging.INFO, format=FORMAT)
    for wordy in ("alembic", "apscheduler"):
        logging.getLogger(wordy).setLevel(logging.WARNING)
