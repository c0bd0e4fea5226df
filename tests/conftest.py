"""Fixtures of all tests: the clock, the application, a browser and who is signed in to it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings

from app import create_app, scheduler
from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database
from config import Config
from tests.pages import Browser

pytest_plugins = ["tests.machine.fixtures"]

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # A slow machine is no fault: 200 ms an example is what Hypothesis allows otherwise.

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
def new_app(database: Database, instance: Path) -> Callable[[], Flask]:
    """Make an application of one's own on the test's database, for a test that adds views to it."""

    def make() -> Flask:
        address = database.url.render_as_string(hide_password=False)
        made = create_app(Config(instance=instance, database_url=address))
        made.extensions["database"].dispose()
        _attach(made, database)
        return made

    return make


def _attach(made: Flask, database: Database) -> None:
    """Give an application the test's own engine, so that `count_queries` sees what pages ask."""
    made.extensions["database"] = database
    made.extensions["tick"] = partial(scheduler.run_quick, database, made.extensions["settings"])
    made.testing, made.test_client_class = True, Browser


@pytest.fixture(scope="session")
def kept_apps() -> dict[str, Flask]:
    """The applications of this worker, by their database's address: making one and compiling its templates is slow."""
    return {}


@pytest.fixture
def app(database: Database, new_app: Callable[[], Flask], kept_apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application on the test's database; its settings are put back after the test."""
    address = str(database.url)
    if address not in kept_apps:
        kept_apps[address] = new_app()
    made = kept_apps[address]
    _attach(made, database)
    config, extensions = dict(made.config), dict(made.extensions)
    yield made
    made.config.clear()
    made.config.update(config)
    made.extensions = extensions


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
