"""Headers on every response, CSRF for the session's life, and the limits of what a request may carry."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, Request, Response, g, request
from flask_wtf import CSRFProtect

from app.kernel.encryption import key_ring

View = TypeVar("View", bound=Callable[..., Any])

LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes; an honest form has some hundred kilobytes, but forty fields of 100 kB shall be answered field by field."""

LARGEST_UPLOAD = 13 * 1024 * 1024
"""Bytes of a request to a view that takes files: the largest file and what goes with it."""

csrf = CSRFProtect()

HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class InMemoryRequest(Request):
    """A request whose files stay in memory, where the limits keep them small: none is left lying on a disk."""

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return BytesIO()


def takes_large_files(view: View) -> View:
    """Let a view be sent files up to `LARGEST_UPLOAD`."""
    view.takes_large_files = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, *, is_plain_http: bool) -> None:
    """Protect `app`. `is_plain_http` is for a rehearsal on the own machine only, where cookies cannot be Secure."""
    app.request_class = InMemoryRequest
    app.config.update(
        SECRET_KEY=key_ring().derive("form-session"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=3000,
        WTF_CSRF_TIME_LIMIT=None,  # As long as the session: an hour's limit would eat a long form.
        WTF_CSRF_SSL_STRICT=False,  # The referrer it would check is never sent (Referrer-Policy).
        SESSION_COOKIE_NAME="formular" if is_plain_http else "__Host-formular",
        SESSION_COOKIE_SECURE=not is_plain_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )

    @app.before_request
    def make_nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)

    @app.before_request
    def allow_large_files() -> None:  # Before the check of the token, which reads the whole form.
        if getattr(app.view_functions.get(request.endpoint or ""), "takes_large_files", False):
            request.max_content_length = LARGEST_UPLOAD

    csrf.init_app(app)  # After the nonce, which the page about a failed check needs as well.
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = _policy(g.get("csp_nonce", secrets.token_urlsafe(16)))
    is_shared_asset = request.endpoint == "static" and response.status_code == 200  # noqa: PLR2004
    response.headers["Cache-Control"] = "public, max-age=3600" if is_shared_asset else "no-store"
    return response


def _policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
