"""Fields keep what was typed, say in Swedish what to do, and never raise."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import wtforms
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from app.web import forms
from app.web.forms.days import MONTHS

Clock = Callable[[datetime], None]

NOON = datetime(2026, 8, 25, 10, 0, tzinfo=UTC)
"""Twelve o'clock in Sweden on Tuesday 25 August 2026."""


class Whereabouts(StrEnum):
    """Some options."""

    SWEDEN = "sweden"
    ABROAD = "abroad"
    DONT_KNOW = "dont_know"


WHEREABOUTS = [
    (Whereabouts.SWEDEN, "I Sverige"),
    (Whereabouts.ABROAD, "Utomlands"),
    (Whereabouts.DONT_KNOW, "Vet inte"),
]


class Contact(forms.PartForm):
    """A part that repeats."""

    on = forms.DayField("När")
    whom = forms.TextField("Med vem", required="Skriv vem ni talade med")


class Everything(forms.Form):
    """A form with a field of every kind."""

    name = forms.TextField("Namn", required="Skriv elevens namn", max_length=20)
    words = forms.LongTextField("Egna ord", max_length=100)
    password = forms.PasswordField("Lösenord")
    day = forms.DayField("Dag", not_in_future=True)
    moment = forms.MomentField("När", not_in_future=True)
    hour = forms.ClockField("Klockslag")
    count = forms.IntegerField("Antal", minimum=1, maximum=500)
    email = forms.EmailField("E-post")
    phone = forms.PhoneField("Telefon")
    where = forms.ChoiceField("Var", WHEREABOUTS)
    unit = forms.SelectField("Skola", [("a", "A-skolan")])
    seen = forms.ChoicesField("Sett", WHEREABOUTS, exclusive=[Whereabouts.DONT_KNOW])
    declared = forms.CheckField("Jag intygar")
    roster = forms.FileField("Fil", extensions=(".csv",), max_bytes=1_000_000)
    version = forms.VersionField()
    token = forms.HiddenTextField()
    contacts = forms.RowsField(wtforms.FormField(Contact), max_entries=3)


def posted(*pairs: tuple[str, Any], **values: Any) -> Everything:
    form = Everything(formdata=MultiDict([*values.items(), *pairs]))
    form.validate()
    return form


def day(text_day: Any = "", month: Any = "", year: Any = "", name: str = "day") -> Everything:
    return posted((f"{name}-day", text_day), (f"{name}-month", month), (f"{name}-year", year))


class TestNothingRaises:
    names = st.sampled_from(
        [
            *("name", "words", "password", "day", "day-day", "day-month", "day-year", "moment-day", "moment-month"),
            *("moment-year", "moment-clock", "hour", "count", "email", "phone", "where", "unit", "seen", "declared"),
            *("roster", "version", "token", "contacts", "contacts-0-on-day", "contacts-0-whom", "contacts-²-whom"),
            *("contacts-1-on-year", "contacts-" + "9" * 5000 + "-whom", "contacts--1-whom", "contacts-x"),
        ]
    )
    texts = st.one_of(
        st.text(),
        st.text(alphabet=st.characters()),  # Halves of characters too.
        st.text(alphabet="0123456789²٣. :-+/\x00\u202e\n\t", max_size=8),
        st.sampled_from(
            ["x" * 100_000, "9" * 10_000, "=1+1", "@SUM(A1)", "\x00", "\u202etxt", "31", "2", "2026", "-1"]
        ),
    )
    strange = st.one_of(texts, st.integers(), st.none(), st.lists(st.text(), max_size=2), st.builds(FileStorage))

    @given(st.lists(st.tuples(names, strange), max_size=12))
    def test_whatever_is_posted(self, pairs: list[tuple[str, Any]]) -> None:
        form = Everything(formdata=MultiDict(pairs))
        form.validate()
        for error in forms.list_errors(form):
            assert error.text
        for field in form:
            if isinstance(field, forms.Field):
                field.shown.encode()

    @given(st.tuples(texts, texts, texts, texts))
    def test_whatever_is_typed_as_a_moment_stays(self, typed: tuple[str, str, str, str]) -> None:
        form = Everything(
            formdata=MultiDict(zip(("moment-day", "moment-month", "moment-year", "moment-clock"), typed, strict=True))
        )
        form.validate()
        shown = tuple(form.moment.part_shown(part) for part in form.moment.PARTS)
        assert shown == tuple(text.encode("utf-8", "replace").decode() for text in typed)
        assert form.moment.data is None or form.moment.data.tzinfo is UTC

    @given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    def test_every_day_can_be_typed_in_figures_and_words(self, wanted: date) -> None:
        assert day(str(wanted.day), str(wanted.month), str(wanted.year)).day.data == wanted
        assert day(f"{wanted.day:02}", MONTHS[wanted.month - 1][:3], str(wanted.year)).day.data == wanted


class TestText:
    def test_blanks_around_and_doubled_go(self) -> None:
        assert posted(name="  Elin \t Sandhage\u00a0").name.data == "Elin Sandhage"

    def test_letters_are_composed(self) -> None:
        assert posted(name="A\u030asa").name.data == "Åsa"

    def test_the_empty_one_is_asked_for(self) -> None:
        assert posted(name=" ").name.errors == ["Skriv elevens namn"]

    @pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb", "a\x1bb", "a\u200fb", "a\ufffdb", f"a{chr(0xD800)}b"])
    def test_unseen_characters_are_refused_and_kept_in_sight(self, bad: str) -> None:
        field = posted(name=bad).name
        assert field.errors == ["Ta bort tecken som inte syns. Skriv texten på nytt om du har klistrat in den."]
        assert field.shown == bad.encode("utf-8", "replace").decode()
        assert field.data == ""

    def test_what_comes_along_when_pasting_goes(self) -> None:
        assert posted(name="\ufeffEl\u00adin\u200b").name.data == "Elin"

    def test_a_formula_is_a_text(self) -> None:
        assert posted(name="=1+1").name.data == "=1+1"

    def test_too_long_is_said_with_numbers(self) -> None:
        field = posted(name="x" * 23).name
        assert field.errors == ["Texten är 3 tecken för lång. Skriv högst 20 tecken."]
        assert field.shown == "x" * 23

    def test_one_line_is_one_line(self) -> None:
        assert posted(name="a\nb").name.errors == ["Skriv allt på en rad"]

    def test_long_text_keeps_its_lines(self) -> None:
        assert posted(words=" a\r\n\r\nb\u2028c ").words.data == "a\n\nb\nc"

    def test_a_file_in_place_of_a_text_is_refused(self) -> None:
        assert posted(name=FileStorage(BytesIO(b"x"), "x.txt")).name.errors == ["Skriv svaret som text"]

    def test_what_is_known_is_shown(self) -> None:
        assert Everything(formdata=None, data={"name": "Elin"}).name.shown == "Elin"
        assert Everything(formdata=None).name.data == ""


class TestPassword:
    def test_it_is_taken_as_typed_and_not_shown(self) -> None:
        field = posted(password="  two spaces  ").password
        assert (field.data, field.shown) == ("  two spaces  ", "")

    def test_a_very_long_one_is_refused(self) -> None:
        assert posted(password="x" * 129).password.errors


class TestDay:
    def test_a_day(self) -> None:
        assert day("21", "8", "2025").day.data == date(2025, 8, 21)

    def test_nothing_is_no_day(self) -> None:
        assert posted().day.data is None
        assert not posted().day.errors

    def test_an_empty_one_is_asked_for(self) -> None:
        class Asking(forms.PartForm):
            on = forms.DayField("Dag", required="Ange datum")

        form = Asking(formdata=MultiDict())
        assert not form.validate()
        assert form.on.errors == ["Ange datum"]

    @pytest.mark.parametrize(
        ("parts", "message", "focus"),
        [
            (("31", "4", "2026"), "Dagen finns inte i kalendern, skriv till exempel 21 8 2026", "day-day"),
            (("29", "2", "2026"), "Dagen finns inte i kalendern, skriv till exempel 21 8 2026", "day-day"),
            (("21", "13", "2026"), "Dagen finns inte i kalendern, skriv till exempel 21 8 2026", "day-month"),
            (("21", "ma", "2026"), "Dagen finns inte i kalendern, skriv till exempel 21 8 2026", "day-month"),
            (("²1", "8", "2026"), "Dagen finns inte i kalendern, skriv till exempel 21 8 2026", "day-day"),
            (("21", "8", "9" * 9000), "Dagen finns inte i kalendern, skriv till exempel 21 8 2026", "day-year"),
            (("21", "8", "26"), "Skriv året med fyra siffror, till exempel 2026", "day-year"),
            (("21", "", "2026"), "Fyll i månad, till exempel 21 8 2026", "day-month"),
            (("", "", "2026"), "Fyll i dag och månad, till exempel 21 8 2026", "day-day"),
            (("21", "8\x00", "2026"), forms.form.UNSEEN_CHARACTERS, "day-month"),
        ],
    )
    def test_what_is_no_day_leads_to_the_part_that_is_wrong(
        self, parts: tuple[str, str, str], message: str, focus: str
    ) -> None:
        field = day(*parts).day
        assert (field.errors, field.focus_id, field.data) == ([message], focus, None)
        assert tuple(map(field.part_shown, field.PARTS)) == parts

    def test_not_tomorrow(self, set_clock: Clock) -> None:
        set_clock(NOON)
        assert day("25", "8", "2026").day.data == date(2026, 8, 25)
        assert day("26", "8", "2026").day.errors == ["Dagen ligger i framtiden. Skriv senast 25 augusti 2026."]

    def test_within_limits(self) -> None:
        class Limited(forms.PartForm):
            on = forms.DayField(
                earliest=date(2026, 6, 1), latest=lambda: date(2026, 6, 30), name_in_errors="Sista dagen"
            )

        def errors(number: str, month: str) -> Any:
            form = Limited(formdata=MultiDict({"on-day": number, "on-month": month, "on-year": "2026"}))
            form.validate()
            return form.on.errors

        assert errors("15", "juni") == []
        assert errors("31", "5") == ["Sista dagen är för tidig. Skriv tidigast 1 juni 2026."]
        assert errors("1", "7") == ["Sista dagen är för sen. Skriv senast 30 juni 2026."]

    def test_what_is_known_is_shown(self) -> None:
        field = Everything(formdata=None, data={"day": date(2026, 8, 1)}).day
        assert [field.part_shown(part) for part in field.PARTS] == ["1", "8", "2026"]


class TestMoment:
    def moment(self, *typed: str) -> forms.MomentField:
        return posted(
            *((f"moment-{part}", text) for part, text in zip(forms.MomentField.PARTS, typed, strict=True))
        ).moment

    def test_it_is_a_swedish_time(self) -> None:
        assert self.moment("21", "8", "2025", "10.20").data == datetime(2025, 8, 21, 8, 20, tzinfo=UTC)

    def test_a_missing_time_is_asked_for(self) -> None:
        field = self.moment("21", "8", "2025", "")
        assert (field.errors, field.focus_id) == (["Fyll i klockslag, till exempel 10.20"], "moment-clock")

    def test_a_bad_time(self) -> None:
        assert self.moment("21", "8", "2025", "25.00").errors == ["Skriv klockslaget som 10.20"]

    def test_not_later_today(self, set_clock: Clock) -> None:
        set_clock(NOON)
        assert self.moment("25", "8", "2026", "12.01").errors == [
            "Klockslaget har inte varit ännu. Skriv senast 12.00."
        ]

    def test_what_is_known_is_shown(self) -> None:
        field = Everything(formdata=None, data={"moment": NOON}).moment
        assert [field.part_shown(part) for part in field.PARTS] == ["25", "8", "2026", "12.00"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("10.20", time(10, 20)), ("9:05", time(9, 5)), ("1020", time(10, 20)), ("9", time(9)), ("23.59", time(23, 59))],
)
def test_a_clock_time(typed: str, read: time) -> None:
    assert posted(hour=typed).hour.data == read


@pytest.mark.parametrize("typed", ["24.00", "10.60", "tio", "10.2", "\u0661\u0660", "-1", "10.20.30"])
def test_no_clock_time(typed: str) -> None:
    assert posted(hour=typed).hour.errors == ["Skriv klockslaget som 10.20"]


@pytest.mark.parametrize(
    ("typed", "read", "errors"),
    [
        ("412", 412, []),
        ("0 412", 412, []),
        ("", None, []),
        ("-3", None, ["Skriv 1 eller mer"]),
        ("0", None, ["Skriv 1 eller mer"]),
        ("501", None, ["Talet är för stort. Skriv högst 500."]),
        ("9" * 9000, None, ["Talet är för stort. Skriv högst 500."]),
        ("1,5", None, ["Skriv ett heltal med siffror, till exempel 12"]),
        ("²", None, ["Skriv ett heltal med siffror, till exempel 12"]),
        ("tolv", None, ["Skriv ett heltal med siffror, till exempel 12"]),
    ],
)
def test_a_number(typed: str, read: int | None, errors: list[str]) -> None:
    field = posted(count=typed).count
    assert (field.data, field.errors, field.shown) == (read, errors, typed)


@pytest.mark.parametrize("bad", ["a", "a@b", "a b@c.se", "a@c.se,b@c.se", "<a@c.se>", "a@@c.se", "a@c.se\nBcc: x@c.se"])
def test_no_address(bad: str) -> None:
    assert posted(email=bad).email.errors


def test_an_address() -> None:
    assert posted(email="karin.lovdahl@strandang.example").email.data == "karin.lovdahl@strandang.example"


@pytest.mark.parametrize(
    ("typed", "read"), [("08\u2013465 004 21", "08-465 004 21"), ("+46 8 465", "+46 8 465"), ("112", "112")]
)
def test_a_telephone_number(typed: str, read: str) -> None:
    assert posted(phone=typed).phone.data == read


@pytest.mark.parametrize("bad", ["ring mig", "08", "08-x", "++46 123"])
def test_no_telephone_number(bad: str) -> None:
    assert posted(phone=bad).phone.errors == ["Skriv ett telefonnummer med siffror, till exempel 08-465 004 21"]


class TestChoice:
    def test_it_gives_the_value_itself(self) -> None:
        form = posted(where="abroad")
        assert form.where.data is Whereabouts.ABROAD
        assert [option.key for option in form.where.options if option.is_chosen] == ["abroad"]

    def test_what_is_no_option(self) -> None:
        form = posted(where="mars")
        assert (form.where.data, form.where.errors) == (None, ["Välj ett av alternativen"])

    def test_the_first_option_has_the_fields_id(self) -> None:
        form = posted()
        assert [option.id for option in form.where.options] == ["where", "where-1", "where-2"]
        assert form.where.focus_id == "where"

    def test_options_may_come_later(self) -> None:
        form = Everything(formdata=MultiDict({"unit": str(UUID(int=1))}))
        form.unit.choices = [(UUID(int=1), "Strandängsskolan")]
        form.validate()
        assert (form.unit.data, form.unit.errors) == (UUID(int=1), [])

    def test_a_hint_for_an_option(self) -> None:
        class Hinting(forms.PartForm):
            where = forms.ChoiceField("Var", lambda: [("a", "A", "Förklaring")])

        assert Hinting().where.options[0].hint == "Förklaring"

    def test_what_is_known_is_shown(self) -> None:
        form = Everything(formdata=None, data={"where": Whereabouts.SWEDEN})
        assert form.where.options[0].is_chosen


class TestChoices:
    def test_several_in_the_order_of_the_page(self) -> None:
        assert posted(("seen", "abroad"), ("seen", "sweden")).seen.data == (Whereabouts.SWEDEN, Whereabouts.ABROAD)

    def test_an_exclusive_one_stands_alone(self) -> None:
        form = posted(("seen", "abroad"), ("seen", "dont_know"))
        assert form.seen.errors == ["Välj antingen ”Vet inte” eller de andra alternativen"]
        assert [option.is_chosen for option in form.seen.options] == [False, True, True]

    def test_what_is_no_option(self) -> None:
        assert posted(("seen", "abroad"), ("seen", "x")).seen.errors == ["Välj bland alternativen"]

    def test_what_is_known_is_shown(self) -> None:
        form = Everything(formdata=None, data={"seen": [Whereabouts.ABROAD]})
        assert [option.is_chosen for option in form.seen.options] == [False, True, False]


class TestCheck:
    def test_ticked_or_not(self) -> None:
        assert posted(declared="ja").declared.data is True
        assert posted().declared.data is False


class TestFile:
    def upload(self, name: str, content: bytes) -> forms.FileField:
        return posted(roster=FileStorage(BytesIO(content), name)).roster

    def test_a_file(self) -> None:
        field = self.upload("Klass.CSV", b"a;b")
        assert field.data is not None
        assert field.data.read() == b"a;b"

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("x.exe", b"a", "Välj en fil av typen .csv"),
            ("x.csv", b"", "Filen är tom. Välj en annan fil."),
            ("x.csv", b"a" * 1_000_001, "Filen är för stor. Den får vara högst 1 MB."),
        ],
    )
    def test_no_good_file(self, name: str, content: bytes, message: str) -> None:
        assert self.upload(name, content).errors == [message]

    def test_the_kinds_of_file_are_a_list(self) -> None:
        field = posted().roster
        field.extensions = (".csv", ".txt", ".xlsx")
        field.process(MultiDict({"roster": FileStorage(BytesIO(b"a"), "x.pdf")}))
        assert list(field.process_errors) == ["Välj en fil av typen .csv, .txt eller .xlsx"]

    def test_a_text_is_no_file(self) -> None:
        assert posted(roster="x.csv").roster.data is None


def test_a_version_is_a_small_number() -> None:
    assert posted(version="7").version.data == 7
    assert posted(version="-7").version.errors == ["Sidan var för gammal. Ladda om den och försök igen."]


class TestRows:
    def test_strange_row_numbers_are_ignored_and_rows_limited(self) -> None:
        pairs = [(f"contacts-{row}-whom", "Mentor") for row in ("0", "7", "²", "9" * 5000, "-1", "8", "9")]
        assert [row.form.whom.data for row in posted(*pairs).contacts] == ["Mentor"] * 3

    def test_an_error_in_a_row_is_listed_with_its_control(self) -> None:
        form = posted(("name", "Elin"), ("contacts-0-on-day", "x"))
        assert [(error.text, error.target) for error in forms.list_errors(form)] == [
            ("Fyll i månad och år, till exempel 21 8 2026", "contacts-0-on-month"),
            ("Skriv vem ni talade med", "contacts-0-whom"),
        ]


class TestForm:
    def test_errors_of_no_field_come_last(self) -> None:
        form = posted()
        form.form_errors.append("Eleven finns redan på listan")
        assert [error.target for error in forms.list_errors(form)] == ["name", None]

    def test_what_other_answers_make_necessary(self) -> None:
        form = posted(name="Elin")
        assert not form.need(form.phone, "Skriv numret")
        assert form.phone.errors == ["Skriv numret"]
        assert form.need(form.name, "Skriv namnet")

    def test_a_number_of_nought_is_an_answer(self) -> None:
        class Counting(forms.PartForm):
            count = forms.IntegerField("Antal", required="Skriv hur många")

        assert Counting(formdata=MultiDict({"count": "0"})).validate()

    def test_it_reads_a_post_and_never_json(self) -> None:
        app = Flask(__name__)
        app.config.update(WTF_CSRF_ENABLED=False, SECRET_KEY="x")
        with app.test_request_context(method="POST", data={"name": "Elin"}):
            assert Everything().validate_on_submit()
        with app.test_request_context(method="POST", json=["not", "a", "form"]):
            form = Everything()
            assert not form.validate_on_submit()
            assert form.name.errors == ["Skriv elevens namn"]

    def test_a_filter_reads_the_address(self) -> None:
        class Filter(forms.QueryForm):
            q = forms.TextField("Sök")

        app = Flask(__name__)
        app.config["SECRET_KEY"] = "x"
        with app.test_request_context("/?q=K-2026-014"):
            form = Filter()
            assert form.validate()
            assert form.q.data == "K-2026-014"
