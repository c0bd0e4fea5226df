"""Who gets in, what is kept, and what is kept of it."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from app.access.actor import Role
from app.accounts.models import Account, Membership
from app.audit import service as audit
from app.audit.models import AuditRow, AuditShown
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import JobRun
from app.schools.models import Municipality
from app.web.requests import db_session
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality
from tests.integration.web.conftest import Trial, actions, count_effects, title_of
from tests.pages import Browser, Page


@pytest.fixture
def in_production(app: Flask) -> Flask:
    """The application as it answers where nobody debugs it."""
    app.testing = False
    return app


class TestRequires:
    def test_one_who_may_gets_the_object(self, browser: Browser, coordinator: Account) -> None:
        assert browser.get(f"/prov/{coordinator.id}").text == f"seen {coordinator.id}"

    @pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_one_who_may_not_is_told_so_and_not_whether_there_is_anything(
        self, database: Database, municipality: Municipality, sign_in: SignIn, role: Role
    ) -> None:
        with database.transaction() as session:
            account = make_account(session, municipality, role)
        browser = sign_in(account)
        answers = [browser.get(f"/prov/{known}") for known in (account.id, uuid4())]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert Page(answers[0].text).h1 == "Du har inte behörighet till sidan"
        assert actions(database) == []

    def test_somebody_elses_object_and_none_look_the_same(self, database: Database, browser: Browser) -> None:
        with database.transaction() as session:
            foreign = make_account(session, make_municipality(session), Role.COORDINATOR)
        answers = [browser.get(f"/prov/{unknown}") for unknown in (foreign.id, uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert Page(answers[0].text).text == Page(answers[1].text).text
        assert actions(database) == []

    def test_one_who_is_not_signed_in_is_led_there_and_back(
        self, new_browser: Callable[[], Browser], coordinator: Account
    ) -> None:
        answer = new_browser().get(f"/prov/{coordinator.id}?flik=alla&sida=2")
        assert (answer.status_code, answer.location) == (
            303,
            f"/logga-in?till=/prov/{coordinator.id}?flik%3Dalla%26sida%3D2",
        )

    def test_what_one_who_is_not_signed_in_sends_is_not_taken(
        self, database: Database, new_browser: Callable[[], Browser]
    ) -> None:
        answer = new_browser().post("/prov/skriv", data={"what": "x"})
        assert (answer.status_code, answer.location) == (303, "/logga-in?till=/prov/skriv")
        assert count_effects(database) == 0

    def test_a_view_for_all_is_for_all(self, new_browser: Callable[[], Browser], browser: Browser) -> None:
        assert (new_browser().get("/prov/alla").text, browser.get("/prov/alla").text) == ("alla", "alla")


class TestTransaction:
    def test_what_a_get_writes_is_gone(self, database: Database, browser: Browser, trial: Trial) -> None:
        assert browser.get("/prov/skriv").status_code == 303
        assert (count_effects(database), trial.afterwards) == (0, [])

    def test_what_a_post_writes_is_kept(self, database: Database, browser: Browser, trial: Trial) -> None:
        assert browser.post("/prov/skriv").status_code == 303
        assert (count_effects(database), trial.afterwards) == (1, ["done"])

    def test_what_a_refused_post_wrote_is_gone(self, database: Database, browser: Browser, trial: Trial) -> None:
        assert browser.post("/prov/skriv", data={"what": "wrong"}).status_code == 422
        assert (count_effects(database), trial.afterwards) == (0, [])

    def test_nothing_is_left_open(self, database: Database, browser: Browser, coordinator: Account) -> None:
        for answer in (
            browser.get("/prov/skriv"),
            browser.post("/prov/skriv"),
            browser.post("/prov/skriv", data={"what": "wrong"}),
            browser.post(f"/prov/{coordinator.id}", data={"what": "refused"}),
            browser.get(f"/prov/{uuid4()}"),
        ):
            answer.close()
            assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


class TestFailingCommit:
    """A view that would leave something the database refuses only at the end."""

    def test_a_broken_rule_becomes_a_page_and_leaves_nothing(
        self, database: Database, browser: Browser, trial: Trial, in_production: Flask, caplog: pytest.LogCaptureFixture
    ) -> None:
        trial.meanwhile = lambda: db_session().add(
            Membership(municipality_id=uuid4(), account_id=uuid4(), school_unit_id=uuid4(), starts_on=None)
        )
        answer = browser.post("/prov/skriv", data={"what": "x"})
        assert (answer.status_code, Page(answer.text).h1) == (500, "Något gick fel hos oss")
        assert (count_effects(database), trial.afterwards) == (0, [])
        assert "unexpected: IntegrityError at" in caplog.text

    def test_the_second_of_two_that_must_be_one_is_told(
        self, database: Database, browser: Browser, trial: Trial, in_production: Flask
    ) -> None:
        with database.transaction() as session:
            session.add(JobRun(job="only", started_at=clock.wall()))
        trial.meanwhile = lambda: db_session().add(JobRun(job="only", started_at=clock.wall()))
        answer = browser.post("/prov/skriv", data={"what": "x"})
        assert (answer.status_code, Page(answer.text).h1) == (409, "Någon annan hann före")
        assert count_effects(database) == 1

    def test_a_row_that_somebody_else_changed_meanwhile_becomes_a_page_about_it(
        self, database: Database, browser: Browser, coordinator: Account, trial: Trial, kind: str
    ) -> None:
        def change() -> None:
            session = db_session()
            if kind == "postgresql":
                with database.transaction() as other:
                    other.execute(update(Account).where(Account.id == coordinator.id).values(version=99))
            else:  # Nobody else can write meanwhile: the row is changed behind the session's back.
                session.connection().execute(text("UPDATE account SET version = 99"))

        trial.meanwhile = change
        answer = browser.post(f"/prov/{coordinator.id}", data={"what": "rektor"})
        assert (answer.status_code, Page(answer.text).h1) == (409, "Någon annan hann före")
        assert title_of(database, coordinator) == "samordnare"

    @pytest.mark.parametrize("what", ["refused", "transition"])
    def test_what_the_rules_refuse_becomes_a_page(
        self, database: Database, browser: Browser, coordinator: Account, what: str
    ) -> None:
        answer = browser.post(f"/prov/{coordinator.id}", data={"what": what})
        assert (answer.status_code, Page(answer.text).h1) == (409, "Det går inte längre")
        assert title_of(database, coordinator) == "samordnare"


class TestTrace:
    def test_it_is_kept_before_the_page_is_built(
        self, database: Database, browser: Browser, coordinator: Account, trial: Trial
    ) -> None:
        seen: list[list[str]] = []
        trial.meanwhile = lambda: seen.append(actions(database))
        browser.get(f"/prov/{coordinator.id}")
        assert seen == [["case:read"]]

    def test_it_says_who_saw_what_in_which_request(
        self, database: Database, browser: Browser, coordinator: Account
    ) -> None:
        answer = browser.get(f"/prov/{coordinator.id}")
        with database.reading() as session:
            row = session.scalars(select(AuditRow).where(AuditRow.action == "case:read")).one()
        assert (row.actor_id, row.object_id) == (str(coordinator.id), str(coordinator.id))
        assert row.request_id == answer.headers["X-Request-ID"]

    def test_it_is_kept_though_the_view_fails_afterwards(
        self, database: Database, browser: Browser, coordinator: Account, trial: Trial, in_production: Flask
    ) -> None:
        def fail() -> None:
            raise KeyError

        trial.meanwhile = fail
        assert browser.get(f"/prov/{coordinator.id}").status_code == 500
        assert actions(database) == ["case:read"]

    @pytest.mark.parametrize(
        ("what", "status"), [("", 303), ("page", 200), ("wrong", 422), ("refused", 409), ("transition", 409)]
    )
    def test_a_post_keeps_it_whatever_becomes_of_the_change(
        self, database: Database, browser: Browser, coordinator: Account, what: str, status: int
    ) -> None:
        assert browser.post(f"/prov/{coordinator.id}", data={"what": what}).status_code == status
        assert actions(database) == ["case:read"]

    def test_a_list_says_which_it_showed_each_once(self, database: Database, browser: Browser) -> None:
        one, two = uuid4(), uuid4()
        browser.get(f"/prov/lista?id={one}&id={two}&id={one}")
        assert actions(database) == ["case:listed"]
        with database.reading() as session:
            assert sorted(session.scalars(select(AuditShown.object_id))) == sorted([one, two])

    def test_an_empty_list_shows_nobody(self, database: Database, browser: Browser) -> None:
        assert browser.get("/prov/lista").text == "lista"
        assert actions(database) == []

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_where_it_cannot_be_kept_nothing_is_shown(
        self, browser: Browser, coordinator: Account, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        def down(*_args: object) -> None:
            raise OperationalError("INSERT INTO audit_row", {}, Exception("disk full"))

        monkeypatch.setattr(audit, "_append", down)
        answer = browser.open(
            f"/prov/{coordinator.id}", method=method, data={"what": "page"} if method == "post" else {}
        )
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"
        assert "seen" not in answer.text

    def test_a_page_that_fails_where_it_cannot_be_kept_says_so(
        self, browser: Browser, coordinator: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def down(*_args: object) -> None:
            raise OperationalError("INSERT INTO audit_row", {}, Exception("disk full"))

        monkeypatch.setattr(audit, "_append", down)
        answer = browser.post(f"/prov/{coordinator.id}", data={"what": "refused"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "could not be ended" in caplog.text


def test_two_requests_at_once_do_not_mix(
    app: Flask, database: Database, browser: Browser, coordinator: Account
) -> None:
    barrier, answers = threading.Barrier(2), list[str]()

    def ask() -> None:
        barrier.wait()
        with app.test_client() as client:
            cookie = browser.get_cookie(app.config["SIGN_IN_COOKIE"])
            assert cookie is not None
            client.set_cookie(cookie.key, cookie.value)
            answers.append(client.get(f"/prov/{coordinator.id}").headers["X-Request-ID"])

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        kept = session.scalars(select(AuditRow.request_id).where(AuditRow.action == "case:read")).all()
    assert sorted(answers) == sorted(map(str, kept))
    assert len(set(answers)) == 2
