"""One form, one result: a double click, the back button, a retry, twenty at once."""

import threading
from collections.abc import Callable
from io import BytesIO

from flask import Flask
from sqlalchemy import func, select

from app.access.actor import Role
from app.accounts.models import Account
from app.kernel.database import Database
from app.schools.models import Municipality
from app.web.idempotency import LONGEST_LOCATION, SubmittedForm
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.integration.web.conftest import Trial, actions, count_effects
from tests.pages import Browser, Page

KEY = "0f" * 16


def count_forms(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(SubmittedForm)) or 0


def test_the_same_form_twice_has_one_result(database: Database, browser: Browser) -> None:
    answers = [browser.post("/prov/skriv", data={"form_key": KEY, "to": "/prov/lista"}) for _ in range(3)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/prov/lista")] * 3
    assert count_effects(database) == 1


def test_what_happens_after_the_commit_happens_once(browser: Browser, trial: Trial) -> None:
    for _ in range(2):
        browser.post("/prov/skriv", data={"form_key": KEY})
    assert trial.afterwards == ["done"]


def test_the_same_key_with_something_else_is_told(database: Database, browser: Browser) -> None:
    browser.post("/prov/skriv", data={"form_key": KEY, "to": "/prov/lista"})
    answer = browser.post("/prov/skriv", data={"form_key": KEY, "to": "/prov/alla"})
    assert (answer.status_code, Page(answer.text).h1) == (422, "Formuläret har redan skickats")
    assert count_effects(database) == 1


def test_a_new_token_against_forgery_is_not_something_else(database: Database, browser: Browser) -> None:
    for token in ("one", "two"):
        answer = browser.post("/prov/skriv", data={"form_key": KEY, "csrf_token": token})
        assert answer.status_code == 303
    assert count_effects(database) == 1


def test_the_same_key_at_another_address_is_something_else(browser: Browser, coordinator: Account) -> None:
    browser.post("/prov/skriv", data={"form_key": KEY})
    assert browser.post(f"/prov/{coordinator.id}", data={"form_key": KEY}).status_code == 422


def test_a_form_without_a_key_happens_every_time(database: Database, browser: Browser) -> None:
    for key in ({}, {"form_key": ""}):
        browser.post("/prov/skriv", data=key)
    assert (count_effects(database), count_forms(database)) == (2, 0)


def test_a_form_that_was_not_accepted_may_be_sent_again(database: Database, browser: Browser) -> None:
    assert browser.post("/prov/skriv", data={"form_key": KEY, "what": "wrong"}).status_code == 422
    assert browser.post("/prov/skriv", data={"form_key": KEY, "what": "right"}).status_code == 303
    assert count_effects(database) == 1


def test_so_may_one_that_the_rules_refused(browser: Browser, coordinator: Account) -> None:
    for what, status in (("refused", 409), ("refused", 409), ("rektor", 303)):
        answer = browser.post(f"/prov/{coordinator.id}", data={"form_key": KEY, "what": what})
        assert answer.status_code == status


def test_a_form_that_was_answered_with_a_page_leads_to_its_address(browser: Browser, coordinator: Account) -> None:
    first = browser.post(f"/prov/{coordinator.id}", data={"form_key": KEY, "what": "page"})
    second = browser.post(f"/prov/{coordinator.id}", data={"form_key": KEY, "what": "page"})
    assert (first.status_code, second.status_code, second.location) == (200, 303, f"/prov/{coordinator.id}")


def test_nothing_is_traced_of_what_was_not_shown_again(
    database: Database, browser: Browser, coordinator: Account
) -> None:
    for _ in range(2):
        browser.post(f"/prov/{coordinator.id}", data={"form_key": KEY, "what": "page"})
    assert actions(database) == ["case:read"]


def test_a_key_belongs_to_the_one_who_sent_it(
    database: Database, browser: Browser, municipality: Municipality, sign_in: SignIn
) -> None:
    with database.transaction() as session:
        other = make_account(session, municipality, Role.COORDINATOR)
    browser.post("/prov/skriv", data={"form_key": KEY, "to": "/prov/lista"})
    answer = sign_in(other).post("/prov/skriv", data={"form_key": KEY, "to": "/prov/alla"})
    assert (answer.status_code, answer.location) == (303, "/prov/alla")
    assert count_effects(database) == 2


def test_one_who_is_not_signed_in_has_keys_too(database: Database, new_browser: Callable[[], Browser]) -> None:
    for _ in range(2):
        new_browser().post("/prov/alla", data={"form_key": KEY})
    assert count_effects(database) == 1


def test_another_file_of_the_same_name_is_something_else(database: Database, browser: Browser) -> None:
    def send(content: bytes) -> int:
        data = {"form_key": KEY, "file": (BytesIO(content), "elever.csv")}
        return browser.post("/prov/ladda-upp", data=data, content_type="multipart/form-data").status_code

    assert [send(b"a"), send(b"a"), send(b"b")] == [200, 303, 422]
    assert count_effects(database) == 1


def test_an_address_too_long_to_keep_is_not_kept(database: Database, browser: Browser) -> None:
    to = "/prov/" + "x" * LONGEST_LOCATION
    answers = [browser.post("/prov/skriv", data={"form_key": KEY, "to": to}) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, to), (303, "/prov/skriv")]
    assert count_effects(database) == 1


def test_neither_key_nor_content_is_kept(database: Database, browser: Browser) -> None:
    browser.post("/prov/skriv", data={"form_key": KEY, "name": "Elin Sandhage"})
    with database.reading() as session:
        kept = session.scalars(select(SubmittedForm)).one()
    assert "Elin" not in f"{kept.key}{kept.content_hash}{kept.location}"
    assert KEY not in kept.key


def test_twenty_at_once_have_one_effect(app: Flask, database: Database, browser: Browser) -> None:
    cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
    assert cookie is not None
    barrier, answers, failures = threading.Barrier(20), list[tuple[int, str | None]](), list[Exception]()

    def send() -> None:
        try:
            with app.test_client() as client:
                client.set_cookie(cookie.key, cookie.value)
                barrier.wait()
                answer = client.post("/prov/skriv", data={"form_key": KEY, "to": "/prov/lista"})
                answers.append((answer.status_code, answer.location))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert answers == [(303, "/prov/lista")] * 20
    assert (count_effects(database), count_forms(database)) == (1, 1)
