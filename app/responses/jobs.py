"""The recurring work of answers."""

from typing import Final

from app.kernel.database import Database
from app.kernel.scheduling import Job
from app.responses import service
from app.responses.queries.absence_lists import exists_old_absence_list


def forget_absence_lists(database: Database) -> None:
    """Forget the absence lists that nobody has confirmed in time."""
    with database.reading() as session:
        if not exists_old_absence_list(session):
            return
    with database.transaction() as session:
        service.forget_old_absence_lists(session)


JOBS: Final = (Job("responses.forget_absence_lists", forget_absence_lists),)
