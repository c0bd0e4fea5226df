"""Every component is drawn at least once, keeps the rules of every page, and uses classes that have a style."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, flash, g, render_template, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import Environment, PackageLoader, PrefixLoader, UndefinedError
from werkzeug.datastructures import MultiDict
from wtforms import FormField

from app.kernel.pagination import Page as ListPage
from app.schools.forms.school_years import DaySpanField
from app.web import forms, templating
from app.web.templating import Chrome, NavigationItem
from tests.guards.source import ROOT, TEMPLATES, layer, python, templates
from tests.pages import Page, words

NOW = datetime(2026, 8, 25, 8, 20, tzinfo=UTC)
"""10.20 in Sweden on Tuesday 25 August 2026."""
FRAME = Chrome(
    municipality_name="Älvhaga kommun",
    account_name="Karin Lövdahl",
    account_place="Strandängsskolan",
    navigation=(NavigationItem("Att göra", "/att-gora", is_current=True), NavigationItem("Hjälp", "/hjalp", False)),
    is_rehearsal=True,
    rehearsal_now=NOW,
    is_signed_in=True,
    contact_name="Maria Ekblad",
    contact_phone="08-465 004 21",
)


class Evidence(StrEnum):
    """Some options."""

    TICKET = "ticket"
    NOTHING = "nothing"


class Row(forms.PartForm):
    """A part that repeats."""

    on = forms.DayField("Vilken dag?")


class Sample(forms.Form):
    """A field of every kind."""

    name = forms.TextField("Vad heter eleven?", required="Skriv elevens namn", hint="Förnamn och efternamn.")
    words = forms.LongTextField("Egna ord", required="Skriv något", hint="Det ni sett och hört.", max_length=400)
    count = forms.IntegerField("Hur många?", required="Skriv hur många")
    on = forms.DayField("När?", required="Ange datum", hint="Till exempel 21 8 2026.")
    at = forms.MomentField("Vilken tid?", required="Ange datum och klockslag")
    place = forms.TextField("Vilket land?")
    abroad = forms.ChoiceField("Är eleven utomlands?", [("yes", "Ja", "Flera veckor"), ("no", "Nej")], required="Välj")
    seen = forms.ChoicesField(
        "Vad har ni sett?",
        [(Evidence.TICKET, "Biljett"), (Evidence.NOTHING, "Inget")],
        exclusive=[Evidence.NOTHING],
        required="Välj något",
    )
    unit = forms.SelectField("Vilken skola?", [("a", "Strandängsskolan")], required="Välj skola")
    password = forms.PasswordField("Lösenord", required="Skriv lösenordet")
    roster = forms.FileField("Klasslista", required="Välj en fil")
    declared = forms.CheckField("Jag intygar", hint="Ditt namn sparas.", required="Kryssa i")
    version = forms.VersionField()
    span = DaySpanField("Höstlovet")
    rows = forms.RowsField(FormField(Row), min_entries=2, max_entries=4)


NUMBERS = [
    SimpleNamespace(label="Fara just nu", number="112", note="", is_urgent=True),
    SimpleNamespace(label="Socialjouren", number="08-465 004 10", note="Dygnet runt", is_urgent=False),
]
IN_FORM = "{{% call post_form(form) %}}{}{{{{ button('Spara') }}}}{{% endcall %}}"
DRAWN = dict(
    re.findall(
        r"(?s)\{# (\w+) #\}\n(.*?)(?=\n\{# |\Z)",
        (Path(__file__).parent / "components.html").read_text(encoding="utf-8"),
    )
)
"""What is drawn of each component in the main part of a page, where `other` is a form that is not the page's own."""

SAYS = {
    "compared": "Hur många är inskrivna? Du skrev 412 Sparat Inget svar",
    "clock_cell": "Försenat 20 min 2026-08-25 10.00 Ingen frist",
    "head_count": "412 inskrivna = 405 på plats + 4 känd frånvaro, varav 1 skyddad + 3 saknas, varav 1 skyddad",
    "pagination": "Rad 26–50 av 61. Föregående sida Nästa sida",
    "post_button": "Eleven har kommit tillbaka",
    "ring_for_help": "Hjälper det inte? Ring Maria Ekblad, 08-465 004 21",
    "summary_list": "Klass Inte besvarat Ändra klass Antal 0",
    "task_list": "1 Gå igenom 14 av 18",
    "typed_notice": "Anna Lind skrev det som står här tisdag 25 augusti kl. 10.00 men har inte sparat det.",
    "words_back": "Kopiera det du vill ha kvar innan du lämnar sidan. Hon sa att hon inte vill resa. Sedan gick hon.",
}
"""Words that must be readable where more than drawing can go wrong."""

Draw = Callable[..., Page]
MakeSample = Callable[..., Sample]


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application with templates and nothing behind them."""
    made = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(ROOT / "app" / "static"))
    made.config["SECRET_KEY"] = "of a test"
    CSRFProtect(made)
    templating.init_app(made)
    made.add_url_rule("/logga-ut", "accounts.sign_out", methods=["POST"])
    return made


@pytest.fixture
def draw(app: Flask) -> Draw:
    """Draw a piece of template in a page of the answering kind, or as `layout` says."""

    def drawn(source: str, *, layout: str = "answer", frame: Chrome | None = FRAME, **values: Any) -> Page:
        names = sorted(name for name in DRAWN if re.search(rf"\b{name}\(", source))
        imports = "".join(f'{{% from "components/{name}.html" import {name} %}}' for name in names)
        template = (
            f'{{% extends "layouts/{layout}.html" %}}{imports}'
            "{% block title %}Prov{% endblock %}{% block main %}" + source + "{% endblock %}"
        )
        with app.test_request_context("/prov"):
            g.chrome = frame
            return Page(render_template_string(template, **values), "/prov")

    return drawn


@pytest.fixture
def sample(app: Flask) -> MakeSample:
    """Make the sample form: empty, known or posted."""

    def made(**kwargs: Any) -> Sample:
        with app.test_request_context("/prov"):
            form = Sample(**{"formdata": None, "meta": {"csrf": False}, **kwargs})
            if kwargs.get("formdata") is not None:
                form.validate()
        return form

    return made


def test_every_component_is_drawn() -> None:
    assert [path.stem for path in templates("components/*.html")] == sorted(DRAWN)


@pytest.mark.parametrize("name", sorted(DRAWN))
@pytest.mark.parametrize("posted", [None, MultiDict()], ids=["empty", "wrong"])
def test_it_keeps_the_rules_of_every_page(
    draw: Draw, sample: MakeSample, name: str, posted: MultiDict[str, str] | None
) -> None:
    page = draw(
        DRAWN[name],
        other=sample(formdata=posted),
        numbers=NUMBERS,
        moment=datetime(2026, 8, 25, 8, 0, tzinfo=UTC),
        day=date(2026, 6, 14),
        now=NOW,
        pages=ListPage(items=list(range(25)), number=2, size=25, total=61),
    )
    page.checked()
    assert SAYS.get(name, "Prov") in page.text
    assert "None" not in page.text


@pytest.mark.parametrize("layout", ["answer", "work", "read"])
class TestLayouts:
    def test_a_page_in_its_frame(self, draw: Draw, layout: str) -> None:
        page = draw("Text", layout=layout).checked()
        assert (page.title, page.h1) == ("Prov – Återkomst", "Prov")
        whole = words(page.soup)
        assert "Övningsläge. Kommunen och alla personer är påhittade. Klockan visar tisdag 25 augusti 2026" in whole
        assert "Karin Lövdahl · Strandängsskolan" in whole
        assert page.link("Akut fara? Ring 112") == "/ring-nu"
        assert page.form("Logga ut").is_post

    def test_a_page_for_anyone(self, draw: Draw, layout: str) -> None:
        page = draw("Text", layout=layout, frame=None).checked()
        assert not page.forms
        assert "Övningsläge" not in words(page.soup)

    def test_errors_come_first_and_lead_to_their_controls(self, draw: Draw, sample: MakeSample, layout: str) -> None:
        form = sample(formdata=MultiDict({"on-day": "31", "on-month": "4", "on-year": "2026"}))
        fields = (
            "{{ field_input(form.name) }}{{ field_textarea(form.words) }}{{ field_input(form.count) }}"
            "{{ field_date(form.on) }}{{ field_moment(form.at) }}{{ field_radios(form.abroad) }}"
            "{{ field_checkboxes(form.seen) }}{{ field_select(form.unit) }}{{ field_password(form.password) }}"
            "{{ field_file(form.roster) }}{{ field_check(form.declared) }}"
        )
        page = draw(IN_FORM.format(fields), layout=layout, form=form).checked()
        assert page.title == "Fel: Prov – Återkomst"
        assert page.errors[:3] == ["Skriv elevens namn", "Skriv något", "Skriv hur många"]
        targets = [str(link["href"]) for link in page.soup.select(".govuk-error-summary a")]
        assert targets[3:6] == ["#on-day", "#at-day", "#abroad"]
        said = [words(message) for message in page.soup.select(".govuk-error-message")]
        assert sorted(said) == sorted(f"Fel: {error}" for error in page.errors), "the same words beside the field"

    def test_several_forms_and_errors_of_no_field(self, draw: Draw, sample: MakeSample, layout: str) -> None:
        form = sample()
        form.form_errors.append("Eleven finns redan på listan")
        page = draw("Text", layout=layout, forms=[sample(), form]).checked()
        assert words(page.soup.select(".govuk-error-summary h2")[0]) == "Det gick inte"

    def test_what_has_been_done_is_said(self, app: Flask, layout: str) -> None:
        with app.test_request_context("/prov"):
            flash("Svaret är sparat.")
            source = f'{{% extends "layouts/{layout}.html" %}}{{% block title %}}Prov{{% endblock %}}'
            assert "Svaret är sparat." in Page(render_template_string(source)).text

    def test_scripts_carry_the_nonce(self, app: Flask, layout: str) -> None:
        source = f'{{% extends "layouts/{layout}.html" %}}{{% block title %}}Prov{{% endblock %}}'
        with app.test_request_context("/prov"):
            g.csp_nonce = "of-this-request"
            page = Page(render_template_string(source))
        assert {str(script["nonce"]) for script in page.soup.select("script")} == {"of-this-request"}


class TestFields:
    def test_what_was_typed_stays_as_it_was(self, draw: Draw, sample: MakeSample) -> None:
        typed = {"name": ' "<Elin> ', "words": "\n  a\n\n    b</textarea>", "count": "tolv"}
        fields = "{{ field_input(form.name) }}{{ field_textarea(form.words) }}{{ field_input(form.count) }}"
        page = draw(IN_FORM.format(fields), form=sample(formdata=MultiDict(typed)))
        sent = page.form("Spara").filled({})
        assert {name: sent[name] for name in typed} == typed

    def test_what_is_known_is_filled_in(self, draw: Draw, sample: MakeSample) -> None:
        known = {
            "on": date(2026, 8, 1),
            "at": NOW,
            "abroad": "no",
            "seen": [Evidence.TICKET],
            "version": 7,
            "unit": "a",
        }
        fields = (
            "{{ field_date(form.on) }}{{ field_moment(form.at) }}{{ field_radios(form.abroad) }}"
            "{{ field_checkboxes(form.seen) }}{{ field_select(form.unit) }}"
        )
        sent = draw(IN_FORM.format(fields), form=sample(data={**known, "unit": "a"})).form("Spara").filled({})
        assert [sent[f"on-{part}"] for part in ("day", "month", "year")] == ["1", "8", "2026"]
        wanted = {"at-clock": "10.20", "abroad": "no", "seen": "ticket", "version": "7", "unit": "a"}
        assert {name: sent[name] for name in wanted} == wanted

    def test_a_field_is_described_by_its_hint_and_its_error(self, draw: Draw, sample: MakeSample) -> None:
        page = draw(DRAWN["field_input"], other=sample(formdata=MultiDict()))
        names = str(page.soup.select("#name")[0]["aria-describedby"]).split()
        described = [words(page.soup.select(f"#{name}")[0]) for name in names]
        assert described == ["Förnamn och efternamn.", "Fel: Skriv elevens namn"]

    def test_what_stands_alone_comes_after_a_word_that_says_so(self, draw: Draw, sample: MakeSample) -> None:
        assert "Biljett eller Inget" in draw(DRAWN["field_checkboxes"], other=sample()).text


class TestStates:
    named = (
        ("invitation", "NOT_STARTED", "Inte påbörjad", "wait"),
        ("invitation", "STARTED", "Pågår", "go"),
        ("invitation", "COMPLETED", "Ifylld, inte inskickad", "draft"),
        ("invitation", "SUBMITTED", "Inskickad", "done"),
        ("invitation", "NIL", "Nollsvar", "done"),
        ("invitation", "EXTENDED", "Förlängd", "clock"),
        ("invitation", "SILENT", "Inget svar", "danger"),
        ("invitation", "CLOSED", "Stängd", "none"),
        ("invitation", "LOCKED", "Kan inte börja ännu", "none"),
        ("case", "TO_ASSESS", "Att bedöma", "act"),
        ("case", "INVESTIGATING", "Utreds", "go"),
        ("case", "WAITING", "Väntar på andra", "wait"),
        ("case", "RETURNING", "Kommer tillbaka", "go"),
        ("case", "CLOSED", "Avslutat", "done"),
        ("case", "PROTECTED", "Skyddad", "guard"),
        ("case", "LATE", "Försenat", "danger"),
        ("report", "DRAFT", "Utkast", "draft"),
        ("report", "HANDED_OVER", "Skickad", "wait"),
        ("report", "UNACKNOWLEDGED", "Obekräftad", "clock"),
        ("report", "BOUNCED", "Kom inte fram", "danger"),
        ("report", "ACKNOWLEDGED", "Bekräftad", "done"),
        ("report", "WITHDRAWN", "Återkallad", "none"),
        ("report", "NOT_MADE", "Inte gjord", "none"),
        ("answer", "OPENED", "Utredning inledd", "done"),
        ("answer", "NOT_OPENED", "Inte inledd", "done"),
        ("answer", "ONGOING", "Pågår redan", "done"),
    )

    @pytest.mark.parametrize(("kind", "state", "said", "form"), named)
    def test_every_state_has_its_word_and_its_form(
        self, draw: Draw, kind: str, state: str, said: str, form: str
    ) -> None:
        tag = draw("{{ state_tag(kind, state) }}", kind=kind, state=state).soup.select_one(".tag")
        assert tag is not None
        assert (words(tag), tag["class"]) == (said, ["tag", f"tag--{form}"])

    def test_a_state_may_be_a_member_of_an_enum(self, draw: Draw) -> None:
        state = StrEnum("State", {"TO_ASSESS": "to-assess"})("to-assess")
        assert "Att bedöma" in draw("{{ state_tag('case', state) }}", state=state).text
        assert "Nollsvar" in draw("{{ state_tag('invitation', 'submitted', is_nil=true) }}").text

    def test_a_state_without_a_name_fails(self, draw: Draw) -> None:
        with pytest.raises(UndefinedError, match="ELSEWHERE"):
            draw("{{ state_tag('case', 'ELSEWHERE') }}")


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (datetime(2026, 8, 24, 14, 0, tzinfo=UTC), "Försenat 1 dag 2026-08-24 16.00"),
        (datetime(2026, 8, 22, 14, 0, tzinfo=UTC), "Försenat 3 dagar 2026-08-22 16.00"),
        (datetime(2026, 8, 25, 5, 0, tzinfo=UTC), "Försenat 3 tim 2026-08-25 07.00"),
        (datetime(2026, 8, 25, 10, 0, tzinfo=UTC), "I dag 12.00 1 tim 40 min kvar"),
        (datetime(2026, 8, 25, 8, 50, tzinfo=UTC), "I dag 10.50 30 min kvar"),
        (datetime(2026, 8, 26, 14, 0, tzinfo=UTC), "Ons 26 aug 2026-08-26 16.00"),
        (date(2026, 8, 25), "I dag 2026-08-25"),
        (date(2026, 8, 31), "Mån 31 aug 2026-08-31"),
    ],
)
def test_the_clock_says_how_a_due_moment_stands(draw: Draw, due: date | datetime, said: str) -> None:
    assert said in draw("{{ clock_cell(due, now) }}", due=due, now=NOW).text


CLASS = re.compile(r'class(?:es)?="([^"]*)"')
JINJA = re.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}")
WITHOUT_STYLE = {
    "answer__column",
    "bar__start",
    "govuk-js-character-count",
    "govuk-js-password-input-input",
    "govuk-js-password-input-toggle",
}
"""Names that only script or position need."""


def test_every_class_has_a_style() -> None:
    sheet = (ROOT / "app" / "static" / "app.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheet)) | WITHOUT_STYLE
    missing = sorted(
        f"{path.relative_to(TEMPLATES)}: {name}"
        for path in templates("*.html")
        for value in CLASS.findall(path.read_text(encoding="utf-8"))
        for name in JINJA.sub("{", value).split()
        if "{" not in name and name not in known
    )
    assert not missing, missing


KIT = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)  # Not strict: its macros live on what is undefined.
WORDS = {"text": "x"}
LEGEND = {"legend": WORDS}
HINTED = {"value": "a", "text": "x", "hint": WORDS}
PLAIN = {"value": "b", "text": "x"}
SAME_AS_THE_KIT = {
    "field_input": ("input", "name", {"label": WORDS, "hint": WORDS}),
    "field_textarea": ("character-count", "words", {"maxlength": 400, "label": WORDS, "hint": WORDS}),
    "field_select": ("select", "unit", {"label": WORDS, "items": [PLAIN]}),
    "field_radios": ("radios", "abroad", {"fieldset": LEGEND, "items": [HINTED, PLAIN]}),
    "field_checkboxes": ("checkboxes", "seen", {"fieldset": LEGEND, "items": [PLAIN, {"divider": "eller"}, PLAIN]}),
    "field_date": ("date-input", "on", {"fieldset": LEGEND, "hint": WORDS}),
    "field_password": ("password-input", "password", {"label": WORDS}),
}
"""Our macro, the kit's, the field of the sample form, and how to draw the same with the kit's."""


@pytest.mark.parametrize("name", sorted(SAME_AS_THE_KIT))
def test_a_field_has_the_parts_that_the_kits_style_and_script_expect(draw: Draw, sample: MakeSample, name: str) -> None:
    """The kit's own macros indent what they wrap, and so change a text of several lines: ours stand in for them."""
    component, field, params = SAME_AS_THE_KIT[name]
    module = KIT.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    macro = getattr(module, "govuk" + component.title().replace("-", ""))
    theirs = BeautifulSoup(macro({"id": field, "name": field, "errorMessage": WORDS, **params}), "html.parser")
    page = draw(IN_FORM.format(f"{{{{ {name}(form.{field}) }}}}"), form=sample(formdata=MultiDict()))
    ours = page.soup.select("main .govuk-form-group")[0].parent
    assert ours is not None
    own = {"govuk-label--m", "govuk-fieldset__legend--m", "govuk-input--error", "govuk-button"}
    sizes = {f"govuk-input--width-{width}" for width in (2, 4)}
    assert _kit_classes(ours) - own - sizes == _kit_classes(theirs) - own - sizes


def _kit_classes(drawn: Tag) -> set[str]:
    return {name for tag in drawn.select("[class*=govuk-]") for name in tag["class"] if name.startswith("govuk-")}


def test_every_refusal_says_in_swedish_why() -> None:
    given = {
        code
        for path in python("app")
        if layer(path) in {"service", "models"}
        for code in re.findall(r'\bRefused\("(\w+)"', path.read_text(encoding="utf-8"))
    }
    pages = [TEMPLATES / "errors" / "409.html", *(path for path in python("app") if layer(path) == "forms")]
    said = "".join(path.read_text(encoding="utf-8") for path in pages)
    missing = sorted(code for code in given if f'"{code}":' not in said)
    assert not missing, f"say in templates/errors/409.html, or on the form, why not: {missing}"


@pytest.mark.parametrize("frame", [FRAME, None], ids=["signed in", "anyone"])
@pytest.mark.parametrize("path", templates("errors/[!_]*.html"), ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "values",
    [
        {},
        {
            "back_url": "/att-gora",
            "changes": [{"label": "Antal", "mine": 3, "theirs": 4}],
            "is_csrf": True,
            "reason": "round_closed",
            "retry_after": 90,
        },
    ],
    ids=["nothing known", "all known"],
)
def test_a_failure_says_what_happened_and_whom_to_ring(
    app: Flask, path: Path, values: dict[str, Any], frame: Chrome | None
) -> None:
    with app.test_request_context("/prov"):
        g.chrome = frame
        page = Page(render_template(f"errors/{path.name}", **values), "/prov").checked()
    assert "Hjälper det inte? Ring" in page.text
    assert page.link("ring 112") == "/ring-nu"
