"""What a school says about a pupil: kept and read back, judged, counted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from app.kernel.identity_number import IdentityKind
from app.responses.types import (
    PAGES,
    QUESTIONS,
    REQUIRED_PAGES,
    CallAnswers,
    Concern,
    ConcernAnswers,
    Evidence,
    Explanation,
    IdentityAnswers,
    LeaveAnswers,
    LeaveStatus,
    OwnWordsAnswers,
    Place,
    PupilAnswers,
    PupilPage,
    ResponseFigures,
    Source,
    UrgentAnswers,
    UrgentSign,
    is_explained_with_evidence,
)
from app.surveys.types import Asks
from tests.factories.responses import complete_answers, confirmed_change_of_school, identity, whereabouts
from tests.unit.responses.strategies import any_answers, any_json

TODAY = date(2026, 8, 25)
MISSING, WORRY = QUESTIONS[Asks.RETURN], QUESTIONS[Asks.WORRY]


class TestPupilAnswers:
    @given(any_answers)
    def test_what_is_kept_is_what_is_read_back(self, answers: PupilAnswers) -> None:
        assert PupilAnswers.from_dict(answers.to_dict()) == answers

    @given(any_json)
    def test_whatever_stands_there_can_be_read(self, plain: object) -> None:
        for kept in (plain, {page.value: plain for page in PAGES}):
            PupilAnswers.from_dict(kept).to_dict()

    def test_what_can_no_longer_be_understood_is_left_out(self) -> None:
        kept = complete_answers().to_dict()
        kept["whereabouts"]["place"] = "on_the_moon"
        kept["whereabouts"]["said_on"] = "den 31 juni"
        kept["concern"]["signs"] = [{"sign": "ran_away"}, "nonsense"]
        kept["horoscope"] = {"sign": "leo"}
        read = PupilAnswers.from_dict(kept)
        assert read.whereabouts is not None
        assert read.whereabouts.place is Place.UNKNOWN
        assert read.whereabouts.said_on is None
        assert read.whereabouts.source is Source.GUARDIAN
        assert read.concern is not None
        assert len(read.concern.signs) == 1

    def test_a_moment_without_a_time_zone_is_no_moment(self) -> None:
        at = datetime(2026, 8, 25, 8, 20, tzinfo=UTC)
        answers = PupilAnswers(urgent=UrgentAnswers(calls=CallAnswers(called=("112",), called_at=at)))
        kept = answers.to_dict()
        assert PupilAnswers.from_dict(kept) == answers
        kept["urgent"]["calls"]["called_at"] = "2026-08-25T08:20:00"
        read = PupilAnswers.from_dict(kept)
        assert read.urgent is not None
        assert read.urgent.calls == CallAnswers(called=("112",))

    def test_a_page_saved_empty_is_answered(self) -> None:
        answers = PupilAnswers(own_words=OwnWordsAnswers())
        assert PupilPage.OWN_WORDS not in PupilAnswers.from_dict(answers.to_dict()).unanswered(MISSING)

    def test_nothing_shows_itself(self) -> None:
        answers = complete_answers()
        assert "Elin" not in repr(answers)
        assert "Elin" not in repr(answers.identity)

    def test_a_page_takes_its_own_values_only(self) -> None:
        answers = PupilAnswers().with_page(PupilPage.OWN_WORDS, OwnWordsAnswers("Hörde det av en kamrat."))
        assert answers.page(PupilPage.OWN_WORDS) == OwnWordsAnswers("Hörde det av en kamrat.")
        with pytest.raises(TypeError):
            answers.with_page(PupilPage.URGENT, OwnWordsAnswers())

    def test_unanswered_pages_stand_in_their_order(self) -> None:
        assert PupilAnswers().unanswered(MISSING) == PAGES
        assert complete_answers().unanswered(MISSING) == (
            PupilPage.LEAVE,
            PupilPage.CONTACTS,
            PupilPage.SIBLINGS,
            PupilPage.OWN_WORDS,
        )

    @pytest.mark.parametrize("page", sorted(REQUIRED_PAGES))
    def test_a_required_page_stands_in_the_way_of_sending(self, page: PupilPage) -> None:
        answers = complete_answers(**{page.value: None})
        assert not answers.is_complete(MISSING)
        assert answers.missing_required(MISSING) == (page,)

    def test_an_identity_that_lost_its_number_is_still_an_identity(self) -> None:
        child = IdentityAnswers(kind=IdentityKind.PERSONAL, name="Elin Sandhage").to_child_identity()
        assert (child.kind, child.number) == (IdentityKind.NONE, None)
        child = identity().to_child_identity()
        assert (child.kind, child.number) == (IdentityKind.PERSONAL, "201504122381")


class TestWhatOpensACaseAtOnce:
    @pytest.mark.parametrize("sign", UrgentSign)
    def test_every_urgent_sign(self, sign: UrgentSign) -> None:
        answers = PupilAnswers(urgent=UrgentAnswers(signs=(sign,)))
        assert answers.is_urgent
        assert answers.opens_case_at_once

    @pytest.mark.parametrize(
        ("concern", "opens"),
        [(Concern.NONE, False), (Concern.UNCLEAR, False), (Concern.SUSPECTED, True), (Concern.CONFIRMED, True)],
    )
    def test_suspected_and_confirmed_concern(self, concern: Concern, opens: bool) -> None:
        assert PupilAnswers(concern=ConcernAnswers(concern=concern)).opens_case_at_once is opens

    def test_not_knowing_whether_it_is_urgent_is_not_urgent(self) -> None:
        assert not PupilAnswers(urgent=UrgentAnswers(is_unknown=True)).opens_case_at_once


class TestIsExplainedWithEvidence:
    def test_a_change_of_school_that_the_new_school_has_certified(self) -> None:
        assert is_explained_with_evidence(complete_answers(whereabouts=confirmed_change_of_school()), on=TODAY)

    @pytest.mark.parametrize("place", [Place.ABROAD, Place.CONFLICTING])
    def test_nobody_who_is_said_to_be_abroad(self, place: Place) -> None:
        told = whereabouts(
            place=place,
            explanation=Explanation.CHANGED_SCHOOL,
            source=Source.SCHOOL_OR_AUTHORITY,
            evidence=(Evidence.SCHOOL_CERTIFICATE, Evidence.DECISION),
        )
        assert not is_explained_with_evidence(complete_answers(whereabouts=told), on=TODAY)

    @pytest.mark.parametrize(
        "evidence", [(), (Evidence.NOTHING,), (Evidence.UNKNOWN,), (Evidence.TRAVEL_DOCUMENT,), (Evidence.OTHER,)]
    )
    def test_a_guardians_word_is_never_evidence(self, evidence: tuple[Evidence, ...]) -> None:
        told = whereabouts(
            place=Place.SWEDEN,
            explanation=Explanation.SICK,
            source=Source.GUARDIAN,
            evidence=evidence,
            evidence_text="Mamman visade ett sms",
        )
        assert not is_explained_with_evidence(complete_answers(whereabouts=told), on=TODAY)

    def test_something_else_counts_when_another_school_or_authority_showed_it(self) -> None:
        told = whereabouts(
            place=Place.SWEDEN,
            explanation=Explanation.SICK,
            source=Source.SCHOOL_OR_AUTHORITY,
            evidence=(Evidence.OTHER,),
            evidence_text="Sjukhusskolans klasslista",
        )
        assert is_explained_with_evidence(complete_answers(whereabouts=told), on=TODAY)

    @pytest.mark.parametrize(
        "explanation",
        [
            Explanation.NOT_ATTENDING,
            Explanation.DELAYED_RETURN,
            Explanation.MOVED_ABROAD,
            Explanation.LIVES_ABROAD_DECIDED,
            Explanation.LEFT_THE_COUNTRY,
            Explanation.OTHER,
            Explanation.NONE_GIVEN,
            Explanation.UNKNOWN,
        ],
    )
    def test_not_by_an_explanation_that_says_too_little(self, explanation: Explanation) -> None:
        told = whereabouts(place=Place.SWEDEN, explanation=explanation, evidence=(Evidence.DECISION,))
        assert not is_explained_with_evidence(complete_answers(whereabouts=told), on=TODAY)

    @pytest.mark.parametrize("concern", [Concern.UNCLEAR, Concern.SUSPECTED, Concern.CONFIRMED])
    def test_not_while_anybody_is_worried(self, concern: Concern) -> None:
        answers = complete_answers(whereabouts=confirmed_change_of_school(), concern=ConcernAnswers(concern=concern))
        assert not is_explained_with_evidence(answers, on=TODAY)

    def test_not_when_something_is_urgent(self) -> None:
        answers = complete_answers(
            whereabouts=confirmed_change_of_school(), urgent=UrgentAnswers(signs=(UrgentSign.ASKED_FOR_HELP,))
        )
        assert not is_explained_with_evidence(answers, on=TODAY)

    @pytest.mark.parametrize("page", ["whereabouts", "concern"])
    def test_not_while_it_is_unanswered(self, page: str) -> None:
        answers = complete_answers(**{"whereabouts": confirmed_change_of_school(), page: None})
        assert not is_explained_with_evidence(answers, on=TODAY)

    @pytest.mark.parametrize(
        ("leave", "explained"),
        [
            (None, False),
            (LeaveAnswers(LeaveStatus.REFUSED), False),
            (LeaveAnswers(LeaveStatus.GRANTED), False),
            (LeaveAnswers(LeaveStatus.GRANTED, date(2026, 8, 24)), False),
            (LeaveAnswers(LeaveStatus.GRANTED, date(2026, 8, 25)), True),
        ],
    )
    def test_leave_explains_while_it_lasts(self, leave: LeaveAnswers | None, explained: bool) -> None:
        told = whereabouts(place=Place.SWEDEN, explanation=Explanation.LEAVE_GRANTED, evidence=(Evidence.DECISION,))
        answers = complete_answers(whereabouts=told, leave=leave)
        assert is_explained_with_evidence(answers, on=TODAY) is explained

    def test_confirmed_by_an_authority_it_needs_no_place(self) -> None:
        told = whereabouts(
            place=Place.UNKNOWN,
            explanation=Explanation.PLACED,
            source=Source.SCHOOL_OR_AUTHORITY,
            evidence=(Evidence.DECISION,),
        )
        assert is_explained_with_evidence(complete_answers(whereabouts=told), on=TODAY)


class TestQuestions:
    @pytest.mark.parametrize("asks", Asks)
    def test_the_urgent_question_is_first_and_cannot_be_left_out(self, asks: Asks) -> None:
        questions = QUESTIONS[asks]
        assert questions.pages[0] is PupilPage.URGENT
        assert questions.preceding(PupilPage.URGENT) is None
        assert questions.following(PupilPage.OWN_WORDS) is None
        assert PupilPage.URGENT in questions.required
        assert questions.required <= set(questions.pages)

    @pytest.mark.parametrize("asks", Asks)
    def test_pages_follow_each_other(self, asks: Asks) -> None:
        questions = QUESTIONS[asks]
        for page in questions.pages[:-1]:
            following = questions.following(page)
            assert following is not None
            assert questions.preceding(following) is page
            assert questions.number(following) == questions.number(page) + 1

    def test_before_a_break_nobody_asks_since_when_the_pupil_is_gone(self) -> None:
        assert not {PupilPage.LAST_SEEN, PupilPage.WHEREABOUTS, PupilPage.LEAVE} & set(WORRY.pages)
        assert not {PupilPage.OBSERVED, PupilPage.SAID, PupilPage.TRAVEL} & set(MISSING.pages)

    @given(any_answers)
    def test_every_page_asked_is_answered_or_not(self, answers: PupilAnswers) -> None:
        for questions in (MISSING, WORRY):
            left = answers.unanswered(questions)
            assert set(left) | set(answers.answered) >= set(questions.pages)
            assert not set(left) & set(answers.answered)
            assert answers.is_complete(questions) is (not set(left) & questions.required)

    @given(any_answers, any_answers)
    def test_what_differs_is_what_is_new(self, before: PupilAnswers, after: PupilAnswers) -> None:
        changed = after.differing(before)
        assert (changed == ()) is (before == after)
        kept = before
        for page in changed:
            values = after.page(page)
            kept = replace(kept, **{page.value: values})
        assert kept == after


class TestResponseFigures:
    def test_a_sum_without_missing_pupils(self) -> None:
        figures = ResponseFigures(enrolled=412, present=408, known_absence=4, protected_known_absence=1)
        assert figures.adds_up
        assert figures.missing == 0

    def test_missing_pupils_are_those_listed_and_those_only_counted(self) -> None:
        figures = ResponseFigures(enrolled=412, present=405, known_absence=4, protected_missing=1, listed=2)
        assert figures.missing == 3
        assert figures.adds_up

    @pytest.mark.parametrize(("listed", "difference"), [(0, 3), (2, 1), (3, 0), (5, -2)])
    def test_the_difference_says_how_many_are_left(self, listed: int, difference: int) -> None:
        figures = ResponseFigures(enrolled=412, present=405, known_absence=4, listed=listed)
        assert figures.difference == difference
        assert figures.adds_up is (difference == 0)

    def test_figures_not_given_never_add_up(self) -> None:
        assert not ResponseFigures().is_given
        assert not ResponseFigures().adds_up
        assert not ResponseFigures(enrolled=0, present=0).adds_up

    def test_protected_pupils_are_part_of_the_known_absence(self) -> None:
        assert not ResponseFigures(enrolled=10, present=8, known_absence=2, protected_known_absence=3).adds_up
