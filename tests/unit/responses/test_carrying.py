"""Who is asked about again, and what has changed since the last answer."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.types import CaseState
from app.responses.types import (
    ANSWERS_OF,
    CarriedAnswer,
    CarriedFrom,
    Evidence,
    Explanation,
    LeaveAnswers,
    LeaveStatus,
    Place,
    Source,
    count_since_last,
    is_explained_for_good,
    is_missing_still,
    is_worried_about_still,
)
from tests.factories.responses import complete_answers, confirmed_change_of_school, whereabouts

ASKED_AT = datetime(2027, 1, 11, 7, tzinfo=UTC)
BEFORE, AFTER = ASKED_AT - timedelta(days=30), ASKED_AT + timedelta(days=2)

rows = st.lists(
    st.tuples(st.uuids(), st.sampled_from(CarriedFrom), st.none() | st.sampled_from(CarriedAnswer)),
    unique_by=lambda row: row[0],
    max_size=8,
)


@given(rows, st.lists(st.uuids(), max_size=4, unique=True))
def test_nobody_is_both_back_and_new(
    carried: list[tuple[UUID, CarriedFrom, CarriedAnswer | None]], others: list[UUID]
) -> None:
    still = [entry for entry, _, answer in carried if answer is not None and answer.is_missing]
    since = count_since_last(carried, [*still, *others])
    missing_before = {entry for entry, origin, _ in carried if origin is CarriedFrom.MISSING}
    assert since.back <= len(missing_before)
    assert since.new == len({*still, *others} - missing_before)


@pytest.mark.parametrize("origin", CarriedFrom)
def test_every_question_can_be_answered_with_back_and_with_away(origin: CarriedFrom) -> None:
    assert {CarriedAnswer.BACK, CarriedAnswer.STILL_AWAY} <= set(ANSWERS_OF[origin])


class TestMissingStill:
    @pytest.mark.parametrize(
        ("is_reported_back", "case_state", "is_over", "asked"),
        [
            (False, None, False, True),
            (False, None, True, False),
            (True, None, False, False),
            (False, CaseState.CLOSED, True, False),
            (False, CaseState.CLOSED, False, True),
            (True, CaseState.CLOSED, False, False),
            (False, CaseState.INVESTIGATING, False, True),
            (True, CaseState.RETURNING, False, False),
            (True, CaseState.INVESTIGATING, False, True),
            (False, CaseState.RETURNING, True, False),
        ],
    )
    def test_what_ends_it(
        self, is_reported_back: bool, case_state: CaseState | None, is_over: bool, asked: bool
    ) -> None:
        assert asked is is_missing_still(is_reported_back=is_reported_back, case_state=case_state, is_over=is_over)


class TestWorriedAboutStill:
    def test_a_worry_after_the_break_waits_for_the_next(self) -> None:
        assert not _asked(worried_at=AFTER)
        assert _asked(worried_at=BEFORE)

    @pytest.mark.parametrize("answer", [CarriedAnswer.BACK, CarriedAnswer.STILL_AWAY])
    def test_an_answer_ends_it_for_this_break(self, answer: CarriedAnswer) -> None:
        assert not _asked(answered=(answer, AFTER), case_state=CaseState.INVESTIGATING)

    def test_not_knowing_ends_nothing(self) -> None:
        assert _asked(answered=(CarriedAnswer.UNKNOWN, AFTER), case_state=CaseState.CLOSED)

    def test_the_next_break_is_asked_about_while_the_case_is_open(self) -> None:
        back = (CarriedAnswer.BACK, BEFORE)
        assert _asked(answered=back, case_state=CaseState.WAITING)
        assert not _asked(answered=back, case_state=CaseState.CLOSED)


def _asked(
    *,
    worried_at: datetime = BEFORE,
    answered: tuple[CarriedAnswer, datetime] | None = None,
    case_state: CaseState | None = None,
) -> bool:
    return is_worried_about_still(
        worried_at=worried_at, term_asked_at=ASKED_AT, answered=answered, case_state=case_state
    )


class TestExplainedForGood:
    def test_another_school_explains_for_good(self) -> None:
        answers = complete_answers(whereabouts=confirmed_change_of_school())
        assert is_explained_for_good(answers, on=date(2026, 9, 20))

    def test_leave_explains_only_while_it_lasts(self) -> None:
        told = whereabouts(
            place=Place.SWEDEN,
            explanation=Explanation.LEAVE_GRANTED,
            source=Source.SCHOOL_OR_AUTHORITY,
            evidence=(Evidence.DECISION,),
        )
        leave = LeaveAnswers(LeaveStatus.GRANTED, date(2026, 12, 1))
        assert not is_explained_for_good(complete_answers(whereabouts=told, leave=leave), on=date(2026, 9, 20))

    def test_a_word_explains_nothing(self) -> None:
        assert not is_explained_for_good(complete_answers(), on=date(2026, 9, 20))
