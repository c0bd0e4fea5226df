"""The recurring work of surveys. Each looks before it takes a lock, and does one batch or one round per transaction."""

import logging
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import Job
from app.schools.types import is_office_hour
from app.surveys import queries, service
from app.surveys.queries.calendars import list_untold_calendars
from app.surveys.service.calendars import tell_missing_calendar

logger = logging.getLogger(__name__)


def draft_rounds(database: Database) -> None:
    """Plan the rounds that calendars and plans come to."""
    with database.reading() as session:
        due = queries.list_municipalities_to_draft(session, clock.now())
    for municipality_id in due:
        try:
            with database.transaction() as session:
                service.draft_rounds(session, municipality_id)
        except (IntegrityError, StaleDataError):
            logger.info("rounds of %s were planned or changed by somebody else meanwhile", municipality_id)


def open_due_rounds(database: Database) -> None:
    """Open every round whose hour has come."""
    with database.reading() as session:
        due = queries.list_rounds_to_open(session, clock.now())
    for round_id, municipality_id in due:
        with database.transaction() as session:
            service.open_round(session, Actor.system(municipality_id), round_id)


def send_due_invitations(database: Database) -> None:
    """Ask every unit whose hour has come, calendar by calendar."""
    with database.reading() as session:
        due = queries.list_schedules_to_send(session, clock.now())
    for schedule_id, _municipality_id in due:
        with database.transaction() as session:
            service.send_due_invitations(session, schedule_id)


def take_due_steps(database: Database) -> None:
    """Remind, escalate and have phoned about every unit for which it is time and that has not answered."""
    with database.reading() as session:
        if not queries.exists_step_to_take(session, clock.now()):
            return
    calendars, taken = service.UnitCalendars(), 1
    while taken:
        with database.transaction() as session:
            taken = service.take_due_steps(session, calendars)


def close_due_rounds(database: Database) -> None:
    """Close every round that no unit may answer any more."""
    with database.reading() as session:
        due = queries.list_rounds_to_close(session, clock.now())
    for round_id, municipality_id in due:
        with database.transaction() as session:
            service.close_round(session, Actor.system(municipality_id), round_id)


def tell_missing_calendars(database: Database) -> None:
    """Tell coordinators, when offices are open, of school years that begin soon and nobody has entered; weekly."""
    on = clock.today()
    if not is_office_hour(clock.now()):
        return
    with database.reading() as session:
        due = list_untold_calendars(session, on)
    for missing in due:
        try:
            with database.transaction() as session:
                tell_missing_calendar(session, missing, on)
        except IntegrityError:
            logger.info("school year of organiser %s was told by another process", missing.organiser_id)


JOBS: Final = (
    Job("surveys.draft_rounds", draft_rounds),
    Job("surveys.open_due_rounds", open_due_rounds),
    Job("surveys.send_due_invitations", send_due_invitations),
    Job("surveys.take_due_steps", take_due_steps),
    Job("surveys.close_due_rounds", close_due_rounds),
    Job("surveys.tell_missing_calendars", tell_missing_calendars),
)
