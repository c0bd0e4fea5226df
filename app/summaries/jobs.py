"""The recurring work of summaries."""

import logging
from typing import Final

from sqlalchemy.exc import IntegrityError

from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import Job
from app.summaries import queries, service

logger = logging.getLogger(__name__)


def freeze_terms(database: Database) -> None:
    """Freeze every term whose figures have gone out of date, each in a transaction of its own."""
    with database.reading() as session:
        due = queries.list_terms_to_freeze(session, clock.now())
    for municipality_id, term in due:
        try:
            with database.transaction() as session:
                service.freeze_term(session, municipality_id, term, clock.now())
        except IntegrityError:
            logger.info("term %s was frozen by another process", term)


JOBS: Final = (Job("summaries.freeze_terms", freeze_terms),)
