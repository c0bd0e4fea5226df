"""Who is only counted: the strictest reading of every marking, and of every silence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rosters.service.client import read_register
from app.rosters.types.fetching import FetchFailure
from tests.machine.register_data import HIDDEN, MARKED, UNMARKED, RegisterData
from tests.machine.register_reading import CODE, OTHER, WANTED, Pages, failure, listed, number, read

MARKINGS = st.sampled_from([UNMARKED, MARKED, HIDDEN, "Okänt ord"])


class TestProtection:
    @given(st.lists(st.tuples(MARKINGS, MARKINGS), min_size=1, max_size=6))
    def test_only_those_whose_own_and_whose_guardians_marking_is_none_are_named(
        self, families: list[tuple[str, str]]
    ) -> None:
        data = RegisterData()
        unit = data.add_organisation("Strandängsskolan", CODE)
        pupils = {
            data.add_pupil(unit, marking=own, guardians=[data.add_guardian(guardian)]): (own, guardian)
            for own, guardian in families
        }
        open_ = [number(data, pupil) for pupil, markings in pupils.items() if set(markings) == {UNMARKED}]
        reading = read(data)
        assert sorted(pupil.number for pupil in reading.pupils.get(CODE, ())) == sorted(open_)
        assert reading.protected.get(CODE, 0) == len(families) - len(open_)

    def test_a_protected_guardian_protects_every_sibling_at_every_school(self, data: RegisterData, unit: str) -> None:
        other = data.add_organisation("Hagtornsskolan", OTHER)
        hidden, seen = data.add_guardian(HIDDEN), data.add_guardian()
        data.add_pupil(unit, guardians=[seen, hidden])
        data.add_pupil(other, guardians=[hidden])
        data.add_pupil(other)
        reading = read(data)
        assert reading.protected == {CODE: 1, OTHER: 1}
        assert {code: len(pupils) for code, pupils in reading.pupils.items()} == {OTHER: 1}

    def test_a_protected_pupil_protects_siblings_by_the_guardian_they_share(
        self, data: RegisterData, unit: str
    ) -> None:
        parent = data.add_guardian()
        data.add_pupil(unit, marking=MARKED, guardians=[parent])
        data.add_pupil(unit, guardians=[parent])
        data.add_pupil(unit, guardians=[data.add_guardian()])
        reading = read(data)
        assert (reading.protected, len(reading.pupils[CODE])) == ({CODE: 2}, 1)

    @pytest.mark.parametrize("where", ["a unit not asked for", "nowhere any more"])
    def test_a_protected_child_elsewhere_protects_siblings_here(
        self, data: RegisterData, unit: str, where: str
    ) -> None:
        other = data.add_organisation("Främmande skolan", "00000001")
        parent, hidden = data.add_guardian(), data.add_guardian()
        ended = {} if where == "a unit not asked for" else {"endDate": "2026-06-11"}
        data.add_pupil(other, marking=MARKED, guardians=[parent], enrolment=ended)
        beside = data.add_pupil(other, guardians=[hidden], enrolment=ended)
        data.person(beside)["responsibles"][0]["person"]["securityMarking"] = HIDDEN
        for guardian in (parent, hidden, data.add_guardian()):
            data.add_pupil(unit, guardians=[guardian])
        reading = read(data)
        assert (reading.protected, len(reading.pupils[CODE])) == ({CODE: 2}, 1)

    def test_a_marking_beside_the_reference_counts_for_every_child_of_that_guardian(
        self, data: RegisterData, unit: str
    ) -> None:
        parent = data.add_guardian()
        first = data.add_pupil(unit, guardians=[parent])
        data.person(first)["responsibles"][0]["person"]["securityMarking"] = HIDDEN
        data.add_pupil(unit, guardians=[parent])
        assert read(data).protected == {CODE: 2}

    @pytest.mark.parametrize("place", ["beside", "in the person"])
    def test_a_marking_may_stand_in_two_places(self, data: RegisterData, unit: str, place: str) -> None:
        pupil = data.add_pupil(unit, guardians=["borta"])
        (reference,) = data.person(pupil)["responsibles"]
        (reference if place == "beside" else reference["person"])["securityMarking"] = UNMARKED
        assert listed(data) == [number(data, pupil)]

    def test_nothing_said_means_protected(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        data.add_pupil(unit, marking=None)
        data.add_pupil(unit, guardians=["borta"])
        data.add_pupil(unit, guardians=[data.add_guardian()])
        assert read(data).protected == {CODE: 2}

    def test_nothing_said_means_nothing_where_that_is_how_the_register_does_it(
        self, data: RegisterData, unit: str
    ) -> None:
        data.add_pupil(unit, marking=None)
        data.add_pupil(unit, marking=MARKED)
        data.add_pupil(unit, marking=None, guardians=[data.add_guardian(None)])
        reading = read(data, replace(WANTED, omits_unmarked=True))
        assert (reading.protected, len(reading.pupils[CODE])) == ({CODE: 1}, 2)

    def test_a_register_that_tells_nobodys_marking_is_refused(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit, marking=None)
        assert failure(data) is FetchFailure.MARKINGS_MISSING

    def test_a_register_that_tells_no_guardians_marking_is_refused(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit, guardians=["borta"])
        assert failure(data) is FetchFailure.MARKINGS_MISSING

    @pytest.mark.parametrize("responsibles", [None, []])
    def test_without_guardians_one_knows_that_they_were_not_told(
        self, data: RegisterData, unit: str, responsibles: list[str] | None
    ) -> None:
        data.add_pupil(unit, responsibles=responsibles)
        assert not read(data).tells_guardians

    def test_a_pupil_without_a_name_is_taken_for_protected(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        data.add_pupil(unit, givenName=None, familyName="")
        assert read(data).protected == {CODE: 1}

    def test_guardians_are_asked_for_only_when_something_is_unsaid(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit, guardians=[data.add_guardian()])
        source = Pages(data)
        read_register(source, WANTED, lambda _step: None)
        assert source.asked == ["organisations", "persons", "groups"]

    def test_nothing_of_a_protected_pupil_or_of_a_guardian_is_in_what_is_returned(
        self, data: RegisterData, unit: str
    ) -> None:
        data.add_pupil(unit, marking=MARKED, givenName="Hemlig", familyName="Hemligsson")
        data.add_pupil(unit, guardians=[data.add_guardian(familyName="Vårdnadshavarsson")])
        reading = read(data)
        everything = repr([(each.name, each.number, each.school_class) for each in reading.pupils[CODE]]) + repr(
            reading
        )
        assert "Hemlig" not in everything
        assert "Vårdnadshavarsson" not in everything
