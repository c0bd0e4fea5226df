"""The headers that every response must carry, whatever it is."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "style-src": "'self'",
    "require-trusted-types-for": "'script'",
}
NONCE = re.compile(r"^'nonce-[\w-]{20,}'$")


def faults(response: TestResponse) -> Iterator[str]:
    """Yield what is wrong with a response's headers."""
    for name, value in EXACT.items():
        if response.headers.get(name) != value:
            yield f"{name} is {response.headers.get(name)!r}"
    if "noindex" not in response.headers.get("X-Robots-Tag", ""):
        yield "X-Robots-Tag does not say noindex"
    if "max-age=" not in response.headers.get("Strict-Transport-Security", ""):
        yield "no Strict-Transport-Security"
    is_asset = response.request.path.startswith("/static/") and response.status_code == 200
    if not is_asset and response.headers.get("Cache-Control") != "no-store":
        yield f"Cache-Control is {response.headers.get('Cache-Control')!r}"
    yield from _policy_faults(response)
    for cookie in response.headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite=" not in cookie:
            yield f"a cookie without HttpOnly or SameSite: {cookie.partition('=')[0]}"


def _policy_faults(response: TestResponse) -> Iterator[str]:
    stated = response.headers.get("Content-Security-Policy", "")
    policy = dict(part.strip().partition(" ")[::2] for part in stated.split(";") if part.strip())
    for directive, value in POLICY.items():
        if policy.get(directive) != value:
            yield f"CSP {directive} is {policy.get(directive)!r}"
    if "unsafe" in stated or "*" in stated or "data:" in stated:
        yield f"CSP is loose: {stated}"
    nonce = policy.get("script-src", "")
    if not NONCE.match(nonce):
        yield f"CSP script-src is {nonce!r}"


def nonce_faults(response: TestResponse, soup: BeautifulSoup) -> Iterator[str]:
    """Yield the scripts of a page that its own policy would stop."""
    stated = response.headers.get("Content-Security-Policy", "")
    for script in soup.find_all("script"):
        if f"'nonce-{script.get('nonce')}'" not in stated:
            yield f"a script without the response's nonce: {script.get('src')}"
