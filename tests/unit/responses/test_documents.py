"""Answers in words: for the case's chronology, and for whoever checks them."""

from datetime import UTC, date, datetime
from enum import StrEnum
from inspect import isclass

import pytest
from hypothesis import given, settings

from app.cases.types import ContactSafety
from app.kernel.identity_number import IdentityKind
from app.responses import documents
from app.responses.pages.summary import answer_in_words, optional_words, unanswered_words
from app.responses.types import (
    QUESTIONS,
    AnyYesNo,
    CallAnswers,
    ContactAttempt,
    ContactsAnswers,
    ContactWay,
    Explanation,
    OwnWordsAnswers,
    Place,
    PupilAnswers,
    PupilPage,
    Sibling,
    SiblingPlace,
    SiblingsAnswers,
    Source,
    UrgentAnswers,
    UrgentSign,
    WhereaboutsAnswers,
    choices,
)
from app.surveys.types import Asks
from tests.factories.responses import complete_answers, identity
from tests.unit.responses.strategies import any_answers

LISTS = [kind for kind in vars(choices).values() if isclass(kind) and issubclass(kind, StrEnum) and kind is not StrEnum]
ASKED = [kind for kind in LISTS if kind is not choices.ResponseState]


@pytest.mark.parametrize("kind", [*ASKED, PupilPage, IdentityKind, ContactSafety])
def test_every_value_of_every_list_has_its_words(kind: type[StrEnum]) -> None:
    assert set(documents.words(kind)) == {member.value for member in kind}
    assert all(documents.word(member) for member in kind)


@pytest.mark.parametrize("page", PupilPage)
def test_every_question_has_a_short_name(page: PupilPage) -> None:
    assert documents.short_word(page)


class TestComposeNote:
    @settings(deadline=None)
    @given(any_answers)
    def test_any_answer_can_be_told(self, answers: PupilAnswers) -> None:
        assert isinstance(documents.compose_note(answers), str)

    def test_neither_name_nor_number_of_the_pupil(self) -> None:
        told = documents.compose_note(complete_answers(identity=identity()))
        assert "Elin" not in told
        assert "20150412" not in told

    def test_what_a_coordinator_needs(self) -> None:
        told = documents.compose_note(
            complete_answers(
                urgent=UrgentAnswers(
                    (UrgentSign.LEAVING_SOON,),
                    calls=CallAnswers(("Socialjouren",), datetime(2026, 8, 25, 8, 20, tzinfo=UTC), "Eva"),
                ),
                contacts=ContactsAnswers(
                    (ContactAttempt(date(2026, 8, 20), ContactWay.PHONE, "mamman", "Inget svar", "klassläraren"),)
                ),
                siblings=SiblingsAnswers(
                    AnyYesNo.YES, (Sibling("Omar", "7 år", SiblingPlace.OTHER_SCHOOL, "", AnyYesNo.YES),)
                ),
                own_words=OwnWordsAnswers("Klassen säger att hon inte kommer tillbaka."),
            )
        )
        for line in (
            "Akut: Eleven kan snart föras ut ur landet.",
            "Skolan har ringt Socialjouren 2026-08-25 kl. 10.20. Svarade: Eva.",
            "Senast i skolan: 2026-06-10 (dagen stämmer). Efter sommarlovet.",
            "Kontaktförsök 2026-08-20, telefon: mamman. Resultat: Inget svar. Av: klassläraren.",
            "Syskon: Omar, 7 år, En annan skola. Saknas också: ja.",
            "Får vårdnadshavarna kontaktas: Ja.",
            "Klassen säger att hon inte kommer tillbaka.",
        ):
            assert line in told

    def test_nothing_answered_tells_nothing(self) -> None:
        assert documents.compose_note(PupilAnswers()) == ""


class TestAnswerInWords:
    @settings(deadline=None)
    @given(any_answers)
    def test_any_answer_can_be_read(self, answers: PupilAnswers) -> None:
        for page in PupilPage:
            assert (answer_in_words(answers, page) is None) is (answers.page(page) is None)

    def test_a_number_is_masked(self) -> None:
        assert answer_in_words(complete_answers(), PupilPage.IDENTITY) == (
            "Elin Sandhage, 5 B. Personnummer 20150412-••••. Grundskola, årskurs 5."
        )

    def test_claim_source_and_evidence_are_told_apart(self) -> None:
        assert answer_in_words(complete_answers(), PupilPage.WHEREABOUTS) == (
            "Utomlands, Vet inte. Hemresan är försenad. Sagt av: vårdnadshavare 2026-08-21. "
            "Underlag: inget, vi har bara hört det."
        )

    def test_it_is_said_what_is_not_known(self) -> None:
        told = WhereaboutsAnswers(Place.UNKNOWN, explanation=Explanation.UNKNOWN, source=Source.UNKNOWN)
        assert answer_in_words(PupilAnswers(whereabouts=told), PupilPage.WHEREABOUTS) == (
            "Plats: vet inte. Förklaring: vet inte. Sagt av: vet inte."
        )
        assert documents.compose_claim(told) == "Plats: vet inte. Förklaring: vet inte."


def test_what_is_left_is_said_in_a_sentence() -> None:
    answers = complete_answers(concern=None, guardians=None)
    assert unanswered_words(answers, QUESTIONS[Asks.RETURN]) == "oro och kontakt med vårdnadshavare"
    assert optional_words(answers, QUESTIONS[Asks.RETURN]) == "ledighet, kontaktförsök, syskon och egna ord"
    assert unanswered_words(complete_answers(), QUESTIONS[Asks.RETURN]) == ""
