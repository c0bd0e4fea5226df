"""Keeping what is known about school units."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import require_version
from app.schools.models import SchoolUnit
from app.schools.types import CorrectAddresses


def correct_addresses(session: Session, actor: Actor, unit: SchoolUnit, command: CorrectAddresses) -> None:
    """Let mails about a unit go elsewhere from now on. Raises `Conflict` when somebody else changed it meanwhile."""
    require_version(unit, command.version)
    changed = [name for name in ("email", "head_email") if getattr(unit, name) != getattr(command, name)]
    if changed:
        unit.email, unit.head_email = command.email, command.head_email
        audit.record(session, actor, AuditAction.SCHOOL_UNIT_CHANGED, unit.id, fields=changed)
