"""Whatever goes wrong, a plain page in Swedish says so; and it recovers by itself."""

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.accounts.models import Account
from app.kernel.database import Database
from app.web import errors
from app.web.requests import db_session
from tests.integration.web.conftest import Trial, actions, count_effects
from tests.pages import Browser, Page


@pytest.fixture
def in_production(app: Flask) -> Flask:
    """The application as it answers where nobody debugs it."""
    app.testing = False
    return app


HEADINGS = {
    400: "Det gick inte att läsa det som skickades",
    403: "Du har inte behörighet till sidan",
    404: "Sidan finns inte",
    405: "Sidan kan inte öppnas på det sättet",
    409: "Det går inte längre",
    413: "Det som skickades är för stort",
    422: "Formuläret har redan skickats",
    429: "För många försök",
    500: "Något gick fel hos oss",
    503: "Återkomst går inte att nå just nu",
}


@pytest.mark.parametrize(("code", "heading"), HEADINGS.items())
def test_every_failure_has_its_page(browser: Browser, code: int, heading: str) -> None:
    answer = browser.get(f"/prov/fel/{code}")
    assert (answer.status_code, Page(answer.text).h1) == (code, heading)


@pytest.mark.parametrize(("code", "shown"), [(401, 400), (410, 400), (415, 400), (418, 400), (501, 500), (502, 500)])
def test_a_failure_without_a_page_of_its_own_borrows_one(browser: Browser, code: int, shown: int) -> None:
    answer = browser.get(f"/prov/fel/{code}")
    assert (answer.status_code, Page(answer.text).h1) == (code, HEADINGS[shown])


def test_every_page_there_is_can_be_shown() -> None:
    assert set(HEADINGS) == errors.PAGES


def test_a_method_that_is_not_allowed_says_which_are(browser: Browser) -> None:
    answer = browser.put("/prov/skriv")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("address", ["/finns-inte", "/prov/inte-ett-id", "/%00", "/..%2f..%2fetc/passwd", "/å"])
def test_an_address_that_leads_nowhere(browser: Browser, new_browser: Callable[[], Browser], address: str) -> None:
    for each in (browser, new_browser()):
        answer = each.get(address)
        assert (answer.status_code, Page(answer.text).h1) == (404, "Sidan finns inte")


class TestUnexpected:
    def test_nothing_of_it_shows(self, browser: Browser, in_production: Flask) -> None:
        answer = browser.get("/prov/fel/0")
        assert (answer.status_code, Page(answer.text).h1) == (500, "Något gick fel hos oss")
        for word in ("Elin", "RuntimeError", "Traceback", ".py"):
            assert word not in answer.text

    def test_the_log_says_where_it_arose_and_not_what_it_said(
        self, browser: Browser, in_production: Flask, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        browser.get("/prov/fel/0")
        assert "unexpected: RuntimeError at conftest.fail:" in caplog.text
        assert "Elin" not in caplog.text
        assert all(record.exc_info is None for record in caplog.records)

    def test_what_the_request_had_begun_is_gone(
        self, database: Database, browser: Browser, trial: Trial, in_production: Flask
    ) -> None:
        def fail() -> None:
            raise ZeroDivisionError

        trial.meanwhile = fail
        assert browser.post("/prov/skriv").status_code == 500
        assert count_effects(database) == 0


class TestUnavailable:
    def test_a_database_that_is_gone_is_a_page_that_says_when_to_come_back(
        self, app: Flask, database: Database, browser: Browser, caplog: pytest.LogCaptureFixture
    ) -> None:
        app.extensions["database"] = Database("postgresql:///nobody?host=/nowhere/at/all")
        for ask in (browser.get, browser.post):
            answer = ask("/prov/skriv")
            assert (answer.status_code, Page(answer.text).h1) == (503, HEADINGS[503])
            assert answer.headers["Retry-After"] == "10"
        assert "database unavailable: OperationalError" in caplog.text
        app.extensions["database"] = database
        assert browser.post("/prov/skriv").status_code == 303
        assert count_effects(database) == 1

    def test_a_database_that_goes_in_the_middle_leaves_nothing_half_done(
        self, database: Database, browser: Browser, trial: Trial, kind: str
    ) -> None:
        trial.meanwhile = lambda: _cut_off(database, kind)
        answer = browser.post("/prov/skriv")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        trial.meanwhile = lambda: None
        assert (count_effects(database), trial.afterwards) == (0, [])
        assert browser.post("/prov/skriv").status_code == 303
        assert count_effects(database) == 1

    def test_so_it_is_when_the_page_is_only_read(
        self, database: Database, browser: Browser, coordinator: Account, trial: Trial, kind: str
    ) -> None:
        trial.meanwhile = lambda: _cut_off(database, kind)
        answer = browser.get(f"/prov/{coordinator.id}")
        assert answer.status_code in (200, 503)
        trial.meanwhile = lambda: None
        assert browser.get(f"/prov/{coordinator.id}").status_code == 200
        assert actions(database) == ["case:read", "case:read"]

    def test_when_every_connection_is_taken_too(
        self, app: Flask, database: Database, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def taken(**_options: object) -> None:
            raise PoolTimeout("QueuePool limit reached")

        with monkeypatch.context() as patch:
            patch.setattr(database, "session", taken)
            answer = browser.get("/prov/skriv")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert browser.post("/prov/skriv").status_code == 303

    def test_a_writer_that_takes_too_long_is_waited_for_only_so_long(
        self, browser: Browser, impatient: Database
    ) -> None:
        if not impatient.is_sqlite:  # There a writer is in nobody's way, and a slow statement is what is given up.
            with impatient.transaction() as session:
                session.execute(text("SET LOCAL statement_timeout = 50"))
                with pytest.raises(Exception, match="statement timeout"):
                    session.execute(text("SELECT pg_sleep(5)"))
                session.rollback()
        else:
            with impatient.session(writing=True):
                assert browser.post("/prov/skriv").status_code == 503
        assert browser.post("/prov/skriv").status_code == 303


@pytest.fixture
def impatient(database: Database) -> Iterator[Database]:
    """A database whose connections wait a moment only."""

    def hurry(connection: object, _record: object) -> None:
        if database.is_sqlite:
            connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]

    database.dispose()
    event.listen(database.engine, "connect", hurry)
    yield database
    event.remove(database.engine, "connect", hurry)


def _cut_off(database: Database, kind: str) -> None:
    """Cut every connection to the database, as a server that restarts or a disk that is gone does."""
    if kind == "sqlite":
        db_session().execute(text("ATTACH '/nowhere/at/all/x' AS gone"))
    other = Database(database.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()
