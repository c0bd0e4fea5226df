"""A municipality with somebody in it who can sign in."""

from collections.abc import Callable
from typing import Any

import pytest

from app.access.actor import Actor, Role
from app.accounts.models import Account
from app.accounts.service import hash_password
from app.kernel.database import Database
from app.schools.models import Municipality
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality

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
