"""Every response carries the headers, errors, redirects, files and static files included."""

from typing import NoReturn

import pytest
from flask import Flask

from tests.headers import faults
from tests.pages import Browser

ADDRESSES = {
    "/logga-in": 200,
    "/": 303,
    "/finns-inte": 404,
    "/arenden": 303,
    "/arenden/inte-ett-id": 404,
    "/static/app.css": 200,
    "/static/finns-inte.css": 404,
    "/%00": 404,
}


@pytest.mark.parametrize(("address", "status"), ADDRESSES.items())
def test_an_answer_carries_the_headers(browser: Browser, address: str, status: int) -> None:
    response = browser.get(address)
    assert (response.status_code, list(faults(response))) == (status, [])


def test_a_method_that_is_not_there_too(browser: Browser) -> None:
    response = browser.put("/logga-in")
    assert (response.status_code, list(faults(response))) == (405, [])


def test_a_post_without_token_too(browser: Browser) -> None:
    response = browser.post("/logga-in", data={"email": "a@b.example"})
    assert (response.status_code, list(faults(response))) == (400, [])


def test_a_request_that_is_too_large_too(browser: Browser) -> None:
    response = browser.post("/logga-in", data={"email": "x" * 5_000_000})
    assert (response.status_code, list(faults(response))) == (413, [])


def test_an_error_nobody_foresaw_too(app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_values: object) -> NoReturn:
        raise RuntimeError("something")

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", fail)
    monkeypatch.setattr(app, "testing", False)
    response = browser.get("/logga-in")
    assert (response.status_code, list(faults(response))) == (500, [])
    assert "something" not in response.text


def test_the_nonce_is_new_each_time(browser: Browser) -> None:
    policies = {browser.get("/logga-in").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3
