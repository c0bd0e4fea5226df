"""A school in an open round, with its principal and a colleague, and the coordinator."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts import mails
from app.accounts.models import Account
from app.audit.models import AuditRow
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.email import Email
from app.outbox.models import OutboxMessage
from app.schools.models import Municipality, SchoolUnit
from app.surveys.models import Invitation
from tests.conftest import Clock, SignIn
from tests.factories import schools, surveys
from tests.factories.accounts import make_account
from tests.pages import Browser, Page

PASSWORD = "fyra-ord-utan-samband"
TODAY = date(2026, 8, 20)
SITE = "https://aterkomst.example"


@dataclass
class Town:
    """Everybody and everything."""

    database: Database
    sign_in: SignIn
    new_browser: Callable[[], Browser]
    municipality: Municipality
    unit: SchoolUnit
    invitation: Invitation
    principal: Account
    colleague: Account
    coordinator: Account

    def school(self, name: str, **values: Any) -> SchoolUnit:
        """Add a school that is asked in the round."""
        with self.database.transaction() as session:
            unit = schools.make_unit(session, session.get_one(Municipality, self.municipality.id), name=name, **values)
            surveys.make_invitation(session, self.invitation.round, unit)
            return unit

    def person(self, role: Role, *units: SchoolUnit, **values: Any) -> Account:
        """Add somebody with an account."""
        with self.database.transaction() as session:
            return make_account(session, self.municipality, role, *units, **values)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session to look with."""
        with self.database.reading() as session:
            yield session

    def emails(self, kind: str = "accounts.invitation") -> Sequence[Email]:
        """Return the mails of a kind, oldest first, as they would be sent now."""
        with self.database.reading() as session:
            queued = select(OutboxMessage).where(OutboxMessage.kind == kind)
            found = session.scalars(queued.order_by(OutboxMessage.queued_at, OutboxMessage.id))
            composed = [mails.COMPOSERS[kind](session, each.payload, SITE) for each in found]
            return [each for each in composed if each is not None]

    def link(self) -> str:
        """Return where the latest invitation leads."""
        lines = self.emails()[-1].body.splitlines()
        return next(line for line in lines if "/inbjudan/" in line).removeprefix(SITE)

    def accept(self, link: str, password: str = PASSWORD, status: int = 200) -> Page:
        """Choose a password by a link, in a browser that knows nothing."""
        browser = self.new_browser()
        return browser.submit(browser.visit(link), {"password": password, "again": password}, status=status)

    def account(self, email: str) -> Account:
        """Return the account of an address."""
        with self.database.reading() as session:
            return next(each for each in session.scalars(select(Account)) if each.email == email)

    def actions(self) -> Sequence[str]:
        """Return what stands in the audit."""
        with self.database.reading() as session:
            return session.scalars(select(AuditRow.action)).all()

    def answers(self, account: Account, invitation: Invitation | None = None) -> bool:
        """Tell whether somebody who signs in now may answer for the school."""
        path = f"/svar/{(invitation or self.invitation).id}/antal"
        return self.sign_in(account).get(path).status_code == 200


@pytest.fixture
def kind() -> str:
    """Pages are the same on both databases; what happens at once is not."""
    return "sqlite"


@pytest.fixture
def town(database: Database, sign_in: SignIn, new_browser: Callable[[], Browser], set_clock: Clock) -> Town:
    """The town, on a Thursday morning."""
    set_clock(clock.at(TODAY, time(9)))
    with database.transaction() as session:
        municipality = schools.make_municipality(session)
        unit = schools.make_unit(session, municipality, name="Strandängsskolan")
        survey_round = surveys.make_round(session, surveys.make_plan(session, municipality))
        return Town(
            database,
            sign_in,
            new_browser,
            municipality,
            unit,
            surveys.make_invitation(session, survey_round, unit),
            make_account(session, municipality, Role.RESPONDENT, unit, name="Per Hallonqvist", title="rektor"),
            make_account(session, municipality, Role.STAFF, unit, name="Sara Öberg", title="kurator"),
            make_account(session, municipality, Role.COORDINATOR),
        )


def day_of(name: str, day: date) -> dict[str, str]:
    """Return a day as a form asks for it."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def delegate(
    browser: Browser,
    unit: SchoolUnit,
    person: Account | None,
    until: date = TODAY + timedelta(days=7),
    status: int = 200,
    **invited: str,
) -> Page:
    """Let a colleague, or somebody who is invited, answer in the principal's place."""
    page = browser.page("schools.delegate", school_unit_id=unit.id)
    values = {"person": str(person.id) if person else "new", **day_of("ends_on", until), **invited}
    return browser.submit(page, values, status=status)


def appoint(
    browser: Browser, unit: SchoolUnit, person: Account, since: date, until: date, *, status: int = 200
) -> Page:
    """Appoint an acting principal."""
    page = browser.page("schools.appoint_acting_principal", school_unit_id=unit.id)
    values = {"person": str(person.id), **day_of("starts_on", since), **day_of("ends_on", until)}
    return browser.submit(page, values, status=status)


def send_invitation(browser: Browser, unit: SchoolUnit, status: int = 200, **values: Any) -> Page:
    """Invite a principal."""
    page = browser.page("schools.send_invitation", school_unit_id=unit.id)
    known = {"name": "Ines Fri", "email": "ines@tallglantan.example"}
    return browser.submit(page, known | values, status=status)


def row_of(page: Page, name: str) -> dict[str, str]:
    """Return somebody's row of the first table."""
    return next(row for row in page.rows() if row["Namn"].startswith(name))
