"""The auditor's page."""

from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from app.access.actor import Actor, Role
from app.accounts.models import Account
from app.audit import service as audit
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel.database import Database
from tests.conftest import SignIn
from tests.integration.accounts.conftest import Person


class TestListAudit:
    def test_it_is_in_words_and_newest_first(
        self, database: Database, sign_in: SignIn, karin: Account, person: Person
    ) -> None:
        coordinator = person(Role.COORDINATOR, name="Maria Ekblad")
        acting = Actor(coordinator.id, coordinator.municipality_id, coordinator.role)
        with database.transaction() as session:
            audit.record(session, acting, AuditAction.CASE_READ, karin.id)
            audit.record(session, Actor.system(karin.municipality_id), AuditAction.SURVEY_OPENED, karin.id)
        rows = sign_in(karin).page("accounts.list_audit").rows("Loggrader")
        assert [row["Vad"] for row in rows] == [
            "läste loggen",
            "loggade in",
            "öppnade en kartläggning",
            "läste ett ärende",
        ]
        assert [row["Vem"] for row in rows][2:] == ["Systemet Systemet", "Maria Ekblad Samordnare"]
        assert [row["Nr"] for row in rows] == ["4", "3", "2", "1"]

    def test_looking_at_it_is_in_it(self, database: Database, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        for _ in range(2):
            browser.page("accounts.list_audit")
        with database.reading() as session:
            read = session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "audit:read")).all()
        assert read == [str(karin.id)] * 2

    def test_what_concerns_one_object_is_found(self, database: Database, sign_in: SignIn, karin: Account) -> None:
        acting = Actor(karin.id, karin.municipality_id, karin.role)
        with database.transaction() as session:
            audit.record_shown(session, acting, AuditAction.CASES_LISTED, [karin.id])
            audit.record(session, acting, AuditAction.CASE_READ, karin.municipality_id)
        page = sign_in(karin).visit(f"/logg?object_id={karin.municipality_id}")
        assert [row["Vad"] for row in page.rows()] == ["läste loggen", "läste ett ärende"]

    def test_what_is_no_id_is_said_so(self, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        for text in ("x", "K-2026-014", "' OR 1=1", "x" * 100, "\x00", "\u202e"):
            page = browser.visit(f"/logg?object_id={quote(text)}", status=422)
            assert page.errors
            assert page.title.startswith("Fel: Logg")

    def test_it_has_pages_that_keep_what_was_asked(self, database: Database, sign_in: SignIn, karin: Account) -> None:
        acting = Actor(karin.id, karin.municipality_id, karin.role)
        with database.transaction() as session:
            for _ in range(60):
                audit.record(session, acting, AuditAction.CASE_READ, karin.municipality_id)
        browser = sign_in(karin)
        page = browser.visit(f"/logg?object_id={karin.municipality_id}")
        following = browser.visit(page.link("Nästa sida"))
        assert (len(page.rows()), len(following.rows())) == (50, 12)

    def test_a_page_there_is_not_is_the_nearest(self, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        for number in ("0", "-1", "x", "9" * 40, ""):
            assert browser.visit(f"/logg?sida={number}").h1 == "Logg"

    def test_a_damaged_row_does_not_hide_the_others(self, database: Database, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        if database.is_sqlite:
            remove = "DROP TRIGGER audit_row_no_update"
        else:
            remove = "ALTER TABLE audit_row DISABLE TRIGGER USER"
        with database.transaction() as session:
            session.connection().exec_driver_sql(remove)
            values = {"action": "x", "actor_role": "y", "actor_id": "z", "recorded_at": "i går"}
            session.execute(update(AuditRow).values(values))
        rows = browser.page("accounts.list_audit").rows()
        assert [row["Vad"] for row in rows] == ["läste loggen", "x"]

    @pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT, Role.COORDINATOR, Role.DIRECTOR, Role.ADMINISTRATOR])
    def test_others_do_not_see_it(self, sign_in: SignIn, person: Person, role: Role) -> None:
        sign_in(person(role)).page("accounts.list_audit", status=403)
