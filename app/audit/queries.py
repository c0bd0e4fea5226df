"""Reading the audit, and proving that it is whole."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, String, Text, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.models import AuditHead, AuditRow, AuditShown
from app.audit.types import GENESIS, TEXTS, digest
from app.kernel.database import Model
from app.kernel.pagination import Page, paginate

_NUMBER: Final = re.compile("[0-9]{1,18}")


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

    The session must be a snapshot, or what is recorded meanwhile looks like a break.

    So does the index of what was shown, which answers who has seen a child. Everything is read as text, so that a
    damaged value is found and not stumbled over.
    """
    heads = {str(row["municipality_id"]): row for row in _read(session, AuditHead, ("hash",))}
    index = _shown_by_row(session)
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
        if index.pop((chain, sequence), None) != _shown_in(str(row["details"])):
            yield Break(chain, sequence, "the index of what was shown does not match")
        expected[chain] = (int(sequence) if _NUMBER.fullmatch(sequence) else last + 1, str(row["hash"]))
    for chain, sequence in index:
        yield Break(chain, sequence, "the index of what was shown has no row")
    for chain, (last, last_hash) in expected.items():
        head = heads.get(chain)
        if head is None or (head["sequence"], head["hash"]) != (str(last), last_hash):
            yield Break(chain, str(last), "the head does not match the last row")


def _shown_by_row(session: Session) -> dict[tuple[str, str], str]:
    """Return a digest of the ids in the index, by chain and sequence."""
    rows = _read(session, AuditShown, (), ("object_id",))
    grouped = groupby(rows, key=lambda row: (str(row["municipality_id"]), str(row["sequence"])))
    return {place: _digest_of(str(row["object_id"]) for row in shown) for place, shown in grouped}


def _shown_in(details: str) -> str | None:
    """Return the same digest of the ids that a row says were shown, or None when it says nothing of the kind."""
    if '"shown"' not in details:
        return None
    try:
        shown = [str(object_id).replace("-", "") for object_id in json.loads(details)["shown"]]
    except (ValueError, TypeError, KeyError):
        return None  # Damaged: the row does not match its hash either.
    return _digest_of(shown) if shown else None


def _digest_of(ids: Iterable[str]) -> str:
    return sha256(" ".join(sorted(ids)).encode()).hexdigest()


def _read(
    session: Session, model: type[Model], texts: Sequence[str], ids: Sequence[str] = ()
) -> Iterator[dict[str, str | None]]:
    """Yield rows as stored text by column name, in order of chain and sequence."""
    table, is_sqlite = model.__table__, session.get_bind().dialect.name == "sqlite"
    in_order = (table.c.municipality_id, table.c.sequence, table.c.id)
    columns = [_as_text(column, is_sqlite=is_sqlite) for column in (*in_order, *(table.c[name] for name in ids))]
    columns += [cast(table.c[name], _stored(is_sqlite)).label(name) for name in texts]
    for row in session.execute(select(*columns).order_by(*in_order).execution_options(yield_per=1000)).mappings():
        yield {name: _decoded(value) for name, value in row.items()}


def _as_text(column: ColumnElement[Any], *, is_sqlite: bool) -> ColumnElement[Any]:
    if is_sqlite:
        return cast(type_coerce(column, String), LargeBinary).label(column.key)
    return func.replace(cast(column, Text), "-", "").label(column.key)


def _stored(is_sqlite: bool) -> type[LargeBinary | Text]:
    """SQLite lets anything stand in a column of text, bytes that are none included."""
    return LargeBinary if is_sqlite else Text


def _decoded(value: str | bytes | None) -> str | None:
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else value


def list_heads(session: Session) -> Sequence[AuditHead]:
    """Return the head of every chain, for whoever keeps them outside the database."""
    return session.scalars(select(AuditHead).order_by(AuditHead.municipality_id)).all()
