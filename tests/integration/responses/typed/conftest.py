"""Two who answer for a unit, one who answers for another, their browsers, and a pupil on the list."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.models import Account
from app.accounts.service import hash_password
from app.kernel.database import Database
from app.responses import service
from app.responses.models import MissingPupil
from app.responses.types import AddMissingPupil, UrgentAnswers
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_unit
from tests.integration.responses.conftest import School
from tests.integration.responses.typed.words import PASSWORD
from tests.pages import Browser


@pytest.fixture(scope="session")
def password_hash() -> str:
    """What is stored of the password, made once: it is slow on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def people(school: School, session: Session, password_hash: str) -> dict[str, Account]:
    """Two who answer for the unit, one who answers for another, and a pupil on the unit's list."""
    municipality = school.desk.municipality
    karin = session.get_one(Account, school.actor.account_id)
    karin.password_hash = password_hash
    anna = make_account(
        session, municipality, Role.RESPONDENT, school.desk.unit, name="Anna Lind", password_hash=password_hash
    )
    other = make_account(session, municipality, Role.RESPONDENT, make_unit(session, municipality, name="Hagtorn"))
    response = service.start_response(session, school.actor, school.invitation)
    service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
    session.commit()
    return {"karin": karin, "anna": anna, "other": other}


@pytest.fixture
def pupil(people: dict[str, Account], database: Database) -> MissingPupil:
    """The pupil."""
    with database.reading() as session:
        return session.scalars(select(MissingPupil)).one()


@pytest.fixture
def karin(people: dict[str, Account], sign_in: SignIn) -> Browser:
    """Karin's browser."""
    return sign_in(people["karin"])


@pytest.fixture
def anna(people: dict[str, Account], sign_in: SignIn) -> Browser:
    """Her colleague's."""
    return sign_in(people["anna"])


@pytest.fixture
def other(people: dict[str, Account], sign_in: SignIn) -> Browser:
    """The browser of one who answers for another unit."""
    return sign_in(people["other"])
