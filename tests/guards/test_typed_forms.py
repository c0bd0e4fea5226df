"""Nothing typed is lost: every form that somebody signed in types in keeps it, or is listed here with a reason."""

from tests.guards.walk import Walker
from tests.guards.world import ACCOUNTS
from tests.pages import Page

TYPED = "textarea, input:not([type]), input[type=text], input[type=email], input[type=tel]"
UNKEPT: dict[str, str] = {
    "cases.list_cases": "a search, where nothing is written",
    "cases.search_cases": "a search, where nothing is written",
    "responses.preview_absence_list": "a pasted list holds many pupils, some perhaps protected",
    "rosters.edit_register": "a secret is among its fields",
}
"""The pages with a form that keeps nothing of what is typed, and why."""


def test_every_form_that_is_typed_in_keeps_it(walker: Walker) -> None:
    kept, unkept = set(), set()
    for question in walker.questions("GET"):
        if question.corner not in ("-", "own", "submitted"):
            continue
        for role in ACCOUNTS:
            response = walker.ask(question, role.value)
            if response.status_code != 200 or response.mimetype != "text/html":
                continue
            for form in Page(response.text).forms:
                if form.is_post and form.tag.select(TYPED):
                    (kept if form.tag.has_attr("data-keep") else unkept).add(question.rule.endpoint)
    assert len(kept) > 20
    assert unkept == {name for name in unkept if name in UNKEPT}, "post_form(form) keeps it; else say here why not"
