"""Forged and outdated forms, and requests that are too large, meet a page; every answer is protected."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.models import Account
from app.kernel.database import Database
from app.web.security import LARGEST_REQUEST
from tests.conftest import Clock, SignIn
from tests.integration.web.conftest import count_effects
from tests.pages import Browser, Page

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
OLD = "Sidan var för gammal"


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with its protection against forgery on."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def token_of(browser: Browser) -> str:
    page = Page(browser.get("/logga-in").text)
    return str(page.form().filled({})["csrf_token"])


class TestForgery:
    def test_a_form_without_the_token_is_not_taken(self, database: Database, browser: Browser) -> None:
        answer = browser.post("/prov/skriv", data={"what": "x"})
        assert (answer.status_code, Page(answer.text).h1) == (400, OLD)
        assert "Öppna sidan på nytt" in Page(answer.text).text
        assert count_effects(database) == 0

    @pytest.mark.parametrize("token", ["", "x", "ImZvcmdlZCI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb", "å", "x" * 5000])
    def test_nor_one_with_a_token_made_up(self, browser: Browser, token: str) -> None:
        answer = browser.post("/logga-in", data={"csrf_token": token})
        assert (answer.status_code, Page(answer.text).h1) == (400, OLD)

    def test_nor_one_with_somebody_elses(self, new_browser: Callable[[], Browser]) -> None:
        mine, theirs = new_browser(), new_browser()
        token_of(mine)
        answer = mine.post("/logga-in", data={"csrf_token": token_of(theirs)})
        assert answer.status_code == 400

    def test_a_signed_in_persons_form_with_the_token_is_taken(
        self, database: Database, app: Flask, browser: Browser
    ) -> None:
        with browser.session_transaction() as kept:
            kept["csrf_token"] = "raw"
        with app.test_request_context():
            from flask import session  # noqa: PLC0415
            from flask_wtf.csrf import generate_csrf  # noqa: PLC0415

            session["csrf_token"] = "raw"
            token = generate_csrf()
        assert browser.post("/prov/skriv", data={"csrf_token": token}).status_code == 303
        assert count_effects(database) == 1

    def test_a_token_lives_as_long_as_a_long_form_takes(
        self, new_browser: Callable[[], Browser], set_clock: Clock
    ) -> None:
        browser = new_browser()
        set_clock(NOON)
        token = token_of(browser)
        set_clock(NOON + timedelta(hours=11))
        assert browser.post("/logga-in", data={"csrf_token": token}).status_code == 422
        set_clock(NOON + timedelta(hours=25))
        answer = browser.post("/logga-in", data={"csrf_token": token})
        assert (answer.status_code, Page(answer.text).h1) == (400, OLD)


class TestLimits:
    def test_a_request_that_is_too_large_is_not_read(self, browser: Browser) -> None:
        answer = browser.post("/prov/skriv", data={"what": "x" * (LARGEST_REQUEST + 1)})
        assert (answer.status_code, Page(answer.text).h1) == (413, "Det som skickades är för stort")

    def test_nor_one_of_too_many_parts(self, browser: Browser) -> None:
        parts = {f"field-{number}": "x" for number in range(3001)}
        answer = browser.post("/prov/skriv", data=parts, content_type="multipart/form-data")
        assert answer.status_code == 413

    def test_a_large_honest_one_is(self, browser: Browser) -> None:
        answer = browser.post("/prov/skriv", data={"what": "x" * 1_000_000})
        assert answer.status_code == 400  # For want of a token, and for nothing else.

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
            (b"a=%ff&a=%00&=&&&", "application/x-www-form-urlencoded"),
            (b'{"csrf_token": "x"}', "application/json"),
            (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
            (b"no parts at all", "multipart/form-data"),
            (b"", "multipart/form-data; boundary="),
            (b"<a/>", "text/xml"),
        ],
    )
    def test_garbage_is_answered_with_a_page(self, browser: Browser, body: bytes, kind: str) -> None:
        answer = browser.post("/prov/skriv", data=body, content_type=kind)
        assert (answer.status_code, Page(answer.text).h1) == (400, OLD)


class TestHeaders:
    """That they are there is looked at on every answer, see tests/pages.py."""

    def test_a_page_is_kept_nowhere_and_a_style_is(self, browser: Browser) -> None:
        assert browser.get("/prov/alla").headers["Cache-Control"] == "no-store"
        with browser.get("/static/app.css") as style:
            assert style.headers["Cache-Control"] == "public, max-age=3600"

    def test_the_nonce_of_a_page_is_in_its_policy_and_new(self, new_browser: Callable[[], Browser]) -> None:
        browser = new_browser()
        policies = [browser.get("/logga-in").headers["Content-Security-Policy"] for _ in range(3)]
        assert len(set(policies)) == 3

    def test_nothing_says_what_the_server_is(self, browser: Browser) -> None:
        assert "X-Powered-By" not in browser.get("/prov/alla").headers

    def test_a_signed_in_person_gets_no_cookie_anew_at_every_page(self, sign_in: SignIn, coordinator: Account) -> None:
        assert sign_in(coordinator).get("/prov/alla").headers.getlist("Set-Cookie") == []
