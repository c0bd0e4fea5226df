"""Whatever is typed into a form, the page comes back and says what to do: it never fails, and nothing typed is lost."""

import re
from collections.abc import Iterator

from tests.guards.walk import NOBODY, Walker
from tests.guards.world import ACCOUNTS
from tests.pages import Form, Page

NASTY = {
    "nothing": "",
    "spaces": "   ",
    "far too long": "x" * 100_000,
    "a formula": "=HYPERLINK(1)",
    "markup": "<b>x</b>{{7*7}}",
    "control characters": "a\x00\x07\x1bb",
    "right to left": "\u202ebarn\u202c",
    "other digits": "\u0663\u00b2",
    "a huge number": "9" * 40,
    "a negative number": "-1",
    "no number": "NaN",
    "an impossible day": "2026-02-30",
    "half a character": "\ud83d",
    "an id of nothing": "00000000-0000-0000-0000-000000000000",
}
IDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHOWN_AGAIN = {"a formula", "markup", "an impossible day"}
"""What must stand in the fields again when the page comes back; the rest may come back tidied."""
ANSWERS = {200, 303, 400, 409, 422, 429}
"""A form may be refused, or accept what it is given; it may not fail."""
TYPED = (
    "input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=password]):not([type=file]), textarea"
)


def _forms(walker: Walker) -> Iterator[tuple[str, str, Form]]:
    """Yield every form that somebody of some role is shown, once: most stand on many pages."""
    seen = set()
    for question in walker.questions("GET"):
        if question.corner in ("-", "own", "submitted"):
            for who in [*(role.value for role in ACCOUNTS), NOBODY]:
                response = walker.ask(question, who)
                if response.status_code != 200 or response.mimetype != "text/html":
                    continue
                for form in Page(response.text).forms:
                    key = (IDS.sub("", form.action), frozenset(form.names), tuple(form.buttons))
                    if key not in seen:
                        seen.add(key)
                        yield question.name, who, form


def test_every_form_takes_anything(walker: Walker) -> None:
    forms = list(_forms(walker))
    assert len(forms) > 10
    faults = [
        f"{kind}: {name} as {who}, {form.buttons}: {fault}"
        for name, who, form in forms
        for kind, nasty in NASTY.items()
        for fault in _faults(walker, who, form, nasty, is_shown=kind in SHOWN_AGAIN)
    ]
    faults += dict.fromkeys(walker.complaints)
    assert not faults, "\n".join(faults)


def _faults(walker: Walker, who: str, form: Form, nasty: str, *, is_shown: bool) -> Iterator[str]:
    kept = {field: value for field, value in form.filled({}).items() if field in {"csrf_token", "form_key"}}
    data = kept | dict.fromkeys(form.names - set(kept), nasty)
    raw = {field: str(value).encode("utf-8", "surrogatepass") for field, value in data.items()}
    browser = walker.browser(who)
    if form.is_post:
        response = browser.post(form.action, data=raw)
    else:
        response = browser.get(form.action.partition("?")[0], query_string=raw)
    if response.status_code not in ANSWERS:
        yield response.status
    elif response.status_code == 422 and is_shown:
        yield from (f"{field} is lost" for field in _lost(form, Page(response.text), nasty))


def _lost(sent: Form, page: Page, typed: str) -> list[str]:
    """Return the fields whose text is no longer in the page."""
    names = [str(field["name"]) for field in sent.tag.select(TYPED) if field.has_attr("name")]
    again = {str(field["name"]): field for form in page.forms for field in form.tag.select("[name]")}
    return [
        name
        for name in names
        if name in again and typed not in (str(again[name].get("value", "")) or again[name].get_text())
    ]
