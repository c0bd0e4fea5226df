"""Recording: kept with the session until it commits, then written last, under the lock of the municipality's chain."""

import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.models import AuditHead, AuditRow, AuditShown
from app.audit.types import DETAILS, AuditAction
from app.kernel import clock

GENESIS = "0" * 64
_PENDING = "audit_pending"

request_id: ContextVar[str | None] = ContextVar("audit_request_id", default=None)
"""Set by the web for each request, so that an audit row and a log line can be laid side by side."""


@dataclass(frozen=True, slots=True)
class _Entry:
    actor: Actor
    action: AuditAction
    object_id: UUID | None
    details: dict[str, Any]


def record(session: Session, actor: Actor, action: AuditAction, object_id: UUID | None = None, **details: Any) -> None:
    """Record that `actor` did `action`; written when the session commits, so that both happen or neither.

    Details are ids, codes and field names under the keys that `DETAILS` lists. Raises `ValueError` for any other key.
    """
    if strange := details.keys() - DETAILS[action]:
        raise ValueError(f"{action}: no such details {sorted(strange)}")
    session.info.setdefault(_PENDING, []).append(_Entry(actor, action, object_id, details))


def record_shown(session: Session, actor: Actor, action: AuditAction, shown: Iterable[UUID]) -> None:
    """Record that a list, page or export showed `actor` these objects."""
    record(session, actor, action, None, shown=[str(object_id) for object_id in shown])


def digest(row: dict[str, str | None]) -> str:
    """Return the hash of a row given as text by column name (SHA-256 over canonical JSON, without `hash` itself)."""
    covered = {name: value for name, value in row.items() if name != "hash"}
    return sha256(json.dumps(covered, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    entries: list[_Entry] = session.info.pop(_PENDING)
    for municipality_id in dict.fromkeys(entry.actor.municipality_id for entry in entries):
        _append(session, municipality_id, [e for e in entries if e.actor.municipality_id == municipality_id])
    session.flush()


@event.listens_for(Session, "after_rollback")
def _forget_pending(session: Session) -> None:
    session.info.pop(_PENDING, None)


def _append(session: Session, municipality_id: UUID, entries: list[_Entry]) -> None:
    head = session.scalar(select(AuditHead).where(AuditHead.municipality_id == municipality_id).with_for_update())
    if head is None:
        head = AuditHead(municipality_id=municipality_id, sequence=0, hash=GENESIS)
        session.add(head)
    for entry in entries:
        row = _link(head, entry)
        session.add(row)
        for shown in entry.details.get("shown", ()):
            session.add(AuditShown(municipality_id=municipality_id, sequence=row.sequence, object_id=UUID(shown)))
        head.sequence, head.hash = row.sequence, row.hash


def _link(head: AuditHead, entry: _Entry) -> AuditRow:
    row = AuditRow(
        municipality_id=head.municipality_id,
        sequence=head.sequence + 1,
        recorded_at=clock.now().isoformat(timespec="microseconds"),
        actor_id=str(entry.actor.account_id) if entry.actor.account_id else None,
        actor_role=entry.actor.role.value,
        action=entry.action.value,
        object_id=str(entry.object_id) if entry.object_id else None,
        details=json.dumps(entry.details, sort_keys=True, default=str, separators=(",", ":")),
        request_id=request_id.get(),
        previous_hash=head.hash,
    )
    row.hash = digest(
        {
            "id": row.id.hex,
            "municipality_id": row.municipality_id.hex,
            "sequence": str(row.sequence),
            **{name: getattr(row, name) for name in TEXTS},
        }
    )
    return row


TEXTS = ("recorded_at", "actor_id", "actor_role", "action", "object_id", "details", "request_id", "previous_hash")
"""The columns that are hashed as they stand."""
