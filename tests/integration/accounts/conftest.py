"""A municipality with somebody in it who can sign in."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import Actor, Role
from app.accounts import service
from app.accounts.models import Account
from app.accounts.service import hash_password
from app.accounts.types import TooManyAttempts
from app.audit.models import AuditRow
from app.kernel.database import Database
from app.schools.models import Municipality
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality
from tests.pages import Browser, Page

PASSWORD = "fyra-ord-utan-samband"
EMAIL = "karin.lovdahl@alvhaga.example"
ADDRESS = "192.0.2.7"

Person = Callable[..., Account]


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of the password, made once: it is slow on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def municipality(database: Database) -> Municipality:
    """The municipality."""
    with database.transaction() as session:
        return make_municipality(session)


@pytest.fixture
def person(database: Database, municipality: Municipality, password_hash: str) -> Person:
    """Make somebody of a role who has the password: `person(Role.AUDITOR, email=…)`."""

    def made(role: Role, **values: Any) -> Account:
        with database.transaction() as session:
            return make_account(session, municipality, role, **{"password_hash": password_hash} | values)

    return made


@pytest.fixture
def karin(person: Person) -> Account:
    """An auditor, whose first page needs nothing else to be there."""
    return person(Role.AUDITOR, email=EMAIL)


@pytest.fixture
def actor(municipality: Municipality) -> Actor:
    """Scheduled work."""
    return Actor.system(municipality.id)


def sign_in_at(browser: Browser, url: str = "/logga-in", *, password: str = PASSWORD, status: int = 200) -> Page:
    """Sign in on a page and return the one it leads to."""
    page = browser.visit(url)
    return browser.submit(page, {"email": EMAIL, "password": password}, button="Logga in", status=status)


def is_signed_in(browser: Browser) -> bool:
    """Tell whether the auditor's page opens."""
    return browser.get("/logg").status_code == 200


def actions(database: Database) -> list[str]:
    """Return what stands in the audit, in order."""
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.municipality_id, AuditRow.sequence)))


def tries(database: Database, *, email: str = EMAIL, password: str = PASSWORD, address: str = ADDRESS) -> str:
    """Return how a try to sign in ends."""
    try:
        token = service.sign_in(database, email, password, address)
    except TooManyAttempts:
        return "too many"
    return "in" if token else "wrong"
