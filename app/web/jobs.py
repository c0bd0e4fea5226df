"""The recurring work of pages: what was typed and never saved does not stay, nor does what was sent long ago."""

from typing import Final

from app.kernel import submitted_forms, typed_forms
from app.kernel.database import Database
from app.kernel.scheduling import Job


def dispose_of_typed(database: Database) -> None:
    """Drop what was typed and not saved in time, and forget forms that nobody can send again."""
    with database.reading() as session:
        if not (typed_forms.exists_old(session) or submitted_forms.exists_old(session)):
            return
    with database.transaction() as session:
        typed_forms.dispose_of_old(session)
        submitted_forms.dispose_of_old(session)


JOBS: Final = (Job("web.dispose_of_typed", dispose_of_typed),)
