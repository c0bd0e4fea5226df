"""Pupils are found among many as they would be by comparing with each."""

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.identity_number import IdentityKind
from app.responses.types.absence_lists import KnownPupils, is_same_pupil
from app.responses.types.page_answers import IdentityAnswers

pupils = st.builds(
    IdentityAnswers,
    kind=st.just(IdentityKind.NONE),
    number=st.sampled_from([None, "201504122381", "201203102387"]),
    name=st.sampled_from(["Elin Ek", "Ek, Elin", "elin  ék", "Bo Björk", ""]),
    school_class=st.sampled_from(["", "5 B", "5b", "6 A"]),
)


@given(st.lists(pupils, max_size=8), pupils)
def test_found_are_those_and_only_those_who_are_the_same_pupil(
    listed: list[IdentityAnswers], who: IdentityAnswers
) -> None:
    known = KnownPupils((each, place) for place, each in enumerate(listed))
    found = known.list_same(who)
    assert sorted(found) == [place for place, each in enumerate(listed) if is_same_pupil(who, each)]


def test_the_same_number_comes_before_the_same_name() -> None:
    by_name = IdentityAnswers(name="Elin Ek")
    by_number = IdentityAnswers(name="Elin Svensson", number="201504122381")
    known = KnownPupils([(by_name, "name"), (by_number, "number")])
    assert known.list_same(IdentityAnswers(name="Elin Ek", number="201504122381")) == ["number", "name"]
