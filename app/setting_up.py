"""Making a municipality out of a folder of CSV files: one transaction, all of it or nothing.

The invented municipality of a rehearsal is made from the same kind of files; each capability reads its own.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.models import Account
from app.accounts.service import import_accounts
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.csv_files import FilesRefused, Problem
from app.referrals.service import import_receivers
from app.routine.service import adopt_shipped_routine
from app.schools import queries as schools
from app.schools.models import Municipality
from app.schools.service import import_schools
from app.surveys.service import import_plans


def set_up_municipality(session: Session, folder: Path) -> tuple[Municipality, Sequence[Account]]:
    """Make a municipality with its schools, calendar, accounts, receivers, numbers, plans and the shipped routine.

    Returns the municipality and its accounts, which nobody can sign in to yet. Raises `FilesRefused` with every problem
    of the files about schools, or when those hold, of all the others; never with what the cells hold.
    """
    municipality = import_schools(session, folder)
    actor = Actor.system(municipality.id)
    adopt_shipped_routine(session, actor, municipality.id)
    unit_ids_by_code = schools.list_unit_ids_by_code(session, municipality.id)
    problems: list[Problem] = []
    added: Sequence[Account] = ()
    with _gathered(problems):
        import_plans(session, municipality.id, folder)
    with _gathered(problems):
        added = import_accounts(session, actor, folder, unit_ids_by_code)
    with _gathered(problems):
        import_receivers(session, actor, folder)
    if problems:
        raise FilesRefused(problems)
    audit.record(session, actor, AuditAction.MUNICIPALITY_SET_UP, municipality.id)
    return municipality, added


@contextmanager
def _gathered(problems: list[Problem]) -> Iterator[None]:
    """Let what one file is refused for wait until the next has been read too."""
    try:
        yield
    except FilesRefused as refused:
        problems += refused.problems
