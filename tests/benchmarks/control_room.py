"""The control room of a round of 200 schools in its second week: the whole page, as a coordinator's browser gets it."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import event, select, text

from app import create_app
from app.access.actor import Role
from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import installation
from app.surveys.models import PhoneNote, Reminder, SurveyRound
from app.surveys.types import InvitationState, ReminderKind, StepKind, invitation_key, reminder_key
from config import Config
from tests.benchmarks.place import Place, Watch
from tests.factories import schools, surveys
from tests.factories.accounts import make_account
from tests.factories.surveys import MOMENTS

UNITS: Final = 200
AT: Final = datetime(2026, 9, 3, 10, tzinfo=ZoneInfo("Europe/Stockholm"))
SILENT: Final = 4
"""Every fourth school has not answered, and has been reminded, escalated and rung."""
_pages: dict[str, tuple[Flask, str, str]] = {}


def prepare(place: Place) -> None:
    """Make the round with all that has been done about its schools."""
    with place.database.transaction() as session:
        installation.set_clock(session, AT)
    with place.database.transaction() as session:
        municipality = schools.make_municipality(session)
        organiser = schools.make_organiser(session, municipality)
        account = make_account(session, municipality, Role.COORDINATOR)
        survey_round = surveys.make_round(session, surveys.make_plan(session, municipality))
        for number in range(UNITS):
            unit = schools.make_unit(session, municipality, organiser_id=organiser.id)
            is_silent = number % SILENT == 0
            state = {} if is_silent else {"state": InvitationState.SUBMITTED, "submitted_at": MOMENTS.opens_at}
            invitation = surveys.make_invitation(session, survey_round, unit, next_step=3, next_at=None, **state)
            session.add(surveys.make_message(invitation, invitation_key(invitation.id)))
            if is_silent:
                session.add_all(_what_was_done(invitation, account))


def _what_was_done(invitation: Any, account: Account) -> list[Any]:
    made: list[Any] = []
    for number, kind in enumerate((StepKind.REMINDER, StepKind.REMINDER, StepKind.ESCALATION, StepKind.CALL), 1):
        at = MOMENTS.due_at + timedelta(days=number)
        values = {"municipality_id": invitation.municipality_id, "invitation_id": invitation.id}
        made.append(Reminder(**values, number=number, step=kind, kind=ReminderKind.SILENT, due_at=at, queued_at=at))
        made.append(surveys.make_message(invitation, reminder_key(invitation.id, number)))
    made.append(PhoneNote(**values, text="Ingen svarade.", reached=False, noted_at=at, by_id=account.id))
    return made


def ours(place: Place, watch: Watch) -> None:
    """Ask for the page, and count the statements that it takes."""
    made, address, token = _signed_in(place)
    browser, statements = made.test_client(), []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    browser.set_cookie(made.config["SIGN_IN_COOKIE"], token, secure=made.config["SIGN_IN_COOKIE_SECURE"])
    event.listen(place.database.engine, "before_cursor_execute", count)
    with watch:
        response = browser.get(address)
    event.remove(place.database.engine, "before_cursor_execute", count)
    assert response.status_code == 200, response.status
    assert response.text.count("/kartlaggningar/skolor/") >= UNITS
    watch.notes["queries"] = len(statements)


def raw(place: Place, watch: Watch) -> None:
    """Read the same rows in plain SQL."""
    with watch, place.database.engine.connect() as connection:
        for statement in _STATEMENTS:
            connection.execute(text(statement)).all()


_STATEMENTS: Final = (
    "SELECT * FROM survey_round",
    "SELECT * FROM invitation JOIN school_unit ON school_unit.id = invitation.school_unit_id"
    " JOIN school_organiser ON school_organiser.id = school_unit.organiser_id"
    " JOIN round_schedule ON round_schedule.id = invitation.schedule_id",
    "SELECT * FROM reminder",
    "SELECT * FROM phone_note",
    "SELECT dedupe_key, state FROM outbox_message",
)


def _signed_in(place: Place) -> tuple[Flask, str, str]:
    """Return the application on the place's database, the address of the page, and a session that may see it."""
    url = place.database.url.render_as_string(hide_password=False)
    if url not in _pages:
        made = create_app(Config(instance=place.folder.parent, database_url=url))
        made.extensions["database"].dispose()
        made.extensions["database"] = place.database
        with place.database.transaction() as session:
            account = session.scalars(select(Account).where(Account.role == Role.COORDINATOR)).one()
            token = accounts.start_session(session, account)
            round_id = session.scalars(select(SurveyRound.id)).one()
        _pages[url] = made, f"/kartlaggningar/{round_id}", token
    return _pages[url]
