"""Pages as a test sees them: every answer is inspected on arrival, then read and filled in like a person would."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import headers

UNTYPED = {"hidden", "submit", "button", "reset", "image"}
FIELDS = {"input", "select", "textarea"}
CONTROLS = FIELDS | {"button", "summary"}
REFERENCES = {"for", "aria-describedby", "aria-labelledby", "aria-controls", "headers"}
"""Attributes that name other elements by their ids."""
SILENT = ["script", "style", "template", "textarea", "code", "pre", "option"]
ERROR_PREFIX = "Fel: "

Values = Mapping[str, object]


def words(tag: Tag | BeautifulSoup) -> str:
    """Return the text of an element with single spaces."""
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip().replace(" .", ".").replace(" ,", ",")


class Form:
    """A form as it stands in the page, with what a browser would send if nothing were touched."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.action = str(tag.get("action", ""))
        self.is_post = str(tag.get("method", "get")).lower() == "post"

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons that send it."""
        return [words(button) for button in self.tag.find_all("button") if button.get("type") != "button"]

    @property
    def names(self) -> set[str]:
        """The names that can be filled in."""
        return {str(field["name"]) for field in self.tag.find_all(attrs={"name": True})}

    def filled(self, values: Values, button: str | None = None) -> dict[str, object]:
        """Return the form's data with `values` in it; a name or an option the form does not have is a fault."""
        data = self._untouched()
        for name, value in values.items():
            assert name in self.names, f"the form has no {name!r}, it has {sorted(self.names)}"
            data[name] = value if isinstance(value, list | tuple) or hasattr(value, "read") else str(value)
            self._assert_offered(name, data[name])
        if button is not None and (pressed := self._button(button)).get("name"):
            data[str(pressed["name"])] = str(pressed.get("value", ""))
        return data

    def _button(self, text: str) -> Tag:
        found = [button for button in self.tag.select("button:not([type=button])") if words(button) == text]
        assert found, f"no button {text!r}, only {self.buttons}"
        return found[0]

    def _assert_offered(self, name: str, value: object) -> None:
        offered = {str(option.get("value", "")) for option in self._options(name)}
        if offered:
            wanted = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
            assert wanted <= offered, f"{name} offers {sorted(offered)}, not {sorted(wanted - offered)}"

    def _options(self, name: str) -> list[Tag]:
        choices = f'input[type=radio][name="{name}"], input[type=checkbox][name="{name}"], select[name="{name}"] option'
        return self.tag.select(choices)

    def _untouched(self) -> dict[str, object]:
        data: dict[str, list[str]] = {}
        for field in self.tag.select("input[name], select[name], textarea[name]"):
            data.setdefault(str(field["name"]), []).extend(_sent(field))
        return {name: values[0] if len(values) == 1 else values for name, values in data.items() if values}


def _sent(field: Tag) -> list[str]:
    kind = str(field.get("type", "text"))
    if field.has_attr("disabled") or (field.name == "input" and kind in {"submit", "button", "image", "file"}):
        return []
    if field.name == "textarea":
        return [field.get_text().removeprefix("\n")]
    if field.name == "select":
        options = field.select("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return [str(option.get("value", words(option))) for option in chosen]
    if kind in {"radio", "checkbox"} and not field.has_attr("checked"):
        return []
    return [str(field.get("value", "on" if kind == "checkbox" else ""))]


class Page:
    """An HTML page."""

    def __init__(self, html: str, url: str = "") -> None:
        self.html, self.url = html, url
        self.soup = BeautifulSoup(html, "html.parser")

    @property
    def h1(self) -> str:
        """The heading."""
        heading = self.soup.h1
        assert heading is not None, f"no h1 on {self.url}"
        return words(heading)

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        assert self.soup.title is not None, f"no title on {self.url}"
        return words(self.soup.title)

    @property
    def text(self) -> str:
        """All that can be read in the main part of the page."""
        return words(self.soup.main or self.soup)

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [words(line) for line in self.soup.select("[class*=error-summary] li")]

    @property
    def forms(self) -> list[Form]:
        """The forms, in order."""
        return [Form(tag) for tag in self.soup.find_all("form")]

    @property
    def links(self) -> dict[str, str]:
        """Where the links lead, by their words."""
        return {words(link): str(link["href"]) for link in self.soup.select("a[href]")}

    def link(self, text: str) -> str:
        """Return where the link with these words leads."""
        assert text in self.links, f"no link {text!r} on {self.url}, only {sorted(self.links)}"
        return self.links[text]

    def form(self, button: str | None = None) -> Form:
        """Return the form with this button, or the only POST form of the main part."""
        main = [Form(tag) for tag in (self.soup.main or self.soup).select("form")]
        if button is not None:
            found = [form for form in [*main, *self.forms] if button in form.buttons]
        else:
            found = [form for form in main if form.is_post]
            assert len(found) <= 1, (
                f"several forms on {self.url}: say which by its button, {[f.buttons for f in found]}"
            )
        assert found, f"no form with {button!r} on {self.url}, only {[form.buttons for form in self.forms]}"
        return found[0]

    def rows(self, caption: str | None = None) -> list[dict[str, str]]:
        """Return the rows of a table as its headings say, of the one with this caption or the first."""
        for table in self.soup.select("table"):
            said = table.find("caption")
            if caption is None or (isinstance(said, Tag) and words(said) == caption):
                heads = [words(head) for head in table.select("thead th")]
                lines = [row.find_all(["td", "th"]) for row in table.select("tbody tr")]
                return [dict(zip(heads, map(words, cells), strict=False)) for cells in lines]
        raise AssertionError(f"no table {caption!r} on {self.url}")

    def checked(self) -> Self:
        """Return the page when it keeps the rules that hold for every page; raise `AssertionError` with all faults."""
        faults = list(self.faults())
        assert not faults, f"{self.url}:\n" + "\n".join(faults)
        return self

    def faults(self) -> Iterator[str]:
        """Yield what breaks the rules that hold for every page."""
        tags = self.soup.find_all(True)
        summaries = [tag for tag in tags if "error-summary" in str(tag.get("class"))]
        yield from self._heading_faults(tags, has_errors=bool(summaries))
        yield from self._reference_faults(tags, [link for summary in summaries for link in summary.find_all("a")])
        yield from self._field_faults([tag for tag in tags if tag.name in FIELDS])
        yield from self._form_faults()
        yield from self._inline_faults(tags)
        yield from self._word_faults()

    def _heading_faults(self, tags: Sequence[Tag], *, has_errors: bool) -> Iterator[str]:
        if self.soup.html is None or self.soup.html.get("lang") != "sv":
            yield "html has not lang=sv"
        headings = [tag for tag in tags if tag.name == "h1"]
        if len(headings) != 1:
            yield f"{len(headings)} h1"
            return
        expected = (ERROR_PREFIX if has_errors else "") + self.h1
        if not self.h1 or not self.title.startswith(expected):
            yield f"title {self.title!r} does not start with {expected!r}"

    def _reference_faults(self, tags: Sequence[Tag], in_summary: Sequence[Tag]) -> Iterator[str]:
        ids = Counter(str(tag["id"]) for tag in tags if tag.has_attr("id"))
        yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
        for tag in tags:
            for attribute in REFERENCES & tag.attrs.keys():
                named = tag[attribute]
                for name in named.split() if isinstance(named, str) else named:
                    if name not in ids:
                        yield f"{attribute}={name!r} names no element"
            if tag.name == "a" and tag.get("href") in ("", "#"):
                yield f"link {words(tag)!r} leads nowhere"
            if tag.name == "img" and not tag.has_attr("alt"):
                yield f"image {tag.get('src')} has no alt"
        for link in in_summary:
            target = self.soup.find(id=str(link.get("href", "")).removeprefix("#"))
            if not (isinstance(target, Tag) and _is_control(target)):
                yield f"the error summary's link {link.get('href')!r} reaches no control"

    def _field_faults(self, fields: Sequence[Tag]) -> Iterator[str]:
        groups: dict[tuple[str, str], list[Tag]] = {}
        for field in fields:
            kind = str(field.get("type", ""))
            if kind in {"radio", "checkbox"}:
                groups.setdefault((kind, str(field.get("name"))), []).append(field)
            if kind not in UNTYPED and not self._is_labelled(field):
                yield f"field {field.get('name')!r} has no label"
        for (kind, name), members in groups.items():
            fieldset = members[0].find_parent("fieldset")
            legend = fieldset.find("legend") if fieldset else None
            if (kind == "radio" or len(members) > 1) and not (isinstance(legend, Tag) and words(legend)):
                yield f"{kind} group {name!r} has no legend"

    def _is_labelled(self, field: Tag) -> bool:
        if field.get("aria-label") or field.get("aria-labelledby"):
            return True
        label = self.soup.find("label", attrs={"for": str(field.get("id"))}) or field.find_parent("label")
        return isinstance(label, Tag) and bool(words(label))

    def _form_faults(self) -> Iterator[str]:
        for form in self.forms:
            if not form.action:
                yield f"form {form.buttons} has no action"
            if not form.buttons:
                yield f"form {form.action} has no button"
            missing = {"csrf_token", "form_key"} - form.names if form.is_post else set()
            yield from (f"form {form.action} has no {name}" for name in sorted(missing))

    def _inline_faults(self, tags: Sequence[Tag]) -> Iterator[str]:
        for tag in tags:
            if tag.has_attr("style"):
                yield f"inline style on <{tag.name}>"
            if tag.name == "script" and not tag.has_attr("nonce"):
                yield f"a script without nonce: {tag.get('src')}"
            yield from (f"{name} on <{tag.name}>" for name in tag.attrs if name.startswith("on"))

    def _word_faults(self) -> Iterator[str]:
        for text in self.soup.find_all(string=re.compile('"')):
            inside = {tag.name for tag in text.parents}
            if isinstance(text, NavigableString) and not isinstance(text, Comment) and not inside & set(SILENT):
                yield f"straight quotes: {text.strip()!r}"


def _is_control(tag: Tag) -> bool:
    """Whether the focus can be put there."""
    is_hidden = tag.name == "input" and tag.get("type") == "hidden"
    is_link = tag.name == "a" and tag.has_attr("href")
    return is_link or tag.has_attr("tabindex") or (tag.name in CONTROLS and not is_hidden)


class Browser(FlaskClient):
    """A client that looks at every page it is given."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Send the request; what comes back is inspected first."""
        response = super().open(*args, **{"buffered": True, **kwargs})  # type: ignore[arg-type]
        if faults := list(self._faults(response)):
            self.complain(f"{response.request.method} {response.request.path}:\n" + "\n".join(faults))
        return response

    def _faults(self, response: TestResponse) -> Iterator[str]:
        yield from headers.faults(response)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            page = Page(response.text, response.request.path)
            yield from page.faults()
            yield from headers.nonce_faults(response, page.soup)

    def complain(self, faults: str) -> None:
        """Fail at once; who walks the whole app collects them instead."""
        raise AssertionError(faults)

    def page(self, endpoint: str, status: int = 200, **values: object) -> Page:
        """Return the page of an endpoint, which must answer with `status`."""
        with self.application.test_request_context():
            url = self.application.url_for(endpoint, **values)  # type: ignore[arg-type]
        return self.visit(url, status)

    def visit(self, url: str, status: int = 200) -> Page:
        """Return the page at `url`, after redirects."""
        return self._arrived(self.get(url, follow_redirects=True), status)

    def submit(self, page: Page, values: Values | None = None, *, button: str | None = None, status: int = 200) -> Page:
        """Fill in the page's form, press its button and return the page that one then sees, after redirects."""
        form = page.form(button)
        data = form.filled(values or {}, button)
        send = self.post if form.is_post else self.get
        where = {"data": data} if form.is_post else {"query_string": data}
        return self._arrived(send(form.action, follow_redirects=True, **where), status)

    def _arrived(self, response: TestResponse, status: int) -> Page:
        page = Page(response.text, response.request.path)
        assert response.status_code == status, f"{response.request.path}: {response.status}\n{page.text[:2000]}"
        return page


def all_of(rows: Sequence[Mapping[str, str]], column: str) -> list[str]:
    """Return one column of a table's rows."""
    return [row[column] for row in rows]
