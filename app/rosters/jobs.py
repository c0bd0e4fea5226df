"""The recurring work of class lists."""

from typing import Final

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


SLOW_JOBS: Final = (Job("rosters.fetch_ordered", fetch_ordered),)
"""Those that wait for other people's servers: they run beside the ticker, so that no mail waits with them."""
