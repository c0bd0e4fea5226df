"""Two people's answers beside each other, and the one form that is made of them."""

from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import FormField

from app.web import forms
from app.web.forms.choosing import resolve
from app.web.forms.differences import Comparison
from app.web.forms.keeping import controls_of, saved_copy


class Row(forms.PartForm):
    """A part that repeats."""

    what = forms.TextField("Vad")
    on = forms.DayField("När")


class Sample(forms.Form):
    """Fields of every kind that two can disagree about."""

    name = forms.TextField("Namn")
    place = forms.ChoiceField("Plats", [("a", "Här"), ("b", "Där")])
    seen = forms.ChoicesField("Sett", [("x", "Biljett"), ("y", "Intyg")])
    on = forms.DayField("Dag")
    declared = forms.CheckField("Intygat")
    rows = forms.RowsField(FormField(Row), max_entries=3)
    version = forms.VersionField()


SAVED = {"name": "Ida", "place": "a", "seen": ("x",), "on": date(2026, 8, 21), "declared": True, "version": 4}


def typed(**values: object) -> Sample:
    """Return the form as somebody has filled it in over what is saved."""
    posted = {"name": "Ida", "place": "a", "seen": "x", "on-day": "21", "on-month": "8", "on-year": "2026"}
    data = {**posted, "declared": "1", "version": "3", **values}
    return Sample(formdata=MultiDict({name: value for name, value in data.items() if value is not None}), data=SAVED)


def said(form: Sample) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {each.label: (each.mine, each.saved) for each in Comparison(form).differences}


def test_the_same_answer_is_no_difference() -> None:
    assert said(typed()) == {}


def test_each_kind_of_answer_in_words() -> None:
    form = typed(
        name="Ida Ek",
        place="b",
        seen="y",
        **{"on-day": "22", "on-month": "aug", "declared": None, "rows-0-what": "Sa det", "rows-0-on-day": "1"},
    )
    assert said(form) == {
        "Namn": (("Ida Ek",), ("Ida",)),
        "Plats": (("Där",), ("Här",)),
        "Sett": (("Intyg",), ("Biljett",)),
        "Dag": (("22 aug 2026",), ("21 augusti 2026",)),
        "Intygat": (("Nej",), ("Ja",)),
        "Raderna": (("1. Vad Sa det. När 1",), ()),
    }


def test_the_page_carries_both_and_the_version_that_is_saved() -> None:
    carried = list(Comparison(typed(name="Ida Ek")).carried)
    assert ("name", "Ida Ek") in carried
    assert ("saved-name", "Ida") in carried
    assert ("version", "4") in carried


def test_each_question_is_settled_by_itself() -> None:
    comparison = Comparison(typed(name="Ida Ek", **{"on-day": "22", "declared": None}))
    posted = MultiDict([*comparison.carried, ("resolving", "1"), ("choose-on", "saved"), ("choose-declared", "saved")])
    posted.add("choose-name", "mine")
    form = Sample(formdata=resolve(posted), data=SAVED)
    assert form.validate()
    assert (form.name.data, form.on.data, form.declared.data) == ("Ida Ek", date(2026, 8, 21), True)
    assert form.version.data == 4


def test_a_form_that_settles_nothing_is_left_alone() -> None:
    posted = MultiDict({"name": "x", "saved-name": "y"})
    assert resolve(posted) is posted


def test_what_is_saved_stands_apart_from_what_is_typed() -> None:
    form = typed(name="Ida Ek")
    assert controls_of(saved_copy(form)["name"]) == [("name", "Ida")]
    assert form.saved_digest == typed().saved_digest


def test_what_is_left_out_keeps_its_answer() -> None:
    form = typed(name=None)
    form.name.leave_out()
    assert form.name.data == "Ida"
    assert said(form) == {}
