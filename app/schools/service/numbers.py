"""Keeping the numbers of the page *Ring nu*."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.schools import queries
from app.schools.models import EmergencyNumber
from app.schools.types import AddEmergencyNumber, EditEmergencyNumber


def edit_number(session: Session, actor: Actor, number: EmergencyNumber, command: EditEmergencyNumber) -> None:
    """Change what *Ring nu* says about a number. Raises `Conflict` when somebody else changed it meanwhile."""
    require_version(number, command.version)
    wanted = {
        "label": command.label,
        "number": command.number,
        "note": command.note,
        "is_urgent": command.is_urgent,
    }
    changed = [name for name, value in wanted.items() if getattr(number, name) != value]
    for name in changed:
        setattr(number, name, wanted[name])
    if changed:
        audit.record(session, actor, AuditAction.NUMBER_CHANGED, number.id, fields=changed)


def add_number(session: Session, actor: Actor, command: AddEmergencyNumber) -> EmergencyNumber:
    """Add a number, last in the list."""
    last = max((each.position for each in queries.list_emergency_numbers(session, actor.municipality_id)), default=0)
    number = EmergencyNumber(
        municipality_id=actor.municipality_id,
        label=command.label,
        number=command.number,
        note=command.note,
        is_urgent=command.is_urgent,
        position=last + 1,
    )
    session.add(number)
    audit.record(session, actor, AuditAction.NUMBER_CHANGED, number.id, fields=["added"])
    return number


def remove_number(session: Session, actor: Actor, number: EmergencyNumber) -> None:
    """Take a number away. Raises `Refused("last_number")`: the page *Ring nu* is never empty."""
    if len(queries.list_emergency_numbers(session, actor.municipality_id)) == 1:
        raise Refused("last_number")
    session.delete(number)
    audit.record(session, actor, AuditAction.NUMBER_CHANGED, number.id, fields=["removed"])
