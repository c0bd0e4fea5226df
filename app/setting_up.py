"""Making a municipality out of a folder of CSV files: one transaction, all of it or nothing.

The invented municipality of a rehearsal is made from the same kind of files; each capability reads its own.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.models import Account
from app.accounts.service import import_accounts
from app.audit import service as audit
from app.audit.types import AuditAction
from app.referrals.service import import_receivers
from app.routine.service import adopt_shipped_routine
from app.schools import queries as schools
from app.schools.models import Municipality
from app.schools.service import import_schools
from app.surveys.service import import_plans


def set_up_municipality(session: Session, folder: Path) -> tuple[Municipality, Sequence[Account]]:
    """Make a municipality with its schools, calendar, accounts, receivers, numbers, plans and the shipped routine.

    Returns the municipality and its accounts, which nobody can sign in to yet. Raises `FilesRefused` with every
    problem of the first kind of file that has any, without what the cells hold.
    """
    municipality = import_schools(session, folder)
    actor = Actor.system(municipality.id)
    adopt_shipped_routine(session, actor, municipality.id)
    import_plans(session, municipality.id, folder)
    units = schools.list_school_units(session, visible_to=actor)
    added = import_accounts(session, actor, folder, {unit.school_unit_code: unit.id for unit in units})
    import_receivers(session, actor, folder)
    audit.record(session, actor, AuditAction.MUNICIPALITY_SET_UP, municipality.id)
    return municipality, added
