"""Looking changes nothing, and whoever is shown a child leaves a trace of it."""

import json
from typing import Any

from sqlalchemy import select

from app.audit.models import AuditRow
from app.kernel.database import Database, Model
from tests.guards.walk import NOBODY, Walker
from tests.guards.world import ACCOUNTS

WRITTEN_BY_READING = {"audit_row", "audit_head", "audit_shown"}
"""The read trace. A session's last-seen is written too, but at most once a minute."""


def _contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for name, table in Model.metadata.tables.items()
            if name not in WRITTEN_BY_READING
        }


def _audit(database: Database) -> list[AuditRow]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.municipality_id, AuditRow.sequence)))


def test_looking_changes_nothing(walker: Walker) -> None:
    before = _contents(walker.database)
    for question in walker.questions("GET"):
        for role in ACCOUNTS:
            walker.ask(question, role.value)
        walker.ask(question, NOBODY)
    after = _contents(walker.database)
    assert {name for name in after if after[name] != before[name]} == set()
    assert not walker.complaints, "\n".join(walker.complaints)


def test_whoever_is_shown_a_child_leaves_a_trace_of_it(walker: Walker) -> None:
    corners = walker.world.corners
    seen: set[str] = set()
    untraced: list[str] = []
    for question in walker.questions("GET"):
        for role in ACCOUNTS:
            known = len(_audit(walker.database))
            response = walker.ask(question, role.value)
            assert response.status_code < 500, (question.name, role)
            if response.status_code != 200:
                continue
            traced = {found for row in _audit(walker.database)[known:] for found in _ids(row)}
            for name, corner in corners.items():
                # A document is compressed, so it is taken to show the child that it was asked for.
                is_document = response.mimetype == "application/pdf" and question.corner == name
                if is_document or corner.child_name in response.get_data(as_text=True):
                    seen.add(question.rule.endpoint)
                    own = {str(value) for value in [*corner.ids.values(), *corner.reports.values()]}
                    if not traced & own:
                        untraced.append(f"{question.name} as {role.value} shows {corner.child_name}")
    assert not untraced, "\n".join(untraced)
    assert len(seen) > 5, f"hardly any view shows a child: {seen}"


def _ids(row: AuditRow) -> set[str]:
    return {str(row.object_id), *json.loads(row.details).get("shown", ())}
