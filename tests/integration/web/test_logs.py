"""The technical log: a line a request, and nothing about anybody."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask

from app.access.actor import Role
from app.accounts import service as accounts
from app.accounts.models import Account
from app.accounts.types import LinkPurpose
from app.kernel.database import Database
from app.schools.models import Municipality
from app.web import logs
from tests.factories.accounts import make_account, make_actor
from tests.integration.web.conftest import Trial
from tests.pages import Browser, Page

PASSWORD = "fyra-ord-utan-samband"
EMAIL = "karin.lovdahl@alvhaga.example"


@pytest.fixture
def person(database: Database, municipality: Municipality) -> Account:
    """Somebody with a password."""
    with database.transaction() as session:
        return make_account(
            session, municipality, Role.COORDINATOR, email=EMAIL, password_hash=accounts.hash_password(PASSWORD)
        )


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, by anyone."""
    caplog.set_level(logging.DEBUG)
    return caplog


def assert_nothing_about(log: pytest.LogCaptureFixture, *words: str) -> None:
    assert log.records
    for record in log.records:
        said = f"{record.getMessage()} {record.args} {record.exc_info}"
        for word in words:
            assert word not in said, f"{record.name}: {record.getMessage()}"


def test_a_request_is_one_line(browser: Browser, log: pytest.LogCaptureFixture) -> None:
    answer = browser.get("/prov/alla?namn=Elin")
    (line,) = [record.getMessage() for record in log.records if record.name == "app"]
    assert line.startswith("GET trial.anyone 200 ")
    assert line.endswith(f" ms {answer.headers['X-Request-ID']}")
    assert_nothing_about(log, "Elin")


def test_signing_in_leaves_neither_address_nor_password(
    app: Flask, new_browser: Callable[[], Browser], person: Account, log: pytest.LogCaptureFixture
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = new_browser()
    page = Page(browser.get("/logga-in").text, "/logga-in")
    for password in ("fel-losenord-som-ar-langt", PASSWORD):
        data = page.form().filled({"email": EMAIL, "password": password})
        browser.post(f"/logga-in?till=/prov/alla?namn={EMAIL}", data=data)
    cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
    assert cookie is not None
    assert_nothing_about(log, EMAIL, EMAIL.split("@", maxsplit=1)[0], PASSWORD, "fel-losenord", cookie.value)


def test_a_one_time_link_is_not_written_down(
    database: Database, new_browser: Callable[[], Browser], municipality: Municipality, log: pytest.LogCaptureFixture
) -> None:
    with database.transaction() as session:
        administrator = make_actor(session, municipality, Role.ADMINISTRATOR)
        account = make_account(session, municipality, Role.STAFF, name="Elin Sandhage")
        link = accounts.make_link(session, administrator, account, LinkPurpose.ACTIVATION)
    assert new_browser().get(f"/aktivera/{link.token}").status_code == 200
    assert_nothing_about(log, link.token, "Sandhage")


def test_a_failing_request_leaves_nothing_of_what_it_was_about(
    app: Flask, browser: Browser, coordinator: Account, trial: Trial, log: pytest.LogCaptureFixture
) -> None:
    app.testing = False

    def fail() -> None:
        raise ValueError("Elin Sandhage 20150412-2383")

    trial.meanwhile = fail
    for answer in (browser.get(f"/prov/{coordinator.id}"), browser.post("/prov/skriv", data={"what": "Sandhage"})):
        assert answer.status_code == 500
    assert_nothing_about(log, "Sandhage", "20150412", coordinator.email)


def test_every_request_has_an_id_of_its_own(browser: Browser) -> None:
    ids = {browser.get(address).headers["X-Request-ID"] for address in ("/prov/alla", "/prov/alla", "/finns-inte")}
    assert len(ids) == 3
    assert all(len(each) == 32 for each in ids)


def test_what_others_write_too_much_of_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("alembic", "apscheduler"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
    logs.configure()
    assert not logging.getLogger("alembic.runtime.migration").isEnabledFor(logging.INFO)
    assert not logging.getLogger("apscheduler.executors.default").isEnabledFor(logging.INFO)
