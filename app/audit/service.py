"""Recording: kept with the session until it commits, then written last, under the lock of the municipality's chain."""

import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from app.access.actor import Actor
from app.audit.models import AuditHead, AuditRow, AuditShown
from app.audit.types import DETAILS, GENESIS, TEXTS, AuditAction, digest
from app.kernel import clock

_PENDING = "audit_pending"

request_id: ContextVar[str | None] = ContextVar("audit_request_id", default=None)
"""Set by the web for each request, so that an audit row and a log line can be laid side by side."""


@dataclass(frozen=True, slots=True)
class _Entry:
    actor: Actor
    action: AuditAction
    object_id: UUID | None
    details: dict[str, Any]
    within: SessionTransaction | None
    """The savepoint it was recorded in, if any."""

    def is_within(self, transaction: SessionTransaction) -> bool:
        """Whether it is undone when `transaction` is rolled back."""
        savepoint = self.within
        while savepoint is not None and savepoint is not transaction:
            savepoint = savepoint.parent
        return savepoint is transaction or transaction.parent is None


def record(session: Session, actor: Actor, action: AuditAction, object_id: UUID | None = None, **details: Any) -> None:
    """Record that `actor` did `action`; written when the session commits, so that both happen or neither.

    Details are ids, codes and field names under the keys that `DETAILS` lists. Raises `ValueError` for any other key.
    """
    if strange := details.keys() - DETAILS[action]:
        raise ValueError(f"{action}: no such details {sorted(strange)}")
    session.info.setdefault(_PENDING, []).append(
        _Entry(actor, action, object_id, details, session.get_nested_transaction())
    )


def record_shown(session: Session, actor: Actor, action: AuditAction, shown: Iterable[UUID]) -> None:
    """Record that a list, page or export showed `actor` these objects."""
    record(session, actor, action, None, shown=[str(object_id) for object_id in shown])


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    entries: list[_Entry] = session.info.pop(_PENDING)
    # In one order for all, or two transactions could wait for each other's chains.
    for municipality_id in sorted({entry.actor.municipality_id for entry in entries}):
        _append(session, municipality_id, [e for e in entries if e.actor.municipality_id == municipality_id])
    session.flush()


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_a_savepoint_undid(session: Session, rolled_back: SessionTransaction) -> None:
    """Drop what was recorded within a savepoint that is rolled back; the rest of the transaction still happens."""
    kept = [entry for entry in session.info.get(_PENDING, ()) if not entry.is_within(rolled_back)]
    session.info[_PENDING] = kept


@event.listens_for(Session, "after_transaction_end")
def _forget_pending(session: Session, ended: SessionTransaction) -> None:
    """Drop what was not committed, however the transaction ended; a closed session may be used again."""
    if ended.parent is None:
        session.info.pop(_PENDING, None)


def _append(session: Session, municipality_id: UUID, entries: list[_Entry]) -> None:
    head, rows, shown = _lock_head(session, municipality_id), [], []
    for entry in entries:
        row = _link(head, entry)
        rows.append(row)
        seen = {"municipality_id": municipality_id, "sequence": row["sequence"]}
        shown += [{"id": uuid4(), **seen, "object_id": UUID(each)} for each in entry.details.get("shown", ())]
        head.sequence, head.hash = row["sequence"], row["hash"]
    session.execute(insert(AuditRow), rows)
    if shown:
        session.execute(insert(AuditShown), shown)


def _lock_head(session: Session, municipality_id: UUID) -> AuditHead:
    """Return the chain's head as it is now, locked until the transaction ends; the first to record makes it."""
    wanted = (
        select(AuditHead)
        .where(AuditHead.municipality_id == municipality_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (head := session.scalar(wanted)) is not None:
        return head
    upsert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = upsert(AuditHead).values(id=uuid4(), municipality_id=municipality_id, sequence=0, hash=GENESIS)
    session.execute(first.on_conflict_do_nothing(index_elements=["municipality_id"]))
    return session.scalars(wanted).one()


def _link(head: AuditHead, entry: _Entry) -> dict[str, Any]:
    """Return the row of an entry as plain values: thousands may be written at once, and none is changed afterwards."""
    row: dict[str, Any] = {
        "id": uuid4(),
        "municipality_id": head.municipality_id,
        "sequence": head.sequence + 1,
        "recorded_at": clock.now().isoformat(timespec="microseconds"),
        "actor_id": str(entry.actor.account_id) if entry.actor.account_id else None,
        "actor_role": entry.actor.role.value,
        "action": entry.action.value,
        "object_id": str(entry.object_id) if entry.object_id else None,
        "details": json.dumps(entry.details, sort_keys=True, default=str, separators=(",", ":")),
        "request_id": request_id.get(),
        "previous_hash": head.hash,
    }
    ids = {name: row[name].hex for name in ("id", "municipality_id")}
    row["hash"] = digest({**ids, "sequence": str(row["sequence"]), **{name: row[name] for name in TEXTS}})
    return row
