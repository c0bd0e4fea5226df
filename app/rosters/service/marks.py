"""What a school says about the pupils of a class."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import Conflict
from app.rosters.models import Roster, RosterClass
from app.rosters.types import RosterState, SaveMarks


def save_marks(session: Session, actor: Actor, roster_class: RosterClass, command: SaveMarks) -> None:
    """Keep what is said about pupils of a class; keys that are not on it are passed over.

    Raises `Conflict` when someone else saved the class since it was shown, or the list was replaced or destroyed.
    """
    require_version(roster_class, command.version)
    held = session.scalar(
        select(Roster.id)
        .where(Roster.id == roster_class.roster_id, Roster.state == RosterState.STAGED)
        .with_for_update(read=True)
    )
    if held is None:
        raise Conflict("roster")
    roster_class.pupils = [
        replace(pupil, mark=command.marks[pupil.key]) if pupil.key in command.marks else pupil
        for pupil in roster_class.pupils
    ]
    roster_class.saved_at, roster_class.saved_by_id = clock.now(), actor.account_id
    session.flush()
    audit.record(session, actor, AuditAction.ROSTER_CLASS_MARKED, roster_class.id)
