"""The administrator's pages about accounts."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditRow
from app.kernel.database import Database
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality
from tests.integration.accounts.conftest import Person, is_signed_in
from tests.pages import Browser, all_of


class TestAccounts:
    @pytest.fixture
    def administrator(self, sign_in: SignIn, person: Person) -> Browser:
        """The administrator's browser."""
        return sign_in(person(Role.ADMINISTRATOR, name="Östen Ahl"))

    def test_they_are_listed_in_swedish_order(self, database: Database, administrator: Browser, person: Person) -> None:
        for name in ("Åsa Berg", "Ärla Ek", "Zara Lind"):
            person(Role.STAFF, name=name, is_active=name != "Åsa Berg", activated_at=None)
        with database.transaction() as session:
            make_account(session, make_municipality(session), Role.STAFF, name="Någon Annanstans")
        page = administrator.page("accounts.list_accounts")
        names = [name.removesuffix(" biträdande rektor") for name in all_of(page.rows("Konton"), "Namn")]
        assert names == ["Zara Lind", "Åsa Berg", "Ärla Ek", "Östen Ahl"]

    def test_a_link_is_shown_once(
        self, database: Database, administrator: Browser, new_browser: Callable[[], Browser], karin: Account
    ) -> None:
        page = administrator.page("accounts.make_link", account_id=karin.id)
        shown = administrator.submit(page, button="Gör en engångslänk")
        link = next(word for word in shown.text.split() if "/aktivera/" in word)
        assert link not in administrator.page("accounts.make_link", account_id=karin.id).text
        path = link.partition("/aktivera/")[2]
        assert new_browser().visit(f"/aktivera/{path}").h1 == "Välj lösenord"
        with database.reading() as session:
            rows = session.scalars(select(AuditRow).where(AuditRow.action == "account:link_made")).all()
        assert [row.object_id for row in rows] == [str(karin.id)]
        assert path not in rows[0].details

    def test_pressing_twice_makes_one_link(self, administrator: Browser, karin: Account) -> None:
        form = administrator.page("accounts.make_link", account_id=karin.id).form("Gör en engångslänk")
        data = form.filled({})
        assert administrator.post(form.action, data=data).status_code == 200
        assert administrator.post(form.action, data=data).status_code == 303

    def test_an_account_is_closed_and_opened(self, administrator: Browser, sign_in: SignIn, karin: Account) -> None:
        hers = sign_in(karin)
        page = administrator.page("accounts.make_link", account_id=karin.id)
        page = administrator.submit(page, button="Stäng kontot")
        assert "Kontot är stängt" in page.text
        assert not is_signed_in(hers)
        page = administrator.submit(page, button="Öppna kontot igen")
        assert "Engångslänk" in page.text
        assert not is_signed_in(hers)

    def test_nobody_closes_the_own_account(self, sign_in: SignIn, person: Person) -> None:
        own = person(Role.ADMINISTRATOR)
        browser = sign_in(own)
        page = browser.page("accounts.make_link", account_id=own.id)
        answer = browser.submit(page, button="Stäng kontot", status=409)
        assert answer.h1 == "Det går inte längre"
        assert browser.get("/administration/konton").status_code == 200

    def test_another_municipalitys_account_is_not_there(self, database: Database, administrator: Browser) -> None:
        with database.transaction() as session:
            foreign = make_account(session, make_municipality(session), Role.STAFF)
        administrator.page("accounts.make_link", account_id=foreign.id, status=404)

    @pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT, Role.COORDINATOR, Role.DIRECTOR, Role.AUDITOR])
    def test_others_do_not_see_them(self, sign_in: SignIn, person: Person, karin: Account, role: Role) -> None:
        browser = sign_in(person(role))
        browser.page("accounts.list_accounts", status=403)
        browser.page("accounts.make_link", account_id=karin.id, status=403)
