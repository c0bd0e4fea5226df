"""Looking changes nothing, and whoever is shown a child leaves a trace of it."""

import json
from typing import Any

from sqlalchemy import select

from app.audit.models import AuditRow
from app.kernel.database import Database, Model
from tests.guards.walk import NOBODY, Question, Walker
from tests.guards.world import ACCOUNTS

WRITTEN_BY_READING = {
    "audit_row": None,
    "audit_head": None,
    "audit_shown": None,
    "sign_in_session": {"last_seen_at"},
    "receiver_link": {"opened_at"},
}
"""All that a GET may write, each in a transaction of its own: the read trace, that a session is in use, and that a
receiver, who has no account to be traced by, has opened the link. None stands for every column."""
FEWEST_VIEWS = 20
"""About as many views show a child; with fewer the walk has not met what it should."""


def test_looking_changes_nothing_but_leaves_a_trace(walker: Walker) -> None:
    before = _contents(walker.database)
    views: set[str] = set()
    untraced: list[str] = []
    _, last = _traced_since(walker, 0)
    for question in walker.questions("GET"):
        for who in [*(role.value for role in ACCOUNTS), NOBODY]:
            shown = _children_shown(walker, question, who)
            traced, last = _traced_since(walker, last)
            views |= {question.rule.endpoint} if shown else set()
            untraced += [f"{question.name} as {who} shows {child}" for child, ids in shown.items() if not traced & ids]
    after = _contents(walker.database)
    assert not untraced, "\n".join(untraced)
    assert {name for name in after if after[name] != before[name]} == set()
    assert not walker.complaints, "\n".join(dict.fromkeys(walker.complaints))
    assert len(views) >= FEWEST_VIEWS, sorted(views)


def _children_shown(walker: Walker, question: Question, who: str) -> dict[str, set[str]]:
    """Return the children whose names stand in an answer, with the ids by which a trace may name each."""
    response = walker.ask(question, who)
    text = response.data.decode(errors="replace")
    # A document is compressed, so it is taken to show the child that it was asked for.
    is_document = response.mimetype == "application/pdf"
    return {
        corner.child_name: {str(value) for value in [*corner.ids.values(), *corner.reports.values()]}
        for name, corner in walker.world.corners.items()
        if corner.child_name in text or (is_document and question.corner == name)
    }


def _traced_since(walker: Walker, sequence: int) -> tuple[set[str], int]:
    """Return the ids that the municipality's audit names after a link of its chain, and the last link now."""
    with walker.database.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(
                AuditRow.municipality_id == walker.world.municipality.id, AuditRow.sequence > sequence
            )
        ).all()
    named = {found for row in rows for found in (str(row.object_id), *json.loads(row.details).get("shown", ()))}
    return named, max((row.sequence for row in rows), default=sequence)


def _contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything in the database but what a GET may write."""
    with database.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(*columns).order_by(table.c.id))]
            for name, table in Model.metadata.tables.items()
            if (columns := _unwritten(table))
        }


def _unwritten(table: Any) -> list[Any]:
    written = WRITTEN_BY_READING.get(table.name, set())
    return [] if written is None else [column for column in table.columns if column.name not in written]
