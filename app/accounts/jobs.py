"""The recurring work of accounts: what a sign-in or an invitation leaves behind does not stay."""

from typing import Final

from app.accounts import queries, service
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import Job


def dispose_of_old_sessions(database: Database) -> None:
    """Forget sessions and links that can no longer be used."""
    with database.reading() as session:
        if not queries.exists_long_ended(session, clock.wall()):
            return
    with database.transaction() as session:
        service.dispose_of_old_sessions(session)


def dispose_of_invitations(database: Database) -> None:
    """Forget the names of those whose invitations were over long ago."""
    with database.reading() as session:
        if not queries.list_forgettable_invitations(session, clock.wall(), clock.today()):
            return
    with database.transaction() as session:
        service.dispose_of_invitations(session)


JOBS: Final = (
    Job("accounts.dispose_of_old_sessions", dispose_of_old_sessions),
    Job("accounts.dispose_of_invitations", dispose_of_invitations),
)
