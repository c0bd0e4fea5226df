"""Fixtures of all tests: the clock, the application, a browser and who is signed in to it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database
from config import Config
from tests.pages import Browser

pytest_plugins = ["tests.machine.fixtures"]

Clock = Callable[[datetime], None]
SignIn = Callable[[Account], Browser]


@pytest.fixture(autouse=True)
def domain_clock() -> Iterator[None]:
    """Let no test inherit another's offset."""
    clock.synchronise(timedelta())
    yield
    clock.synchronise(timedelta())


@pytest.fixture
def set_clock() -> Iterator[Clock]:
    """Stop both clocks at an aware moment; called again, move them there."""
    travellers: list[time_machine.travel] = []

    def stop(moment: datetime) -> None:
        for traveller in travellers:
            traveller.stop()
        travellers[:] = [time_machine.travel(moment, tick=False)]
        travellers[0].start()

    yield stop
    for traveller in travellers:
        traveller.stop()


@pytest.fixture
def app(database: Database, instance: Path) -> Flask:
    """The application on the test's database."""
    made = create_app(Config(instance=instance, database_url=database.url.render_as_string(hide_password=False)))
    made.extensions["database"].dispose()
    made.extensions["database"] = database  # One engine, so that `count_queries` sees what pages ask.
    made.testing = True
    made.test_client_class = Browser
    return made


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    """Give browsers that know nothing of each other."""
    return lambda: cast(Browser, app.test_client())


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """A browser where nobody is signed in."""
    return new_browser()


@pytest.fixture
def sign_in(app: Flask, database: Database, new_browser: Callable[[], Browser]) -> SignIn:
    """Give a browser where an account is signed in: `sign_in(account)`. The account must be committed."""

    def signed_in(account: Account) -> Browser:
        with database.transaction() as session:
            token = accounts.start_session(session, account)
        browser = new_browser()
        browser.set_cookie(app.config["SIGN_IN_COOKIE"], token, secure=app.config["SIGN_IN_COOKIE_SECURE"])
        return browser

    return signed_in
