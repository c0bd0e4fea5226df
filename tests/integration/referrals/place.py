"""An office whose rows are in the database, and its people in browsers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.audit.models import AuditRow
from app.kernel.database import Database
from app.referrals.models import ReportOfConcern
from app.schools.models import EmergencyNumber
from tests.conftest import SignIn
from tests.factories.pupils import make_number
from tests.factories.referrals import CHILD, Office, make_office
from tests.pages import Browser, Page

TUESDAY = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
"""10.00 in Sweden."""

QUESTIONS = ["child", "danger", "concern", "told", "background", "travel", "family", "reporter"]


@dataclass(frozen=True)
class Place:
    """An office whose rows are in the database, and its people in browsers."""

    office: Office
    foreign: Office
    database: Database
    sign_in: SignIn

    def __getattr__(self, name: str) -> Any:
        return self.sign_in(getattr(self.office, name))

    def made(self, make: Callable[..., ReportOfConcern], *args: Any, **kwargs: Any) -> UUID:
        """Return the id of a report made and committed."""
        with self.database.transaction() as session:
            return make(session, *(args or (self.office,)), **kwargs).id

    def report(self, report_id: UUID | None = None) -> ReportOfConcern:
        """Return the report, or the only one there is."""
        with self.database.reading() as session:
            statement = select(ReportOfConcern)
            return session.scalars(statement.where(ReportOfConcern.id == report_id) if report_id else statement).one()

    def count(self, table: Any) -> int:
        """Return how many rows a table has."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def actions(self) -> list[str]:
        """Return what the audit of the office says was done, in order."""
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(AuditRow.action)
                    .where(AuditRow.municipality_id == self.office.municipality.id)
                    .order_by(AuditRow.sequence)
                )
            )


def build_place(database: Database, sign_in: SignIn) -> Place:
    """Make two offices, and the number to ring."""
    with database.transaction() as session:
        office, foreign = make_office(session), make_office(session)
        session.add(
            EmergencyNumber(
                municipality_id=office.municipality.id,
                label="Fara just nu",
                number="112",
                note="",
                is_urgent=True,
                position=1,
            )
        )
    return Place(office, foreign, database, sign_in)


def child_values(**values: Any) -> dict[str, Any]:
    return {
        "is_protected": "no",
        "name": CHILD,
        "kind": "personal",
        "personal": make_number(),
        "school_form": "compulsory",
    } | values


def begin(browser: Browser, **values: Any) -> Page:
    return browser.submit(browser.page("referrals.start_report"), child_values(**values))


def write_on(browser: Browser, page: Page) -> Page:
    """Answer from the second question to the last, and return the preview."""
    page = browser.submit(page, {"is_acute": "no", "place": "unknown"}, button="Spara och fortsätt")
    page = browser.submit(page, {"what_happened": "Kom inte tillbaka."}, button="Spara och fortsätt")
    for answers in ({}, {}, {"suspicion": "unknown"}, {}, {}):
        page = browser.submit(page, answers, button="Spara och fortsätt")
    return page
