"""Keeping what is known about school units."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import require_version
from app.schools.models import SchoolUnit
from app.schools.types import CorrectAddresses, ReplacePrincipal


def correct_addresses(session: Session, actor: Actor, unit: SchoolUnit, command: CorrectAddresses) -> None:
    """Let mails about a unit go elsewhere from now on. Raises `Conflict` when somebody else changed it meanwhile."""
    require_version(unit, command.version)
    _change(session, actor, unit, {"email": command.email, "head_email": command.head_email})


def replace_principal(session: Session, actor: Actor, unit: SchoolUnit, command: ReplacePrincipal) -> None:
    """Let mails about a unit go to another principal, and the pages that tell whom to ring name that one."""
    _change(session, actor, unit, {"principal_name": command.name, "email": command.email})


def _change(session: Session, actor: Actor, unit: SchoolUnit, wanted: Mapping[str, str | None]) -> None:
    changed = [name for name, value in wanted.items() if getattr(unit, name) != value]
    for name in changed:
        setattr(unit, name, wanted[name])
    if changed:
        audit.record(session, actor, AuditAction.SCHOOL_UNIT_CHANGED, unit.id, fields=changed)
