"""What a report begins with when the school has answered already."""

from datetime import UTC, date, datetime

import pytest

from app.cases.types import ContactSafety
from app.referrals.service.prefill import from_answers
from app.referrals.types import ChildPart, TravelSuspicion
from app.responses.types import (
    AnyYesNo,
    CallAnswers,
    Concern,
    ConcernAnswers,
    ContactAttempt,
    ContactsAnswers,
    ContactWay,
    GuardiansAnswers,
    LeaveAnswers,
    LeaveStatus,
    ObservedAnswers,
    ObservedSign,
    OwnWordsAnswers,
    Place,
    PupilAnswers,
    SaidAnswers,
    Sibling,
    SiblingPlace,
    SiblingsAnswers,
    Sign,
    SpokenWithChild,
    TravelAnswers,
    UrgentAnswers,
    UrgentSign,
)
from tests.factories.responses import complete_answers, whereabouts

ANSWERS = complete_answers(
    urgent=UrgentAnswers(
        (UrgentSign.HELD_ABROAD,),
        calls=CallAnswers(("Socialjouren",), datetime(2026, 8, 25, 8, 20, tzinfo=UTC), "Anna"),
    ),
    whereabouts=whereabouts(country="Irak"),
    leave=LeaveAnswers(LeaveStatus.REFUSED, expected_return_on=date(2026, 10, 1)),
    contacts=ContactsAnswers(
        (ContactAttempt(date(2026, 8, 21), ContactWay.PHONE, "Mamma", "Inget svar", "klassläraren"),),
        SpokenWithChild.NO,
    ),
    siblings=SiblingsAnswers(
        AnyYesNo.YES, (Sibling("Vilma", "9 år", SiblingPlace.OTHER_SCHOOL, "Kvarnbackens skola"),)
    ),
    concern=ConcernAnswers(
        Concern.SUSPECTED,
        (ObservedSign(Sign.SAID_AFRAID_OF_TRIP, "Grät i korridoren", date(2026, 6, 10), "mentor"),),
        earlier_concern=AnyYesNo.YES,
        earlier_text="Oro i maj",
    ),
    guardians=GuardiansAnswers(ContactSafety.RAISES_RISK, "Brodern svarar i telefonen"),
    own_words=OwnWordsAnswers("Jag såg henne gråta."),
)


def test_nothing_answered_begins_blank() -> None:
    content = from_answers(PupilAnswers(), None)
    assert content.child == ChildPart()
    assert content.told is not None
    assert content.told.statements == ()


def test_who_and_where_the_child_is() -> None:
    content = from_answers(ANSWERS, None)
    assert content.child is not None
    assert content.danger is not None
    assert (content.child.name, content.child.school_class) == ("Elin Sandhage", "5 B")
    assert (content.danger.is_acute, content.danger.place) == (AnyYesNo.YES, Place.ABROAD)
    assert content.danger.danger == "Eleven kan hållas kvar utomlands mot sin vilja"
    assert content.danger.called == "Socialjouren 2026-08-25 10.20. Anna"


def test_what_the_school_has_seen_stays_apart_from_what_it_has_heard() -> None:
    content = from_answers(ANSWERS, None)
    assert content.concern is not None
    assert content.told is not None
    assert content.concern.what_happened == "Saknas i skolan, efter sommarlovet. Senast på plats 2026-06-10."
    assert content.concern.first_hand == "Jag såg henne gråta."
    claim, sign = content.told.statements
    assert (claim.text, claim.source, claim.evidence) == (
        "Utomlands: Irak. Hemresan är försenad",
        "Vårdnadshavare",
        "Inget, vi har bara hört det",
    )
    assert (sign.text, sign.source, sign.said_on) == (
        "Har sagt sig vara rädd för en resa. Grät i korridoren",
        "mentor",
        date(2026, 6, 10),
    )


def test_what_has_been_done_and_what_to_mind() -> None:
    content = from_answers(ANSWERS, None)
    assert content.background is not None
    assert content.family is not None
    assert content.background.measures == "2026-08-21 telefon: Mamma. Inget svar (klassläraren)"
    assert content.background.effect == "Har skolan talat med barnet? Nej"
    assert content.background.earlier_text == "Oro i maj"
    assert "öka risken" in content.background.considerations
    assert content.family.siblings == "Vilma, 9 år, Kvarnbackens skola"
    assert content.family.guardians == ()


@pytest.mark.parametrize(
    ("pages", "suspicion"),
    [
        ({"urgent": UrgentAnswers((UrgentSign.HELD_ABROAD,))}, TravelSuspicion.TAKEN),
        ({"urgent": UrgentAnswers((UrgentSign.LEAVING_SOON,))}, TravelSuspicion.PLANNED),
        ({"concern": ConcernAnswers(Concern.CONFIRMED)}, TravelSuspicion.TAKEN),
        ({"concern": ConcernAnswers(Concern.UNCLEAR)}, None),
    ],
)
def test_a_suspicion_is_only_what_a_school_has_said(
    pages: dict[str, object], suspicion: TravelSuspicion | None
) -> None:
    travel = from_answers(complete_answers(**pages), None).travel
    assert travel is not None
    assert travel.suspicion is suspicion


def test_the_journey() -> None:
    travel = from_answers(ANSWERS, None).travel
    assert travel is not None
    assert (travel.destination, travel.last_seen_on, travel.expected_return) == (
        "Irak",
        date(2026, 6, 10),
        "Väntas tillbaka 2026-10-01.",
    )


def test_a_worry_before_a_break_tells_of_signs_words_and_the_journey() -> None:
    answers = PupilAnswers(
        observed=ObservedAnswers(AnyYesNo.YES, (ObservedSign(Sign.WATCHED, "", date(2026, 5, 20), "mentor"),)),
        said=SaidAnswers("Jag vill inte åka.", "mentor", date(2026, 5, 20)),
        travel=TravelAnswers(AnyYesNo.YES, "Irak", date(2026, 6, 12), date(2026, 8, 10), "hela familjen", "brodern"),
    )
    content = from_answers(answers, None)
    assert content.concern is not None
    assert content.concern.child_said == "Jag vill inte åka."
    assert content.told is not None
    assert [each.source for each in content.told.statements] == ["mentor"]
    travel = content.travel
    assert travel is not None
    assert (travel.suspicion, travel.destination, travel.told_by) == (TravelSuspicion.PLANNED, "Irak", "brodern")
    assert travel.journey == "2026-06-12, hela familjen"
    assert travel.travelled_on is None


def test_a_journey_alone_is_no_suspicion() -> None:
    content = from_answers(PupilAnswers(travel=TravelAnswers(AnyYesNo.YES, "Irak")), None)
    assert content.travel is not None
    assert content.travel.suspicion is None
