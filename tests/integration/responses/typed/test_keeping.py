"""What a school types is there when it comes back, after a crash or from a colleague; it never counts as saved."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.typed_forms import KEPT_FOR, MOST_KEPT, keep
from app.responses.models import MissingPupil
from app.web import typed_forms
from app.web.jobs import dispose_of_typed
from tests.conftest import Clock, SignIn
from tests.integration.responses.conftest import School
from tests.integration.responses.typed.words import (
    KEPT_BUTTON,
    SAVE,
    kept,
    own_words,
    shown,
    told,
    typing,
)
from tests.pages import Browser

NOON = datetime(2026, 8, 25, 12, tzinfo=UTC)


class TestKeeping:
    def test_it_is_there_after_a_crash_and_counts_as_nothing(
        self, karin: Browser, people: dict[str, Account], sign_in: SignIn, pupil: MissingPupil, database: Database
    ) -> None:
        answer = typing(karin, own_words(karin, pupil), {"text": "Hon sa att hon inte"})
        assert (answer.status_code, answer.get_json()) == (200, {"kept": True, "at": "10.00"})
        assert told(database).own_words is None
        page = own_words(sign_in(people["karin"]), pupil)
        assert shown(page) == "Hon sa att hon inte"
        assert "Det du skrev i dag kl. 10.00 finns kvar här" in page.text

    def test_nobody_reads_it_in_the_database(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon sa att hon inte"})
        (row,) = kept(database)
        assert b"Hon sa" not in row.content_sealed

    def test_what_is_typed_need_not_be_right(self, karin: Browser, pupil: MissingPupil) -> None:
        page = karin.page("responses.save_leave", pupil_id=pupil.id)
        typing(karin, page, {"expected_return_on-day": "99", "expected_return_on-year": "tjugo"})
        page = karin.page("responses.save_leave", pupil_id=pupil.id)
        assert shown(page, "expected_return_on-day") == "99"
        assert page.errors == []

    def test_rows_come_back(self, karin: Browser, pupil: MissingPupil) -> None:
        page = karin.page("responses.save_siblings", pupil_id=pupil.id)
        typing(karin, page, {"rows-0-name": "Ida", "known": "yes"})
        page = karin.page("responses.save_siblings", pupil_id=pupil.id)
        assert shown(page, "rows-0-name") == "Ida"
        assert shown(page, "known") == "yes"

    def test_saving_it_ends_it(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        page = own_words(karin, pupil)
        typing(karin, page, {"text": "Hon sa att hon inte"})
        karin.submit(own_words(karin, pupil), {"text": "Hon sa att hon inte vill resa."}, button=SAVE)
        assert kept(database) == []
        assert told(database).own_words.text == "Hon sa att hon inte vill resa."

    def test_the_tail_of_what_was_saved_is_not_kept(
        self, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        page = own_words(karin, pupil)
        karin.submit(page, {"text": "Sparat"}, button=SAVE)
        assert typing(karin, page, {"text": "Sparat"}).status_code == 409
        assert kept(database) == []

    def test_nor_shown_when_it_came_between(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        page = own_words(karin, pupil)
        typing(karin, page, {"text": "Spar"})
        (row,) = kept(database)
        karin.submit(page, {"text": "Sparat"}, button=SAVE)
        with database.transaction() as session:
            content = dict(row.content)
            keep(
                session,
                municipality_id=row.municipality_id,
                account_id=row.account_id,
                path=row.path,
                content=content,
                is_shared=True,
            )
        assert shown(own_words(karin, pupil)) == "Sparat"

    def test_it_can_be_thrown_away(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Fel elev"})
        page = karin.submit(own_words(karin, pupil), button=KEPT_BUTTON)
        assert kept(database) == []
        assert KEPT_BUTTON not in page.html

    def test_emptying_the_form_ends_it(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon"})
        assert typing(karin, own_words(karin, pupil), {"text": " "}).get_json() == {"kept": False}
        assert kept(database) == []

    def test_more_than_anybody_types_is_not_kept(self, karin: Browser, pupil: MissingPupil, database: Database) -> None:
        answer = typing(karin, own_words(karin, pupil), {"text": "x" * (typed_forms.LONGEST + 1)})
        assert answer.get_json() == {"kept": False}
        assert kept(database) == []

    def test_it_does_not_stay(self, karin: Browser, pupil: MissingPupil, database: Database, set_clock: Clock) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon"})
        set_clock(clock.wall() + KEPT_FOR)
        dispose_of_typed(database)
        assert len(kept(database)) == 1
        set_clock(clock.wall() + timedelta(seconds=1))
        dispose_of_typed(database)
        assert kept(database) == []

    def test_what_an_address_asks_for_by_hand_is_not_written_down(
        self, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        form = own_words(karin, pupil).form(SAVE)
        for asked in ("?namn=Elin+Sandhage", f"?elev={pupil.entry_id}", "?fran=skicka-in"):
            karin.post(form.action + asked, data=form.filled({"text": "Hon"}), headers={typed_forms.HEADER: "1"})
        asked = sorted(row.path.removeprefix(form.action) for row in kept(database))
        assert asked[0] == "", "where one came from makes no other page"
        assert f"?{pupil.entry_id}" in asked, "an id can be found again, to be forgotten"
        assert not any("Elin" in each for each in asked)

    def test_the_oldest_gives_way(self, people: dict[str, Account], database: Database, set_clock: Clock) -> None:
        karin = people["karin"]
        for number in range(MOST_KEPT + 2):
            set_clock(NOON + timedelta(seconds=number))
            with database.transaction() as session:
                keep(
                    session,
                    municipality_id=karin.municipality_id,
                    account_id=karin.id,
                    path=f"/{number}",
                    content={},
                    is_shared=False,
                )
        assert {row.path for row in kept(database)} == {f"/{number}" for number in range(2, MOST_KEPT + 2)}


class TestColleagues:
    def test_a_colleague_goes_on_where_one_stopped(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Hon sa att hon inte"})
        page = own_words(anna, pupil)
        assert "Karin Lövdahl skrev det som står här i dag kl. 10.00 men har inte sparat det." in page.text
        anna.submit(page, {"text": f"{shown(page)} vill resa."}, button=SAVE)
        assert told(database).own_words.text == "Hon sa att hon inte vill resa."
        assert kept(database) == []

    def test_each_has_the_own_words(self, karin: Browser, anna: Browser, pupil: MissingPupil) -> None:
        pages = own_words(karin, pupil), own_words(anna, pupil)
        typing(karin, pages[0], {"text": "Karins"})
        typing(anna, pages[1], {"text": "Annas"})
        assert (shown(own_words(karin, pupil)), shown(own_words(anna, pupil))) == ("Karins", "Annas")

    def test_what_is_new_is_ones_own(self, karin: Browser, anna: Browser, school: School) -> None:
        page = karin.page("responses.add_missing_pupil", invitation_id=school.invitation.id)
        typing(karin, page, {"signs": ["danger_now"]})
        page = anna.page("responses.add_missing_pupil", invitation_id=school.invitation.id)
        assert KEPT_BUTTON not in page.html

    def test_figures_too(self, karin: Browser, anna: Browser, school: School) -> None:
        page = karin.page("responses.save_figures", invitation_id=school.invitation.id)
        typing(karin, page, {"enrolled": "400"})
        assert shown(anna.page("responses.save_figures", invitation_id=school.invitation.id), "enrolled") == "400"

    def test_another_units_page_does_not_exist(
        self, app: Flask, karin: Browser, other: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        answer = typing(other, own_words(karin, pupil), {"text": "Nyfiken"})
        assert answer.status_code == 404
        assert kept(database) == []

    def test_the_header_carries_nothing_out(
        self, karin: Browser, school: School, pupil: MissingPupil, database: Database
    ) -> None:
        page = karin.page("responses.remove_missing_pupil", pupil_id=pupil.id)
        form = page.form("Ta bort eleven")
        answer = karin.post(form.action, data=form.filled({}), headers={typed_forms.HEADER: "1"})
        assert answer.get_json() == {"kept": False}
        assert told(database) is not None


class TestProtected:
    def test_who_a_pupil_is_is_kept_only_when_the_data_are_unprotected(
        self, karin: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        page = karin.page("responses.save_identity", pupil_id=pupil.id)
        for answer in ({}, {"is_protected": "unknown"}, {"is_protected": "yes"}):
            assert typing(karin, page, {"name": "Elin", **answer}).get_json() == {"kept": False}
            assert kept(database) == []
        assert typing(karin, page, {"name": "Elin", "is_protected": "no"}).get_json()["kept"]
        assert typing(karin, page, {"name": "Elin", "is_protected": "yes"}).get_json() == {"kept": False}
        assert kept(database) == [], "what was kept is dropped as well"

    def test_everything_typed_about_a_protected_pupil_is_forgotten(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        typing(anna, own_words(anna, pupil), {"text": "Bor på"})
        page = karin.page("responses.withhold_pupil", pupil_id=pupil.id)
        karin.submit(page, button=next(button for button in page.form().buttons))
        assert kept(database) == []
