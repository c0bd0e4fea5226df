"""What no honest person types: the page again, in Swedish, with what was typed, and never a fault of ours."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.kernel.database import Database
from app.responses.models import MissingPupil, Response
from tests.integration.responses.conftest import School
from tests.integration.responses.test_routes import browser, one, respondent, rows  # noqa: F401 - fixtures
from tests.integration.responses.test_service import add
from tests.pages import ERROR_PREFIX, Browser, Form, Page

SignIn = Callable[[Account], Browser]

QUESTIONS = [
    "save_urgent",
    "save_calls",
    "save_identity",
    "save_last_seen",
    "save_whereabouts",
    "save_leave",
    "save_contacts",
    "save_siblings",
    "save_concern",
    "save_guardians",
    "save_own_words",
]
ANSWERS = ["save_figures", "submit_nil_return", "add_missing_pupil"]
BAD = {
    "100 kB": "x" * 100_000,
    "a formula": "=1+1",
    "control characters": "a\x00b\x1bc",
    "right to left": "\u202egpj.exe",
    "markup": "<script>alert(1)</script>",
    "an impossible day": "31",
    "a negative number": "-1",
}


@pytest.fixture
def pupil(school: School, session: Session, respondent: Account) -> MissingPupil:  # noqa: F811
    """A pupil on the list."""
    pupil = add(session, school)
    session.commit()
    return pupil


def poured(form: Form, value: str) -> dict[str, object]:
    """Return the form with the same in every field a person can fill in."""
    kept = {"csrf_token", "form_key", "version"}
    return {name: value for name in form.names if name not in {"add", "remove", "later"}} | {
        name: data for name, data in form.filled({}).items() if name in kept
    }


def main_form(page: Page) -> Form:
    """Return the form that saves the page."""
    return next(form for form in page.forms if {"signs", "version", "called", "enrolled"} & form.names)


def assert_answered(answer: Page, value: str, status: int) -> None:
    """See that what came back is a page that says what is wrong, with what was typed in it."""
    assert status == 422
    assert answer.title.startswith(ERROR_PREFIX)
    assert answer.errors
    typed = value.encode("utf-8", "replace").decode()
    fields = [field for field in answer.soup.select("input[type=text], textarea") if field.get("type") != "hidden"]
    for field in fields:
        shown = field.get_text().removeprefix("\n") if field.name == "textarea" else str(field.get("value", ""))
        assert shown.replace("\x00", "") in (typed.replace("\x00", ""), typed), field.get("name")


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
@pytest.mark.parametrize("endpoint", QUESTIONS)
def test_a_question_about_a_pupil(
    browser: Browser,  # noqa: F811
    pupil: MissingPupil,
    database: Database,
    endpoint: str,
    value: str,
) -> None:
    page = browser.page(f"responses.{endpoint}", pupil_id=pupil.id)
    form = main_form(page)
    response = browser.post(form.action, data=poured(form, value))
    answer = Page(response.text, response.request.path)
    if response.status_code == 303:  # Own words may be anything that can be read.
        assert endpoint in {"save_own_words", "save_calls"}
    else:
        assert_answered(answer, value, response.status_code)
        assert one(database, MissingPupil).version == pupil.version


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
@pytest.mark.parametrize("endpoint", ANSWERS)
def test_an_answer(
    browser: Browser,  # noqa: F811
    school: School,
    database: Database,
    endpoint: str,
    value: str,
) -> None:
    page = browser.page(f"responses.{endpoint}", invitation_id=school.invitation.id)
    form = main_form(page)
    response = browser.post(form.action, data=poured(form, value))
    assert_answered(Page(response.text, response.request.path), value, response.status_code)
    assert rows(database, Response) == []


@pytest.mark.parametrize("endpoint", [*QUESTIONS, "remove_missing_pupil", "withhold_pupil"])
def test_a_pupil_that_does_not_exist(browser: Browser, endpoint: str) -> None:  # noqa: F811
    browser.page(f"responses.{endpoint}", status=404, pupil_id="00000000-0000-4000-8000-000000000000")
