"""The recurring work of class lists."""

from typing import Final

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import Job
from app.rosters import queries, service


def fetch_ordered(database: Database) -> None:
    """Fetch what somebody has ordered from the municipality's register, one order after another."""
    with database.reading() as session:
        waiting = queries.list_waiting_fetches(session, clock.wall())
    for fetch_id in waiting:
        service.carry_out_fetch(database, fetch_id)


def drop_stale_uploads(database: Database) -> None:
    """Drop every list that somebody handed over and nobody confirmed within a day."""
    with database.reading() as session:
        stale = queries.list_stale_uploads(session, clock.now() - service.UNCONFIRMED_FOR)
    for upload_id, municipality_id in stale:
        with database.transaction() as session:
            service.drop_stale_upload(session, Actor.system(municipality_id), upload_id)


def destroy_needless(database: Database) -> None:
    """Destroy the pupils of rounds that are over, and of units that have answered should any have been left."""
    with database.reading() as session:
        needless = queries.list_needless(session)
    for round_id, municipality_id in needless:
        with database.transaction() as session:
            service.destroy_needless(session, Actor.system(municipality_id), round_id)


JOBS: Final = (
    Job("rosters.drop_stale_uploads", drop_stale_uploads),
    Job("rosters.destroy_needless", destroy_needless),
)

SLOW_JOBS: Final = (Job("rosters.fetch_ordered", fetch_ordered),)
"""Those that wait for other people's servers: they run beside the ticker, so that no mail waits with them."""
