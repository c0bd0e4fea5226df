"""What the forms understand, refuse, and say."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.kernel.identity_number import IdentityKind
from app.responses.forms.absence import LeaveForm, WhereaboutsForm
from app.responses.forms.concern import ConcernForm
from app.responses.forms.family import ContactsForm, SiblingsForm
from app.responses.forms.figures import PROTECTED_MISSING_REQUIRED, SaveFiguresForm, SubmitNilReturnForm
from app.responses.forms.identity import IdentityForm
from app.responses.forms.question_set import FORMS
from app.responses.forms.sending import SubmitResponseForm
from app.responses.forms.urgent import SaveCallsForm, UrgentForm
from app.responses.forms.worry import ObservedForm, SaidForm, TravelForm
from app.responses.pages.summary import answer_in_words
from app.responses.types import (
    AnyYesNo,
    CallAnswers,
    Concern,
    ContactAttempt,
    ContactWay,
    Evidence,
    LastSeenAnswers,
    LeaveStatus,
    PupilAnswers,
    PupilPage,
    SiblingsAnswers,
    UrgentAnswers,
    UrgentSign,
)
from app.responses.types.page_answers import ANSWERS_OF_PAGE
from app.web.forms import PartsField, RowsField, list_errors
from tests.factories.responses import complete_answers
from tests.unit.responses.strategies import any_answers

NOW = datetime(2026, 8, 25, 8, 20, tzinfo=UTC)
"""10.20 in Sweden."""

BAD = [
    "=HYPERLINK(1)",
    "x" * 100_000,
    "a\x00b",
    "\u202etxt",
    "-1",
    "31",
    "2026-13-45",
    "9" * 400,
    "<script>",
    "' OR 1=1 --",
    "\ud800",
    "",
    " ",
    "unknown",
    "none",
]
anything = st.sampled_from(BAD) | st.text(max_size=30)


@pytest.fixture(autouse=True)
def on_tuesday(set_clock: Any) -> None:
    """The forms know what day it is."""
    set_clock(NOW)


@pytest.fixture(scope="module", autouse=True)
def outside_requests() -> Iterator[None]:
    """Rows look at the request for the button that was pressed."""
    app = Flask(__name__)
    app.secret_key = "unit"
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST"):
        yield


def made(form_class: type[Any], values: dict[str, Any], **options: Any) -> Any:
    """Return a form as it was posted, offered what a view would offer."""
    posted = MultiDict(
        [
            (name, str(each))
            for name, value in values.items()
            for each in (value if isinstance(value, list) else [value])
        ]
    )
    form = form_class(formdata=posted, **options)
    if isinstance(form, IdentityForm):
        form.offer([("0199", "Älvhaga kommun"), ("0180", "Stockholm")])
    return form


def errors(form: Any) -> list[str]:
    """Return what the form says is wrong."""
    assert not form.validate()
    return [error.text for error in list_errors(form)]


def names_of(form: Any) -> list[str]:
    """Return the names under which a form takes answers: parts of days, and two rows where there can be many."""
    names: list[str] = []
    for field in form:
        if isinstance(field, RowsField):
            names += [name for _ in range(2) for name in names_of(field.append_entry().form)]
        elif isinstance(field, PartsField):
            names += [field.part_name(part) for part in field.PARTS]
        else:
            names.append(field.name)
    return names


IDENTITY = {
    "is_protected": "no",
    "name": "Elin Sandhage",
    "kind": "personal",
    "personal": "150412-2381",
    "school_form": "compulsory",
    "home_municipality": "0199",
}


class TestIdentityForm:
    def test_a_number_however_it_is_written(self) -> None:
        for number in ("150412-2381", "20150412-2381", "201504122381", "2015 04 12 2381", "20150412–2381"):
            form = made(IdentityForm, IDENTITY | {"personal": number})
            assert form.validate(), list_errors(form)
            answers = form.to_values(None)
            assert (answers.kind, answers.number) == (IdentityKind.PERSONAL, "201504122381")
            assert answers.birth_date == date(2015, 4, 12)
            assert answers.home_municipality_code == "0199"

    @pytest.mark.parametrize(
        ("kind", "number", "kept"),
        [("coordination", "20150472-2385", None), ("temporary", "20150412-tf01", "20150412TF01"), ("none", "", None)],
    )
    def test_the_other_kinds(self, kind: str, number: str, kept: str | None) -> None:
        form = made(IdentityForm, IDENTITY | {"kind": kind, kind: number, "personal": ""})
        if kind == "coordination":
            assert errors(form) == ["Sista siffran stämmer inte med de andra. Kontrollera numret siffra för siffra."]
            return
        assert form.validate(), list_errors(form)
        assert form.to_values(None).number == kept

    @pytest.mark.parametrize(
        ("number", "message"),
        [
            ("20150412-2382", "Sista siffran stämmer inte med de andra. Kontrollera numret siffra för siffra."),
            ("20150431-2381", "Numret börjar med en dag som inte finns eller som inte har varit."),
            ("2015", "Skriv numret med tolv siffror, till exempel 20121212-1212."),
            ("", "Skriv elevens personnummer."),
            ("19121212-1212", "Numret gäller någon som är född 1912. Kontrollera att det är elevens."),
        ],
    )
    def test_a_number_that_cannot_be(self, number: str, message: str) -> None:
        (said,) = errors(made(IdentityForm, IDENTITY | {"personal": number}))
        assert said.startswith(message)

    def test_a_coordination_number_in_the_wrong_place(self) -> None:
        from app.kernel.identity_number import check_digit  # noqa: PLC0415

        number = f"201504722{38}{check_digit('150472238')}"
        (said,) = errors(made(IdentityForm, IDENTITY | {"personal": number}))
        assert said == "Det här är ett samordningsnummer. Välj ”Samordningsnummer” i stället."

    @pytest.mark.parametrize("answer", ["yes", "unknown"])
    def test_protection_needs_nothing_else(self, answer: str) -> None:
        form = made(IdentityForm, {"is_protected": answer, "name": "x" * 500, "personal": "not a number"})
        assert form.validate()
        assert form.stops

    def test_nothing_answered(self) -> None:
        assert errors(made(IdentityForm, {})) == [
            "Välj om eleven har skyddade personuppgifter, eller ”Vet inte”.",
            "Välj vilket nummer eleven har, eller ”Inget nummer, eller okänt”.",
            "Skriv elevens namn.",
            "Välj skolform, eller ”Vet inte”.",
            "Välj hemkommun, eller ”Vet inte”.",
        ]

    def test_a_municipality_nobody_offered(self) -> None:
        assert errors(made(IdentityForm, IDENTITY | {"home_municipality": "9999"})) == ["Välj ett av alternativen"]


class TestUrgentForm:
    def test_nothing_urgent_stands_alone(self) -> None:
        (said,) = errors(made(UrgentForm, {"signs": ["none", "danger_now"]}))
        assert said == "Välj antingen ”Nej, inget av detta” eller de andra alternativen"

    @pytest.mark.parametrize(
        ("posted", "kept"),
        [
            (["none"], UrgentAnswers()),
            (["unknown"], UrgentAnswers(is_unknown=True)),
            (["asked_for_help", "danger_now"], UrgentAnswers((UrgentSign.DANGER_NOW, UrgentSign.ASKED_FOR_HELP))),
        ],
    )
    def test_answers(self, posted: list[str], kept: UrgentAnswers) -> None:
        form = made(UrgentForm, {"signs": posted})
        assert form.validate()
        assert form.to_values(None) == kept

    def test_who_was_phoned_stays(self) -> None:
        form = made(UrgentForm, {"signs": ["none"]})
        assert form.validate()
        before = UrgentAnswers((UrgentSign.DANGER_NOW,), calls=CallAnswers(called=("112",)))
        assert form.to_values(before).calls == before.calls


class _Number:
    def __init__(self, label: str, number: str, is_urgent: bool) -> None:
        self.label, self.number, self.is_urgent = label, number, is_urgent


class TestSaveCallsForm:
    def form(self, **values: Any) -> SaveCallsForm:
        form = made(SaveCallsForm, values)
        form.offer([_Number("Fara just nu", "112", True), _Number("Socialjouren", "08-465 004 10", False)])
        assert form.validate(), list_errors(form)
        return form  # type: ignore[no-any-return]

    def test_nothing_is_required(self) -> None:
        assert self.form().to_command().calls == CallAnswers()

    @pytest.mark.parametrize(
        ("clock_time", "at"),
        [
            ("10.20", datetime(2026, 8, 25, 8, 20, tzinfo=UTC)),
            ("10.21", datetime(2026, 8, 24, 8, 21, tzinfo=UTC)),
            ("", None),
        ],
    )
    def test_a_time_that_has_not_been_was_yesterdays(self, clock_time: str, at: datetime | None) -> None:
        calls = self.form(called=["112", "Socialjouren"], called_at=clock_time).to_command().calls
        assert calls == CallAnswers(called=("112", "Socialjouren"), called_at=at)

    def test_nobody_phoned_yet(self) -> None:
        assert self.form(called=["none"], called_at="10.20").to_command().calls == CallAnswers()


class TestFigures:
    FIGURES: ClassVar = {"enrolled": 412, "present": 405, "known_absence": 4, "protected_missing": 0}

    def test_too_few_is_no_fault_before_the_pupils_are_listed(self) -> None:
        form = made(SaveFiguresForm, self.FIGURES, listed=0)
        assert form.validate()
        assert form.to_command().enrolled == 412

    def test_too_many_is(self) -> None:
        (said,) = errors(made(SaveFiguresForm, self.FIGURES | {"protected_missing": 1}, listed=3))
        assert said.startswith("Det är 1 fler än de 412 inskrivna")

    def test_a_field_left_empty_is_not_taken_for_no_protected_pupil(self) -> None:
        assert errors(made(SaveFiguresForm, self.FIGURES | {"protected_missing": ""})) == [PROTECTED_MISSING_REQUIRED]

    def test_protected_pupils_are_part_of_the_known_absence(self) -> None:
        (said,) = errors(made(SaveFiguresForm, self.FIGURES | {"protected_known_absence": 5}))
        assert said == "Det kan inte vara fler än de 4 elever som har känd frånvaro."

    @pytest.mark.parametrize("wrong", ["-1", "många", "1,5", "10000", "9" * 400, "1\u202e2"])
    def test_what_is_no_number(self, wrong: str) -> None:
        form = made(SaveFiguresForm, self.FIGURES | {"present": wrong})
        assert len(errors(form)) == 1
        assert form.present.shown == wrong

    def test_a_nil_return_adds_up_or_is_none(self) -> None:
        signed = {"signed_name": "Karin Lövdahl", "declared": "ja"}
        assert made(SubmitNilReturnForm, self.FIGURES | {"present": 408} | signed).validate()
        (said,) = errors(made(SubmitNilReturnForm, self.FIGURES | signed))
        assert said.startswith("405 på plats och 4 med känd frånvaro blir 409, inte 412.")

    def test_a_forgotten_tick_does_not_hide_that_a_nil_return_adds_up_to_something_else(self) -> None:
        tick, total = sorted(errors(made(SubmitNilReturnForm, self.FIGURES | {"signed_name": "Karin"})), reverse=True)
        assert tick.startswith("Kryssa i att du intygar svaret.")
        assert total.startswith("405 på plats och 4 med känd frånvaro blir 409, inte 412.")

    def test_nothing_is_sent_unsigned(self) -> None:
        assert len(errors(made(SubmitResponseForm, {"signed_name": " "}))) == 2


class TestWhereaboutsForm:
    POSTED: ClassVar = {
        "place": "sweden",
        "explanation": "sick",
        "source": "guardian",
        "evidence": ["nothing"],
    }

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"place": "abroad"}, "Skriv land, eller ”vet inte”."),
            ({"explanation": "other"}, "Skriv vilken förklaring ni har fått."),
            ({"evidence": ["other"]}, "Skriv vad ni har sett."),
            ({"evidence": ["nothing", "decision"]}, "Välj antingen ”Inget, vi har bara hört det” eller de andra"),
            (
                {"said_on-day": "24", "said_on-month": "9", "said_on-year": "2026"},
                "Dagen för uppgiften ligger i framtiden. Skriv senast 25 augusti 2026.",
            ),
            ({"said_on-day": "31", "said_on-month": "6", "said_on-year": "2026"}, "Dagen finns inte i kalendern"),
            ({"source": "min moster"}, "Välj ett av alternativen"),
        ],
    )
    def test_refused(self, change: dict[str, Any], message: str) -> None:
        (said,) = errors(made(WhereaboutsForm, self.POSTED | change))
        assert said.startswith(message)

    def test_what_an_answer_above_made_beside_the_point_is_left_out(self) -> None:
        form = made(WhereaboutsForm, self.POSTED | {"country": "Syrien", "evidence_text": "Biljett"})
        assert form.validate()
        answers = form.to_values(None)
        assert (answers.country, answers.evidence_text, answers.evidence) == ("", "", (Evidence.NOTHING,))


class TestLeaveForm:
    def test_granted_leave_has_a_last_day(self) -> None:
        assert errors(made(LeaveForm, {"status": "granted"})) == ["Skriv den sista dagen som är beviljad."]
        form = made(
            LeaveForm,
            {"status": "granted", "granted_until-day": 1, "granted_until-month": "okt", "granted_until-year": 2026},
        )
        assert form.validate()
        assert form.to_values(None).granted_until == date(2026, 10, 1)

    def test_a_day_left_from_another_answer_does_not_count(self) -> None:
        form = made(
            LeaveForm,
            {"status": "refused", "granted_until-day": 1, "granted_until-month": 10, "granted_until-year": 2026},
        )
        assert form.validate()
        answers = form.to_values(None)
        assert (answers.status, answers.granted_until) == (LeaveStatus.REFUSED, None)


class TestRows:
    ROW: ClassVar = {"rows-0-on-day": 20, "rows-0-on-month": 8, "rows-0-on-year": 2026, "rows-0-way": "phone"}

    def test_blank_rows_do_not_count(self) -> None:
        form = made(ContactsForm, {"spoken_with_child": "no", "rows-3-with_whom": " "} | self.ROW)
        assert form.validate()
        assert form.to_values(None).attempts == (ContactAttempt(on=date(2026, 8, 20), way=ContactWay.PHONE),)

    def test_a_row_that_was_begun_must_be_enough(self) -> None:
        form = made(ContactsForm, {"spoken_with_child": "no", "rows-0-result": "Inget svar"})
        assert errors(form) == ["Skriv vilken dag det var. Ungefär räcker.", "Välj hur ni försökte."]

    def test_a_mistyped_day_is_not_a_blank_row(self) -> None:
        form = made(ContactsForm, {"spoken_with_child": "no", "rows-0-on-day": "sist"})
        assert errors(form)[0].startswith("Fyll i månad och år")

    def test_there_is_an_end_to_rows(self) -> None:
        posted = {f"rows-{row}-with_whom": "mamman" for row in range(500)}
        form = made(ContactsForm, {"spoken_with_child": "no"} | posted)
        assert len(form.rows.entries) == 20

    def test_described_siblings_exist(self) -> None:
        form = made(SiblingsForm, {"known": "unknown", "rows-0-name": "Omar"})
        assert form.validate()
        answers = form.to_values(None)
        assert (answers.known, answers.siblings[0].is_missing) == (AnyYesNo.YES, AnyYesNo.UNKNOWN)

    def test_an_observation_says_what_it_is(self) -> None:
        form = made(ConcernForm, {"concern": "none", "earlier_concern": "no", "rows-0-sign": "other"})
        assert errors(form) == ["Skriv vad någon har sett eller hört."]


class TestConcernForm:
    def test_no_concern_needs_no_report(self) -> None:
        assert made(ConcernForm, {"concern": "none", "earlier_concern": "unknown"}).validate()

    @pytest.mark.parametrize("concern", ["unclear", "suspected", "confirmed"])
    def test_whoever_is_worried_says_whether_it_was_reported(self, concern: str) -> None:
        posted = {"concern": concern, "earlier_concern": "no"}
        assert errors(made(ConcernForm, posted)) == ["Välj om orosanmälan är gjord."]
        assert errors(made(ConcernForm, posted | {"report": "not_made"})) == ["Skriv varför ingen anmälan är gjord."]
        form = made(ConcernForm, posted | {"report": "today"})
        assert form.validate()
        assert form.to_values(None).concern is Concern(concern)


class TestWorryForms:
    def test_a_quotation_has_somebody_who_heard_it(self) -> None:
        assert made(SaidForm, {}).validate()
        assert errors(made(SaidForm, {"quote": "Jag vill inte åka."})) == ["Skriv vem som hörde det, eller ”vet inte”."]
        form = made(SaidForm, {"quote": "Jag vill inte åka.", "said_to": "Klassläraren"})
        assert form.validate()
        assert form.to_values(None).quote == "Jag vill inte åka."

    def test_details_of_a_journey_that_is_not_known_are_left_out(self) -> None:
        form = made(TravelForm, {"known": "no", "where": "Ett land"})
        assert form.validate()
        assert form.to_values(None).where == ""

    def test_who_saw_a_sign_and_when_may_be_unknown(self) -> None:
        form = made(ObservedForm, {"rows-0-sign": "said_afraid_of_trip", "suspects": "unknown"})
        assert form.validate()
        told = PupilAnswers(observed=form.to_values(None))
        assert answer_in_words(told, PupilPage.OBSERVED) == (
            "Misstanke om att eleven ska föras bort: vet inte. Har sagt sig vara rädd för en resa."
        )
        assert made(ObservedForm, {"suspects": "yes"}).validate()


@pytest.mark.parametrize("page", PupilPage)
class TestEveryPage:
    @settings(max_examples=40, deadline=None)
    @given(answers=any_answers)
    def test_what_was_answered_is_shown_again(self, page: PupilPage, answers: Any) -> None:
        values = answers.page(page) or ANSWERS_OF_PAGE[page]()
        form = FORMS[page](formdata=None, data=FORMS[page].data_of(values))
        for field in form:
            str(getattr(field, "shown", ""))

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_whatever_is_posted_is_answered_in_swedish_and_kept(self, page: PupilPage, data: Any) -> None:
        names = names_of(made(FORMS[page], {}))
        posted = data.draw(st.dictionaries(st.sampled_from(names), anything, max_size=len(names)))
        form = made(FORMS[page], posted)
        if form.validate():
            if not getattr(form, "stops", False):
                values = form.to_values(None)
                complete_answers().with_page(page, values)
        else:
            assert all(error.text for error in list_errors(form))

    def test_a_valid_answer_comes_back_as_it_was(self, page: PupilPage) -> None:
        known = complete_answers(
            contacts=None, siblings=SiblingsAnswers(AnyYesNo.NO), last_seen=LastSeenAnswers()
        ).page(page)
        if known is None:
            return
        form = FORMS[page](formdata=None, data=FORMS[page].data_of(known))
        posted = MultiDict()
        for field in form:
            if hasattr(field, "PARTS"):
                posted.update({field.part_name(part): field.part_shown(part) for part in field.PARTS})
            elif hasattr(field, "chosen_keys"):
                posted.setlist(field.name, sorted(field.chosen_keys))
            elif hasattr(field, "shown"):
                posted[field.name] = field.shown
        again = made(FORMS[page], {name: posted.getlist(name) for name in posted})
        assert again.validate(), list_errors(again)
        assert again.to_values(known) == known
