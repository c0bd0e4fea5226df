"""An office where reports are written, on a Tuesday in August."""

import pytest
from sqlalchemy.orm import Session

from app.kernel.database import Database
from tests.conftest import Clock, SignIn
from tests.factories.referrals import Office, make_office
from tests.integration.referrals.place import TUESDAY, Place, build_place


@pytest.fixture(autouse=True)
def on_tuesday(set_clock: Clock) -> None:
    """Every test begins on Tuesday 25 August 2026, when schools have begun."""
    set_clock(TUESDAY)


@pytest.fixture
def office(on_tuesday: None, session: Session) -> Office:
    """A municipality where reports can be written."""
    return make_office(session)


@pytest.fixture
def place(on_tuesday: None, database: Database, sign_in: SignIn) -> Place:
    """An office in the database, with browsers."""
    return build_place(database, sign_in)
