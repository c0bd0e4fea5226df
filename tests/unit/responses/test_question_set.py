"""Whatever a municipality decides about the questions, what is needed is asked and what was answered is shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.responses.forms.question_set import FORMS, apply, list_singles
from app.responses.pages.summary import answer_in_words
from app.responses.types import (
    QUESTIONS,
    STANDARD,
    AdoptQuestions,
    Evidence,
    Explanation,
    PupilAnswers,
    PupilPage,
    QuestionSet,
    Sign,
)
from app.responses.types.question_set import ALWAYS_OFFERED, LISTS, OPTIONAL_FIELDS, OPTIONAL_PAGES, list_retirable
from app.responses.types.questions import ALL_PAGES
from app.web.forms.keeping import controls_of
from tests.unit.responses.strategies import any_answers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=10,
)
LISTED = sorted({kind for kinds in LISTS.values() for kind in kinds}, key=lambda kind: kind.__name__)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "pages_off": st.lists(st.sampled_from([page.value for page in ALL_PAGES])) | JSON,
        "fields_off": st.lists(
            st.sampled_from([f"{page.value}.{name}" for page, names in OPTIONAL_FIELDS.items() for name in names])
            | st.just("identity.is_protected")
        )
        | JSON,
        "hints": st.dictionaries(st.sampled_from(["leave.status", "urgent.signs"]), st.text()) | JSON,
        "retired": st.fixed_dictionaries(
            {},
            optional={kind.__name__: st.lists(st.sampled_from([member.value for member in kind])) for kind in LISTED},
        )
        | JSON,
    },
)


@given(settings=SETTINGS | JSON)
def test_whatever_is_stored_what_is_needed_is_asked(settings: object) -> None:
    question_set = QuestionSet.from_dict(settings)
    for questions in QUESTIONS.values():
        asked = question_set.narrow(questions)
        assert set(asked.required) == set(questions.required) <= set(asked.pages)
        assert [page for page in questions.pages if page in asked.pages] == list(asked.pages)
    assert not any(value in ALWAYS_OFFERED for values in question_set.retired.values() for value in values), (
        "not knowing can always be answered"
    )


@given(settings=SETTINGS | JSON)
def test_what_is_stored_is_what_is_read(settings: object) -> None:
    question_set = QuestionSet.from_dict(settings)
    assert QuestionSet.from_dict(question_set.to_dict()) == question_set


@given(settings=SETTINGS, answers=any_answers)
def test_an_old_answer_still_shows(settings: object, answers: PupilAnswers) -> None:
    question_set = QuestionSet.from_dict(settings)
    assert PupilAnswers.from_dict(answers.to_dict()) == answers
    for questions in QUESTIONS.values():
        if answers.is_complete(questions):
            assert answers.is_complete(question_set.narrow(questions)), "what was complete stays so"
    for page in answers.answered:
        values = answers.page(page)
        assert answer_in_words(answers, page)
        form = FORMS[page](formdata=None, data=FORMS[page].data_of(values))  # type: ignore[attr-defined]
        before = {field.name: controls_of(field) for field in form}
        apply(form, page, question_set)
        assert {field.name: controls_of(field) for field in form} == before, "what was chosen stays chosen"


def test_which_pages_may_be_left_out() -> None:
    assert {page.value for page in OPTIONAL_PAGES} == {"leave", "contacts", "siblings", "own_words", "said", "travel"}


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in OPTIONAL_FIELDS.items() for name in names])
def test_a_question_that_may_be_left_out_is_there_and_not_required(page: PupilPage, name: str) -> None:
    field: Any = FORMS[page](formdata=None)[name]
    assert not field.required
    assert name in {single.name for single in list_singles(page)}


def test_every_page_has_a_form() -> None:
    assert set(FORMS) == set(ALL_PAGES)


class TestChanging:
    def _change(self, before: QuestionSet = STANDARD, **values: Any) -> QuestionSet:
        settled = {
            "page": PupilPage.LEAVE,
            "is_asked": True,
            "fields_off": frozenset[str](),
            "hints": {},
            "retired": {},
            "number": 0,
        }
        return AdoptQuestions(**{**settled, **values}).change(before)

    def test_a_page_off_and_on_again(self) -> None:
        off = self._change(is_asked=False)
        assert off.pages_off == {PupilPage.LEAVE}
        assert self._change(off) == STANDARD

    def test_other_pages_stay_as_they_are(self) -> None:
        before = self._change(hints={"status": "Titta i systemet."}, fields_off=frozenset({"expected_return_on"}))
        after = self._change(before, page=PupilPage.OWN_WORDS, is_asked=False)
        assert after.hints == {"leave.status": "Titta i systemet."}
        assert not after.asks_field(PupilPage.LEAVE, "expected_return_on")

    def test_a_required_page_is_asked_all_the_same(self) -> None:
        assert self._change(page=PupilPage.CONCERN, is_asked=False) == STANDARD

    def test_an_option_retired_and_brought_back(self) -> None:
        retired = self._change(page=PupilPage.CONCERN, retired={"Sign": frozenset({"watched", "other"})})
        assert not retired.offers(Sign.WATCHED)
        assert retired.offers(Sign.OTHER), "something else can always be said"
        assert self._change(retired, page=PupilPage.CONCERN, retired={"Sign": frozenset()}) == STANDARD

    def test_what_may_be_retired_is_not_what_somebody_needs(self) -> None:
        assert Evidence.UNKNOWN not in list_retirable(Evidence)
        assert Explanation.SICK in list_retirable(Explanation)
