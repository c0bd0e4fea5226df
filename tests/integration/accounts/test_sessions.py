"""How long a session lasts, and what ends it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.actor import Actor, Role
from app.accounts import queries, service
from app.accounts.models import Account, SignInSession
from app.accounts.types import LinkPurpose
from app.kernel import clock
from app.kernel.database import Database
from app.schools.models import Municipality
from tests.conftest import Clock, SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_unit
from tests.integration.accounts.conftest import Person, is_signed_in
from tests.pages import Browser

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
NEW_PASSWORD = "helt-andra-ord-i-rad"


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
