"""Reading the audit, and proving that it is whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Text, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.models import AuditHead, AuditRow, AuditShown
from app.audit.service import GENESIS, TEXTS, digest
from app.kernel.database import Model
from app.kernel.pagination import Page, paginate


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain stops holding, and what is wrong there."""

    municipality_id: str
    sequence: str
    what: str


@dataclass(frozen=True, slots=True)
class Reading:
    """That an account saw an object, alone or in a list."""

    account_id: UUID | None
    at: datetime
    action: str


def count_rows(session: Session) -> int:
    """Return how many audit rows the database holds."""
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def list_rows(session: Session, *, visible_to: Actor, number: int = 1, object_id: UUID | None = None) -> Page[AuditRow]:
    """Return a page of the actor's municipality's audit, newest first; of one object when its id is given."""
    statement = select(AuditRow).where(AuditRow.municipality_id == visible_to.municipality_id)
    if object_id is not None:
        statement = statement.where(_concerns(visible_to.municipality_id, object_id))
    return paginate(session, statement.order_by(AuditRow.sequence.desc()), number, size=50)


def list_readings(session: Session, object_id: UUID, *, visible_to: Actor) -> Sequence[Reading]:
    """Return who has seen or touched an object, newest first."""
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.municipality_id == visible_to.municipality_id, _concerns(visible_to.municipality_id, object_id))
        .order_by(AuditRow.sequence.desc())
    )
    return [
        Reading(UUID(row.actor_id) if row.actor_id else None, datetime.fromisoformat(row.recorded_at), row.action)
        for row in rows
    ]


def _concerns(municipality_id: UUID, object_id: UUID) -> ColumnElement[bool]:
    shown = select(AuditShown.sequence).where(
        AuditShown.municipality_id == municipality_id, AuditShown.object_id == object_id
    )
    return or_(AuditRow.object_id == str(object_id), AuditRow.sequence.in_(shown))


def find_breaks(session: Session) -> Iterator[Break]:
    """Yield every place where a chain does not hold: a row edited, removed, inserted, reordered or cut off.

    Everything is read as text, so that a damaged value is found and not stumbled over.
    """
    heads = {str(row["municipality_id"]): row for row in _read(session, AuditHead, ("hash",))}
    expected: dict[str, tuple[int, str]] = dict.fromkeys(heads, (0, GENESIS))
    for row in _read(session, AuditRow, (*TEXTS, "hash")):
        chain, sequence = str(row["municipality_id"]), str(row["sequence"])
        last, last_hash = expected.get(chain, (0, GENESIS))
        if sequence != str(last + 1):
            yield Break(chain, sequence, f"expected row {last + 1}")
        elif row["previous_hash"] != last_hash:
            yield Break(chain, sequence, "does not continue the row before")
        if row["hash"] != digest(row):
            yield Break(chain, sequence, "does not match its hash")
        expected[chain] = (int(sequence) if sequence.isdigit() else last + 1, str(row["hash"]))
    for chain, (last, last_hash) in expected.items():
        head = heads.get(chain)
        if head is None or (head["sequence"], head["hash"]) != (str(last), last_hash):
            yield Break(chain, str(last), "the head does not match the last row")


def _read(session: Session, model: type[Model], texts: Sequence[str]) -> Iterator[dict[str, str | None]]:
    """Yield rows as stored text by column name, in order of chain and sequence."""
    table = model.__table__
    columns = [_as_text(session, table.c[name]) for name in ("id", "municipality_id", "sequence")]
    columns += [cast(table.c[name], Text).label(name) for name in texts]
    statement = select(*columns).order_by(table.c.municipality_id, table.c.sequence, table.c.id)
    for row in session.execute(statement.execution_options(yield_per=1000)).mappings():
        yield dict(row)


def _as_text(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    text = cast(type_coerce(column, String) if _is_sqlite(session) else column, Text)
    return (text if _is_sqlite(session) else func.replace(text, "-", "")).label(column.key)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def list_heads(session: Session) -> Sequence[AuditHead]:
    """Return the head of every chain, for whoever keeps them outside the database."""
    return session.scalars(select(AuditHead).order_by(AuditHead.municipality_id)).all()
