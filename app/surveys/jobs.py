"""The recurring work of surveys. Each looks before it takes a lock, and does one batch or one round per transaction."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import Job
from app.surveys import queries, service

logger = logging.getLogger(__name__)


def open_due_rounds(database: Database) -> None:
    """Open every round whose hour has come."""
    with database.reading() as session:
        due = queries.list_due_occurrences(session, clock.now())
    for occurrence in due:
        try:
            with database.transaction() as session:
                service.open_round(session, Actor.system(occurrence.municipality_id), occurrence)
        except IntegrityError:
            logger.info("round %s was opened by another process", occurrence.key)


def send_due_invitations(database: Database) -> None:
    """Ask every unit whose hour has come."""
    _in_batches(database, queries.exists_invitation_to_open, service.send_due_invitations)


def remind_due(database: Database) -> None:
    """Remind every unit that is due a reminder and has not answered."""
    _in_batches(database, queries.exists_invitation_to_remind, service.remind_due)


def close_due_rounds(database: Database) -> None:
    """Close every round that no unit may answer any more."""
    with database.reading() as session:
        due = queries.list_rounds_to_close(session, clock.now())
    for round_id, municipality_id in due:
        with database.transaction() as session:
            service.close_round(session, Actor.system(municipality_id), round_id)


def _in_batches(database: Database, is_due: Callable[[Session, datetime], bool], do: Callable[[Session], int]) -> None:
    with database.reading() as session:
        if not is_due(session, clock.now()):
            return
    done = 1
    while done:
        with database.transaction() as session:
            done = do(session)


JOBS: Final = (
    Job("surveys.open_due_rounds", open_due_rounds),
    Job("surveys.send_due_invitations", send_due_invitations),
    Job("surveys.remind_due", remind_due),
    Job("surveys.close_due_rounds", close_due_rounds),
)
