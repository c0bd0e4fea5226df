"""Whatever is sent, the page comes back with a message and nothing is lost."""

import pytest

from app.referrals.models import ReportOfConcern
from tests.factories.pupils import make_number
from tests.factories.referrals import CHILD, make_report
from tests.integration.referrals.place import QUESTIONS, Place, child_values
from tests.pages import Page

GARBAGE = ["x" * 20_000, "=1+1", "\x00\x1b[2J", "\u202eevil", "<script>alert(1)</script>", "99", "-1", "2026-02-30"]


@pytest.fixture
def kind() -> str:
    """The fields are the same on both databases."""
    return "sqlite"


class TestBadInput:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_anything_at_all_gives_a_page_with_a_message(self, place: Place, question: str) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        for garbage in GARBAGE:
            form = browser.page(f"referrals.edit_{question}", report_id=report_id).form("Spara och fortsätt")
            kept = {
                name: value for name, value in form.filled({}).items() if name in ("csrf_token", "form_key", "version")
            }
            named = form.names - {"add", "remove", "later"}
            response = browser.post(form.action, data=dict.fromkeys(named, garbage) | kept)
            assert response.status_code in (303, 422), f"{garbage[:20]!r}: {response.status}"
            if response.status_code == 422:
                assert Page(response.text).errors
                assert Page(response.text).title.startswith("Fel: ")

    def test_a_wrong_check_digit_is_told_and_nothing_typed_is_lost(self, place: Place) -> None:
        number = make_number()
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        browser = place.staff
        page = browser.submit(
            browser.page("referrals.start_report"), child_values(personal=wrong, address="Vretgränd 4"), status=422
        )
        assert page.errors == ["Sista siffran stämmer inte med de andra. Kontrollera numret siffra för siffra."]
        filled = page.form().filled({})
        assert (filled["name"], filled["personal"], filled["address"]) == (CHILD, wrong, "Vretgränd 4")
        assert place.count(ReportOfConcern) == 0

    def test_a_body_that_is_no_form_is_no_fault_of_ours(self, place: Place) -> None:
        report_id = place.made(make_report)
        response = place.staff.post(f"/orosanmalningar/{report_id}/oron", json={"what_happened": 1})
        assert response.status_code == 400

    @pytest.mark.parametrize("version", ["", "x", "-1", "999999999", "99999999999999999999"])
    def test_a_version_that_was_never_there_changes_nothing(self, place: Place, version: str) -> None:
        report_id = place.made(make_report)
        browser = place.staff
        form = browser.page("referrals.edit_concern", report_id=report_id).form("Spara och fortsätt")
        response = browser.post(form.action, data=form.filled({}) | {"version": version, "what_happened": "Nytt"})
        assert response.status_code in (409, 422)
        concern = place.report().told.concern
        assert concern is not None
        assert concern.what_happened != "Nytt"
