"""Cookies that only our server gets, and only over https: but for a rehearsal on the own machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import update

from app import create_app
from app.accounts.models import Account
from app.kernel.database import Database, Installation
from config import Config
from tests.integration.accounts.conftest import EMAIL, PASSWORD
from tests.pages import Browser

Visit = Callable[..., tuple[dict[str, str], Browser]]


@pytest.fixture
def visit(database: Database, instance: Path, karin: Account) -> Iterator[Visit]:
    """Sign in at an address, and return each cookie's attributes by name."""
    opened: list[Database] = []

    def signed_in(public_url: str, *, is_rehearsal: bool) -> tuple[dict[str, str], Browser]:
        with database.transaction() as session:
            session.execute(update(Installation).values(is_rehearsal=is_rehearsal))
        address = database.url.render_as_string(hide_password=False)
        app = create_app(Config(instance=instance, database_url=address, public_url=public_url))
        opened.append(app.extensions["database"])
        app.testing, app.test_client_class = True, Browser
        browser = cast(Browser, app.test_client())
        base = public_url.partition("://")[0] + "://localhost"
        given = browser.get("/logga-in", base_url=base)
        token = given.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        data = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
        answer = browser.post("/logga-in", data=data, base_url=base)
        assert answer.status_code == 303
        set_anew = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in cookie]
        cookies = [*given.headers.getlist("Set-Cookie"), *set_anew]
        return {cookie.partition("=")[0]: cookie.partition(";")[2] for cookie in cookies}, browser

    yield signed_in
    for each in opened:
        each.dispose()


def parts(cookie: str) -> set[str]:
    return {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    ("public_url", "is_rehearsal"),
    [
        ("https://aterkomst.alvhaga.example", False),
        ("https://ovning.alvhaga.example", True),
    ],
)
def test_a_cookie_is_for_this_server_and_https_alone(visit: Visit, public_url: str, *, is_rehearsal: bool) -> None:
    cookies, _browser = visit(public_url, is_rehearsal=is_rehearsal)
    assert set(cookies) == {"__Host-formular", "__Host-inloggning"}
    for attributes in cookies.values():
        assert parts(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_a_rehearsal_on_the_own_machine_works_without(visit: Visit, public_url: str) -> None:
    cookies, browser = visit(public_url, is_rehearsal=True)
    assert set(cookies) == {"formular", "inloggning"}
    for attributes in cookies.values():
        assert parts(attributes) == {"HttpOnly", "Path=/", "SameSite=Lax"}
    assert browser.get("/logg").status_code == 200


def test_the_cookie_is_gone_when_the_browser_is_closed(visit: Visit) -> None:
    cookies, _browser = visit("http://127.0.0.1:8000", is_rehearsal=True)
    assert "Max-Age" not in str(cookies)
    assert "Expires" not in str(cookies)


@pytest.mark.parametrize(
    ("public_url", "is_rehearsal", "is_plain"),
    [
        ("http://127.0.0.1:8000", True, True),
        ("http://[::1]:8000", True, True),
        ("http://127.0.0.1:8000", False, False),
        ("http://aterkomst.alvhaga.example", True, False),
        ("http://127.0.0.1.evil.example", True, False),
        ("https://127.0.0.1:8000", True, False),
    ],
)
def test_nowhere_else(
    database: Database, instance: Path, public_url: str, *, is_rehearsal: bool, is_plain: bool
) -> None:
    with database.transaction() as session:
        session.execute(update(Installation).values(is_rehearsal=is_rehearsal))
    address = database.url.render_as_string(hide_password=False)
    app = create_app(Config(instance=instance, database_url=address, public_url=public_url))
    app.extensions["database"].dispose()
    assert app.config["SIGN_IN_COOKIE_SECURE"] is not is_plain
    assert app.config["SESSION_COOKIE_SECURE"] is not is_plain
    assert app.config["SIGN_IN_COOKIE"].startswith("__Host-") is not is_plain
