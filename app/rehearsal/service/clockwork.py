"""Moving the clock."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock, installation
from app.rehearsal.types import MoveClock


def move_clock(session: Session, actor: Actor, command: MoveClock) -> None:
    """Move the rehearsal's clock forward. Raises `NotReady` in any other database, and for a move backward."""
    installation.move_clock(session, command.to)
    audit.record(session, actor, AuditAction.CLOCK_MOVED, to=clock.local(command.to).isoformat(timespec="minutes"))
