"""What is in the audit stays there: the database itself refuses."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Role
from app.audit import queries, service
from app.audit.types import AuditAction
from app.kernel.database import Database
from tests.factories.accounts import make_actor
from tests.factories.schools import make_municipality

CHANGES = [
    "UPDATE audit_row SET action = 'case:read'",
    "UPDATE audit_row SET details = details",
    "DELETE FROM audit_row",
    "UPDATE audit_shown SET sequence = 1",
    "DELETE FROM audit_shown",
]
OF_ONE_KIND = {
    "sqlite": [
        "INSERT OR REPLACE INTO audit_row SELECT * FROM audit_row",
        "REPLACE INTO audit_shown SELECT * FROM audit_shown",
        "UPDATE OR REPLACE audit_row SET sequence = 1",
        "UPDATE OR IGNORE audit_row SET action = 'x'",
        "INSERT INTO audit_row SELECT * FROM audit_row WHERE true ON CONFLICT (id) DO UPDATE SET action = 'x'",
    ],
    "postgresql": [
        "TRUNCATE audit_row",
        "TRUNCATE audit_shown",
        "TRUNCATE municipality CASCADE",
        "INSERT INTO audit_row SELECT * FROM audit_row ON CONFLICT (id) DO UPDATE SET action = 'x'",
    ],
}


@pytest.fixture
def recorded(database: Database) -> Database:
    """A database where something has been done and something has been seen."""
    with database.transaction() as session:
        actor = make_actor(session, make_municipality(session), Role.COORDINATOR)
        service.record(session, actor, AuditAction.CASE_OPENED, uuid4(), reason="urgent")
        service.record_shown(session, actor, AuditAction.CASES_LISTED, [UUID(int=1), UUID(int=2)])
    return database


def test_no_statement_changes_or_removes_what_was_recorded(recorded: Database, kind: str) -> None:
    for statement in CHANGES + OF_ONE_KIND[kind]:
        with recorded.session(writing=True) as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
    with recorded.reading() as session:
        assert queries.count_rows(session) == 2
        assert list(queries.find_breaks(session)) == []
