"""Signing in and out, as people meet it."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask

from app.accounts.models import Account
from tests.conftest import SignIn
from tests.integration.accounts.conftest import EMAIL, PASSWORD, is_signed_in, sign_in_at
from tests.pages import Browser

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "/\r//evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/å/evil",
    "/logg evil",
    "/\x00/evil.example",
    "",
]
WRONG = "E-postadressen eller lösenordet stämmer inte. Försök igen."


class TestSignIn:
    def test_one_comes_to_the_page_ones_role_begins_at(self, browser: Browser, karin: Account) -> None:
        page = sign_in_at(browser)
        assert (page.url, page.h1) == ("/logg", "Logg")
        assert "Inloggad: Karin Lövdahl · Granskare" in page.soup.get_text(" ")

    def test_one_comes_to_the_page_one_asked_for(self, browser: Browser, karin: Account) -> None:
        page = browser.visit("/logg?sida=1&object_id=")
        assert page.h1 == "Logga in"
        page = browser.submit(page, {"email": EMAIL, "password": PASSWORD}, button="Logga in")
        assert page.h1 == "Logg"

    def test_so_one_does_after_a_slip(self, browser: Browser, karin: Account) -> None:
        page = sign_in_at(browser, "/logga-in?till=/logg?sida%3D7", password="fel-fel-fel-fel-fel", status=422)
        answer = browser.post(
            page.form("Logga in").action,
            data=page.form("Logga in").filled({"email": EMAIL, "password": PASSWORD}),
        )
        assert answer.location == "/logg?sida=7"

    def test_nobody_is_led_elsewhere(self, new_browser: Callable[[], Browser], karin: Account) -> None:
        for elsewhere in ELSEWHERE:
            browser = new_browser()
            data = browser.visit("/logga-in").form("Logga in").filled({"email": EMAIL, "password": PASSWORD})
            answer = browser.post(f"/logga-in?till={quote(elsewhere)}", data=data)
            assert (answer.status_code, answer.location) == (303, "/"), repr(elsewhere)

    def test_a_wrong_password_and_no_account_get_the_same_answer(self, browser: Browser, karin: Account) -> None:
        page = browser.visit("/logga-in")
        answers = []
        for email in (EMAIL, "nobody@alvhaga.example"):
            values = {"email": email, "password": "fel-fel-fel-fel-fel"}
            answers.append(browser.submit(page, values, button="Logga in", status=422))
        assert answers[0].errors == answers[1].errors == [WRONG]
        assert answers[0].title.startswith("Fel: Logga in")
        assert answers[0].text == answers[1].text

    def test_the_address_stays_in_the_field_and_the_password_does_not(self, browser: Browser, karin: Account) -> None:
        page = sign_in_at(browser, password="fel-fel-fel-fel-fel", status=422)
        assert page.form("Logga in").filled({})["email"] == EMAIL
        assert "fel-fel" not in page.html

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            ({}, ["Skriv din e-postadress", "Skriv ditt lösenord"]),
            ({"email": "karin", "password": "x"}, ["Skriv en e-postadress, till exempel namn@kommunen.se"]),
            ({"email": EMAIL, "password": "x" * 129}, ["Lösenordet är för långt. Det har högst 128 tecken."]),
        ],
    )
    def test_what_is_missing_is_said(self, browser: Browser, values: dict[str, str], errors: list[str]) -> None:
        page = browser.submit(browser.visit("/logga-in"), values, button="Logga in", status=422)
        assert page.errors == errors

    def test_the_sixth_try_in_a_minute_waits_though_it_is_right(self, browser: Browser, karin: Account) -> None:
        for _ in range(5):
            sign_in_at(browser, password="fel-fel-fel-fel-fel", status=422)
        page = sign_in_at(browser, status=429)
        assert page.errors == ["För många försök. Vänta en minut och försök igen."]
        assert not is_signed_in(browser)

    def test_one_who_is_signed_in_is_not_asked_again(self, sign_in: SignIn, karin: Account) -> None:
        assert sign_in(karin).get("/logga-in").location == "/logg"

    def test_every_signing_in_has_a_new_token(
        self, app: Flask, new_browser: Callable[[], Browser], karin: Account
    ) -> None:
        tokens = set()
        for _ in range(2):
            browser = new_browser()
            sign_in_at(browser)
            cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
            assert cookie is not None
            tokens.add(cookie.value)
        assert len(tokens) == 2

    def test_what_the_browser_kept_before_is_dropped(self, browser: Browser, karin: Account) -> None:
        before = browser.visit("/logga-in").form("Logga in").filled({})["csrf_token"]
        sign_in_at(browser)
        assert browser.post("/logga-ut", data={"csrf_token": before}).status_code == 400

    def test_the_start_leads_on(self, browser: Browser, sign_in: SignIn, karin: Account) -> None:
        assert browser.get("/").location == "/logga-in"
        assert sign_in(karin).get("/").location == "/logg"

    def test_another_programs_cookies_are_in_nobodys_way(self, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        for name in ("remember_token", "session", "csrf_token"):
            browser.set_cookie(name, "1|0f0f0f")
        assert is_signed_in(browser)
        assert browser.get("/logg").headers.getlist("Set-Cookie") == []

    def test_a_token_made_up_opens_nothing(self, app: Flask, browser: Browser) -> None:
        for token in ("", "x", "å".encode().decode("latin-1"), "A" * 43, "x" * 4000, '"', "a;b"):
            answer = browser.get("/logg", headers={"Cookie": f"{app.config['SIGN_IN_COOKIE']}={token}"})
            assert answer.status_code == 303
