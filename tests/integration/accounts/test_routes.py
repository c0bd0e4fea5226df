"""Signing in and out, choosing a password, the accounts and the log, as people meet them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.actor import Actor, Role
from app.accounts import mails, queries, service
from app.accounts.models import Account, SignInSession
from app.accounts.types import LinkPurpose
from app.audit import service as audit
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.email import MemoryTransport
from app.outbox.service import deliver_due
from app.schools.models import Municipality
from tests.conftest import Clock, SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality, make_unit
from tests.integration.accounts.conftest import EMAIL, PASSWORD, Person
from tests.pages import Browser, Page, all_of

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
NEW_PASSWORD = "helt-andra-ord-i-rad"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "/\r//evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/å/evil",
    "/logg evil",
    "/\x00/evil.example",
    "",
]
WRONG = "E-postadressen eller lösenordet stämmer inte. Försök igen."


def sign_in_at(browser: Browser, url: str = "/logga-in", *, password: str = PASSWORD, status: int = 200) -> Page:
    page = browser.visit(url)
    return browser.submit(page, {"email": EMAIL, "password": password}, button="Logga in", status=status)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/logg").status_code == 200


class TestSignIn:
    def test_one_comes_to_the_page_ones_role_begins_at(self, browser: Browser, karin: Account) -> None:
        page = sign_in_at(browser)
        assert (page.url, page.h1) == ("/logg", "Logg")
        assert "Inloggad: Karin Lövdahl · Granskare" in page.soup.get_text(" ")

    def test_one_comes_to_the_page_one_asked_for(self, browser: Browser, karin: Account) -> None:
        page = browser.visit("/logg?sida=1&object_id=")
        assert page.h1 == "Logga in"
        page = browser.submit(page, {"email": EMAIL, "password": PASSWORD}, button="Logga in")
        assert page.h1 == "Logg"

    def test_so_one_does_after_a_slip(self, browser: Browser, karin: Account) -> None:
        page = sign_in_at(browser, "/logga-in?till=/logg?sida%3D7", password="fel-fel-fel-fel-fel", status=422)
        answer = browser.post(
            page.form("Logga in").action,
            data=page.form("Logga in").filled({"email": EMAIL, "password": PASSWORD}),
        )
        assert answer.location == "/logg?sida=7"

    def test_nobody_is_led_elsewhere(self, new_browser: Callable[[], Browser], karin: Account) -> None:
        for elsewhere in ELSEWHERE:
            browser = new_browser()
            data = browser.visit("/logga-in").form("Logga in").filled({"email": EMAIL, "password": PASSWORD})
            answer = browser.post(f"/logga-in?till={quote(elsewhere)}", data=data)
            assert (answer.status_code, answer.location) == (303, "/"), repr(elsewhere)

    def test_a_wrong_password_and_no_account_get_the_same_answer(self, browser: Browser, karin: Account) -> None:
        page = browser.visit("/logga-in")
        answers = []
        for email in (EMAIL, "nobody@alvhaga.example"):
            values = {"email": email, "password": "fel-fel-fel-fel-fel"}
            answers.append(browser.submit(page, values, button="Logga in", status=422))
        assert answers[0].errors == answers[1].errors == [WRONG]
        assert answers[0].title.startswith("Fel: Logga in")
        assert answers[0].text == answers[1].text

    def test_the_address_stays_in_the_field_and_the_password_does_not(self, browser: Browser, karin: Account) -> None:
        page = sign_in_at(browser, password="fel-fel-fel-fel-fel", status=422)
        assert page.form("Logga in").filled({})["email"] == EMAIL
        assert "fel-fel" not in page.html

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            ({}, ["Skriv din e-postadress", "Skriv ditt lösenord"]),
            ({"email": "karin", "password": "x"}, ["Skriv en e-postadress, till exempel namn@kommunen.se"]),
            ({"email": EMAIL, "password": "x" * 129}, ["Lösenordet är för långt. Det har högst 128 tecken."]),
        ],
    )
    def test_what_is_missing_is_said(self, browser: Browser, values: dict[str, str], errors: list[str]) -> None:
        page = browser.submit(browser.visit("/logga-in"), values, button="Logga in", status=422)
        assert page.errors == errors

    def test_the_sixth_try_in_a_minute_waits_though_it_is_right(self, browser: Browser, karin: Account) -> None:
        for _ in range(5):
            sign_in_at(browser, password="fel-fel-fel-fel-fel", status=422)
        page = sign_in_at(browser, status=429)
        assert page.errors == ["För många försök. Vänta en minut och försök igen."]
        assert not is_signed_in(browser)

    def test_one_who_is_signed_in_is_not_asked_again(self, sign_in: SignIn, karin: Account) -> None:
        assert sign_in(karin).get("/logga-in").location == "/logg"

    def test_every_signing_in_has_a_new_token(
        self, app: Flask, new_browser: Callable[[], Browser], karin: Account
    ) -> None:
        tokens = set()
        for _ in range(2):
            browser = new_browser()
            sign_in_at(browser)
            cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
            assert cookie is not None
            tokens.add(cookie.value)
        assert len(tokens) == 2

    def test_what_the_browser_kept_before_is_dropped(self, browser: Browser, karin: Account) -> None:
        before = browser.visit("/logga-in").form("Logga in").filled({})["csrf_token"]
        sign_in_at(browser)
        assert browser.post("/logga-ut", data={"csrf_token": before}).status_code == 400

    def test_the_start_leads_on(self, browser: Browser, sign_in: SignIn, karin: Account) -> None:
        assert browser.get("/").location == "/logga-in"
        assert sign_in(karin).get("/").location == "/logg"

    def test_another_programs_cookies_are_in_nobodys_way(self, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        for name in ("remember_token", "session", "csrf_token"):
            browser.set_cookie(name, "1|0f0f0f")
        assert is_signed_in(browser)
        assert browser.get("/logg").headers.getlist("Set-Cookie") == []

    def test_a_token_made_up_opens_nothing(self, app: Flask, browser: Browser) -> None:
        for token in ("", "x", "å".encode().decode("latin-1"), "A" * 43, "x" * 4000, '"', "a;b"):
            answer = browser.get("/logg", headers={"Cookie": f"{app.config['SIGN_IN_COOKIE']}={token}"})
            assert answer.status_code == 303


class TestHowLongItLasts:
    def test_it_rests_a_quarter_of_an_hour_and_no_longer(
        self, sign_in: SignIn, karin: Account, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        browser = sign_in(karin)
        set_clock(NOON + timedelta(minutes=14, seconds=59))
        assert is_signed_in(browser)
        set_clock(NOON + timedelta(minutes=29, seconds=58))
        assert is_signed_in(browser)
        set_clock(NOON + timedelta(minutes=44, seconds=58))
        assert not is_signed_in(browser)

    def test_a_school_has_half_an_hour(self, sign_in: SignIn, person: Person, set_clock: Clock) -> None:
        set_clock(NOON)
        browser = sign_in(person(Role.STAFF))
        set_clock(NOON + timedelta(minutes=29, seconds=59))
        assert browser.get("/").location != "/logga-in"
        set_clock(NOON + timedelta(minutes=59, seconds=59))
        assert browser.get("/").location == "/logga-in"

    def test_after_twelve_hours_it_is_over(self, sign_in: SignIn, karin: Account, set_clock: Clock) -> None:
        set_clock(NOON)
        browser = sign_in(karin)
        for minutes in range(10, 12 * 60, 10):
            set_clock(NOON + timedelta(minutes=minutes))
            assert is_signed_in(browser)
        set_clock(NOON + timedelta(hours=12))
        assert not is_signed_in(browser)

    def test_that_it_is_used_is_noted_at_most_once_a_minute(
        self, database: Database, sign_in: SignIn, karin: Account, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        browser = sign_in(karin)
        seen = []
        for seconds in (10, 59, 60, 100, 119, 120, 121):
            set_clock(NOON + timedelta(seconds=seconds))
            browser.get("/")
            with database.reading() as session:
                seen.append((session.scalars(select(SignInSession.last_seen_at)).one() - NOON).total_seconds())
        assert seen == [0, 0, 60, 60, 60, 120, 120]

    def test_the_rehearsals_clock_ends_nothing(self, database: Database, sign_in: SignIn, karin: Account) -> None:
        from app.kernel.installation import set_clock  # noqa: PLC0415

        browser = sign_in(karin)
        with database.transaction() as session:
            set_clock(session, clock.wall() + timedelta(days=100))
        assert is_signed_in(browser)

    def test_signing_out_ends_it_in_every_browser_that_has_the_token(
        self, app: Flask, new_browser: Callable[[], Browser], sign_in: SignIn, karin: Account
    ) -> None:
        browser, thief = sign_in(karin), new_browser()
        cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
        assert cookie is not None
        thief.set_cookie(cookie.key, cookie.value)
        assert is_signed_in(thief)
        page = browser.submit(browser.visit("/logg"), button="Logga ut")
        assert page.h1 == "Logga in"
        assert not is_signed_in(browser)
        assert not is_signed_in(thief)

    def test_signing_out_clears_what_the_browser_keeps(self, app: Flask, sign_in: SignIn, karin: Account) -> None:
        browser = sign_in(karin)
        form = browser.visit("/logg").form("Logga ut")
        answer = browser.post(form.action, data=form.filled({}))
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert browser.get_cookie(app.config["SIGN_IN_COOKIE"]) is None

    def test_signing_out_ends_only_the_own(self, sign_in: SignIn, karin: Account) -> None:
        at_work, at_home = sign_in(karin), sign_in(karin)
        at_work.submit(at_work.visit("/logg"), button="Logga ut")
        assert is_signed_in(at_home)

    @pytest.mark.parametrize("how", ["closed", "new password"])
    def test_a_closed_account_and_a_new_password_end_it_at_the_next_request(
        self, database: Database, sign_in: SignIn, karin: Account, actor: Actor, how: str
    ) -> None:
        browser = sign_in(karin)
        assert is_signed_in(browser)
        with database.transaction() as session:
            own = session.get_one(Account, karin.id)
            if how == "closed":
                service.disable_account(session, actor, own)
            else:
                token = service.make_link(session, actor, own, LinkPurpose.RENEWAL).token
                link = queries.find_usable_link(session, token, clock.wall())
                assert link is not None
                service.use_link(session, link, NEW_PASSWORD)
        assert not is_signed_in(browser)

    def test_a_membership_that_has_ended_counts_at_the_next_request(
        self, database: Database, municipality: Municipality, sign_in: SignIn, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            unit = make_unit(session, municipality, name="Strandängsskolan")
            account = make_account(session, municipality, Role.RESPONDENT, unit)
            account.memberships[0].ends_on = NOON.date()
        browser = sign_in(account)
        assert "Strandängsskolan" in browser.page("help.show_help").soup.get_text()
        set_clock(datetime(2026, 8, 19, 22, 5, tzinfo=UTC))
        again = sign_in(account)
        assert "Strandängsskolan" not in again.page("help.show_help").soup.get_text()


class TestChoosePassword:
    @pytest.fixture
    def link(self, database: Database, karin: Account, actor: Actor) -> str:
        """The address of a link."""
        with database.transaction() as session:
            own = session.get_one(Account, karin.id)
            return f"/aktivera/{service.make_link(session, actor, own, LinkPurpose.RENEWAL).token}"

    def choose(self, browser: Browser, link: str, *passwords: str, status: int = 200) -> Page:
        values = dict(zip(("password", "again"), passwords, strict=True))
        return browser.submit(browser.visit(link), values, button="Spara lösenordet", status=status)

    def test_one_chooses_and_signs_in(self, browser: Browser, link: str) -> None:
        page = self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD)
        assert page.h1 == "Logga in"
        assert "Lösenordet är sparat. Logga in med det." in page.text
        assert sign_in_at(browser, password=NEW_PASSWORD).h1 == "Logg"

    def test_looking_at_it_does_not_use_it_up(self, browser: Browser, link: str) -> None:
        for _ in range(3):
            assert browser.visit(link).h1 == "Välj lösenord"
        assert self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD).h1 == "Logga in"

    def test_it_works_once(self, browser: Browser, link: str) -> None:
        self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD)
        assert browser.visit(link, status=404).h1 == "Länken fungerar inte"

    @pytest.mark.parametrize(
        ("passwords", "error"),
        [
            (("", ""), "Skriv ett lösenord"),
            ((NEW_PASSWORD, ""), "Skriv lösenordet en gång till"),
            ((NEW_PASSWORD, NEW_PASSWORD + "x"), "Lösenorden är inte lika. Skriv samma i båda fälten."),
            (("kort", "kort"), "Lösenordet är för kort. Använd minst 15 tecken, till exempel fyra ord."),
            (("qwertyqwertyqwerty",) * 2, "Lösenordet är för lätt att gissa."),
            (("KarinLövdahl2026",) * 2, "Lösenordet liknar ditt namn eller din e-postadress. Välj något annat."),
            (("x" * 129,) * 2, "Lösenordet är för långt."),
        ],
    )
    def test_what_is_wrong_is_said_and_the_link_still_works(
        self, browser: Browser, link: str, passwords: tuple[str, str], error: str
    ) -> None:
        page = self.choose(browser, link, *passwords, status=422)
        assert any(line.startswith(error) for line in page.errors)
        assert f'value="{passwords[0]}"' not in page.html or not passwords[0]
        assert self.choose(browser, link, NEW_PASSWORD, NEW_PASSWORD).h1 == "Logga in"

    def test_garbage_is_a_page(self, app: Flask, browser: Browser) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        for token in ("x", "%00", "A" * 64, "å", "a" * 3000):
            for method in ("GET", "POST"):
                answer = browser.open(f"/aktivera/{token}", method=method)
                assert (answer.status_code, Page(answer.text).h1) == (404, "Länken fungerar inte")

    def test_a_link_that_wears_out_while_one_thinks_is_a_page(
        self, database: Database, browser: Browser, karin: Account, actor: Actor, set_clock: Clock
    ) -> None:
        set_clock(NOON)
        with database.transaction() as session:
            own = session.get_one(Account, karin.id)
            link = f"/aktivera/{service.make_link(session, actor, own, LinkPurpose.RENEWAL).token}"
        page = browser.visit(link)
        set_clock(NOON + timedelta(hours=1))
        values = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
        assert browser.submit(page, values, status=404).h1 == "Länken fungerar inte"

    def test_one_who_is_new_is_welcomed(
        self, database: Database, browser: Browser, person: Person, actor: Actor
    ) -> None:
        new = person(Role.STAFF, password_hash=None, activated_at=None)
        with database.transaction() as session:
            link = service.make_link(session, actor, session.get_one(Account, new.id), LinkPurpose.ACTIVATION)
        assert "Välkommen till Återkomst" in browser.visit(f"/aktivera/{link.token}").text


class TestRequestRenewal:
    def test_the_answer_is_the_same_for_everybody(self, browser: Browser, karin: Account) -> None:
        answers = []
        for email in (EMAIL, "nobody@alvhaga.example"):
            page = browser.submit(browser.visit("/nytt-losenord"), {"email": email}, button="Skicka länken")
            answers.append(page.text)
        assert answers[0] == answers[1]
        assert "Om adressen hör till ett konto skickar vi en länk." in answers[0]

    def test_the_link_in_the_mail_works(self, database: Database, browser: Browser, karin: Account) -> None:
        browser.submit(browser.visit("/nytt-losenord"), {"email": EMAIL}, button="Skicka länken")
        memory = MemoryTransport()
        assert deliver_due(database, memory, mails.COMPOSERS, "") == 1
        ((mail, _message_id),) = memory.sent
        link = next(word for word in mail.body.split() if word.startswith("/aktivera/"))
        assert mail.to == EMAIL
        assert TestChoosePassword().choose(browser, link, NEW_PASSWORD, NEW_PASSWORD).h1 == "Logga in"

    @pytest.mark.parametrize("email", ["", "karin", "x" * 300, "a@b\n.example"])
    def test_what_is_no_address_is_said(self, browser: Browser, email: str) -> None:
        page = browser.submit(browser.visit("/nytt-losenord"), {"email": email}, button="Skicka länken", status=422)
        assert page.errors


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
