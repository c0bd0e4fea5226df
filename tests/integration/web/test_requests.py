"""A client that goes away in the middle leaves nothing half done and nothing open."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from app.kernel.database import Database
from tests.integration.web.conftest import count_effects
from tests.pages import Browser


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """A server that takes one request at a time: when it answers the next it is done with the one before."""
    app.testing = False
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return answer


def abort(port: int, request: bytes, *, rudely: bool) -> None:
    """Send something and go, with a goodbye or without."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        if rudely:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(request)


def is_anything_open(database: Database) -> bool:
    if database.engine.pool.checkedout():  # type: ignore[attr-defined]
        return True
    if database.is_sqlite:
        with database.session(writing=True):  # Waits for whoever writes.
            return False
    with database.connect() as connection:
        return bool(
            connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
                )
            )
        )


def post(browser: Browser, app: Flask, *, promised: int, body: bytes) -> bytes:
    cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
    assert cookie is not None
    lines = (
        "POST /prov/skriv HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {cookie.key}={cookie.value}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {promised}",
        "Connection: close",
        "",
        "",
    )
    return "\r\n".join(lines).encode() + body


ALIVE = b"GET /prov/alla HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("rudely", [False, True])
@pytest.mark.parametrize("has_token_check", [False, True])
def test_one_who_goes_in_the_middle_of_sending(
    app: Flask, database: Database, browser: Browser, port: int, *, rudely: bool, has_token_check: bool
) -> None:
    app.config["WTF_CSRF_ENABLED"] = has_token_check
    for body in (b"", b"what=", b"what=" + b"x" * 100_000):
        abort(port, post(browser, app, promised=200_000, body=body), rudely=rudely)
        assert ask(port, ALIVE).endswith(b"alla")
        assert count_effects(database) == 0
        assert not is_anything_open(database)


@pytest.mark.parametrize("rudely", [False, True])
def test_one_who_does_not_wait_for_the_answer(
    app: Flask, database: Database, browser: Browser, port: int, *, rudely: bool
) -> None:
    whole = b"form_key=0f0f&what=x"
    abort(port, post(browser, app, promised=len(whole), body=whole), rudely=rudely)
    assert ask(port, ALIVE).endswith(b"alla")
    assert not is_anything_open(database)
    assert b"303" in ask(port, post(browser, app, promised=len(whole), body=whole)).split(b"\r\n")[0]
    assert count_effects(database) == 1
