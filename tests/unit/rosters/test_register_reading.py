"""Who ends up on a list, who is only counted, and when a register contradicts itself so that nobody is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rosters.service.client import Reading, RegisterFailed, Wanted, read_register
from app.rosters.types.fetching import FetchFailure, FetchStep, NamedUnit
from tests.machine.register_data import HIDDEN, MARKED, UNMARKED, RegisterData

CODE, OTHER = "01990011", "01990012"
WANTED = Wanted(frozenset({CODE, OTHER}), date(2026, 8, 19), {}, omits_unmarked=False)
MARKINGS = st.sampled_from([UNMARKED, MARKED, HIDDEN, "Okänt ord"])


class Pages:
    """A register in memory, in pages of two, deaf to every filter."""

    def __init__(self, data: RegisterData) -> None:
        self.data = data
        self.asked: list[str] = []

    def pages(self, noun: str, filters: Mapping[str, str]) -> Iterator[Sequence[Mapping[str, Any]]]:
        self.asked.append(noun)
        things = getattr(self.data, noun)
        yield from (things[start : start + 2] for start in range(0, len(things), 2))


@pytest.fixture
def data() -> RegisterData:
    return RegisterData()


@pytest.fixture
def unit(data: RegisterData) -> str:
    return data.add_organisation("Strandängsskolan", CODE)


def read(data: RegisterData, wanted: Wanted = WANTED) -> Reading:
    return read_register(Pages(data), wanted, lambda _step: None)


def failure(data: RegisterData, wanted: Wanted = WANTED) -> FetchFailure:
    with pytest.raises(RegisterFailed) as caught:
        read(data, wanted)
    return caught.value.failure


def listed(data: RegisterData, code: str = CODE, wanted: Wanted = WANTED) -> list[str]:
    return [pupil.number for pupil in read(data, wanted).pupils.get(code, ())]


def number(data: RegisterData, own_id: str) -> str:
    return str(data.person(own_id)["civicNo"]["value"])


class TestEnrolments:
    @pytest.mark.parametrize(
        "enrolment",
        [
            {"startDate": None, "endDate": None},
            {"startDate": "2026-08-19", "endDate": "2026-08-19"},
            {"startDate": "2026-08-18T22:00:00Z"},
            {"startDate": "2026-08-19T00:00:00", "endDate": "2027-06-11T00:00:00"},
            {"endDate": "9999-12-31T23:59:59-01:00"},
            {"startDate": "när som helst", "endDate": "aldrig"},
            {"schoolType": "HELTNYTT"},
            {"schoolType": None, "schoolYear": None},
            {"cancelled": None},
            {"cancelled": "false"},
        ],
    )
    def test_who_goes_there_on_the_day_is_listed(
        self, data: RegisterData, unit: str, enrolment: dict[str, Any]
    ) -> None:
        pupil = data.add_pupil(unit, enrolment=enrolment)
        assert listed(data) == [number(data, pupil)]

    @pytest.mark.parametrize(
        "enrolment",
        [
            {"endDate": "2026-08-18"},
            {"startDate": "2026-08-20"},
            {"startDate": "2026-08-19T22:00:00Z"},
            {"cancelled": True},
            {"schoolType": "FTH"},
            {"schoolType": "vux"},
        ],
    )
    def test_who_does_not_is_left_out(self, data: RegisterData, unit: str, enrolment: dict[str, Any]) -> None:
        data.add_pupil(unit)
        data.add_pupil(unit, enrolment=enrolment)
        assert len(listed(data)) == 1

    def test_the_dead_are_left_out_and_those_who_have_moved_abroad_are_not(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit, personStatus="Avliden")
        abroad = data.add_pupil(unit, personStatus="Utvandrad")
        assert listed(data) == [number(data, abroad)]

    def test_a_pupil_of_a_part_of_a_unit_is_the_units(self, data: RegisterData, unit: str) -> None:
        part = data.add_organisation("Mellanstadiet", parent=unit)
        pupil = data.add_pupil(part)
        assert listed(data) == [number(data, pupil)]

    def test_organisations_above_one_another_in_a_ring_are_no_unit(self, data: RegisterData, unit: str) -> None:
        ring = data.add_organisation("Ringen")
        data.organisations[-1]["parentOrganisation"] = {"id": ring}
        data.add_pupil(ring)
        assert failure(data) is FetchFailure.NO_PUPILS

    def test_a_pupil_of_two_units_is_on_both_lists(self, data: RegisterData, unit: str) -> None:
        other = data.add_organisation("Hagtornsskolan", OTHER)
        pupil = data.add_pupil(unit)
        own = data.person(pupil)["enrolments"]
        own.append(own[0] | {"enroledAt": {"id": other}, "schoolYear": 6})
        reading = read(data)
        assert [reading.pupils[code][0].grade for code in (CODE, OTHER)] == ["5", "6"]

    def test_a_unit_that_was_not_asked_for_is_named_and_its_pupils_are_not_read(
        self, data: RegisterData, unit: str
    ) -> None:
        stranger = data.add_organisation("Främmande skolan", "00000001")
        data.add_pupil(stranger)
        data.add_pupil(unit)
        reading = read(data)
        assert reading.others == [NamedUnit("00000001", "Främmande skolan")]
        assert set(reading.pupils) == {CODE}

    def test_nobody_at_any_unit_is_no_list(self, data: RegisterData, unit: str) -> None:
        data.add_guardian()
        assert failure(data) is FetchFailure.NO_PUPILS

    def test_the_year_before_the_first_is_f(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit, enrolment={"schoolType": "FKLASS", "schoolYear": None})
        data.add_pupil(unit, enrolment={"schoolYear": 0})
        assert [pupil.grade for pupil in read(data).pupils[CODE]] == ["F", "F"]

    def test_a_number_with_a_century_left_out_is_read(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit, civicNo={"value": "120618-5131"})
        (pupil,) = read(data).pupils[CODE]
        assert (pupil.number, pupil.birth_date) == ("", "2012-06-18")


class TestClasses:
    def test_a_class_is_a_group_of_that_kind_on_that_day(self, data: RegisterData, unit: str) -> None:
        pupil = data.add_pupil(unit)
        data.add_class("5 B", unit, [pupil])
        data.add_class("4 B", unit, [pupil], endDate="2026-06-11")
        data.add_class("Aslöjd", unit, [pupil], groupType="Undervisning")
        data.add_class("Aktivitet", unit, [pupil], groupType="Helt ny sort")
        assert [pupil.school_class for pupil in read(data).pupils[CODE]] == ["5 B"]

    def test_a_membership_has_days_too(self, data: RegisterData, unit: str) -> None:
        pupil = data.add_pupil(unit)
        for name, ends in (("5 A", "2026-08-18"), ("5 B", "2026-08-19")):
            data.add_class(name, unit, [], groupMemberships=[{"person": {"id": pupil.upper()}, "endDate": ends}])
        assert [pupil.school_class for pupil in read(data).pupils[CODE]] == ["5 B"]

    def test_of_two_classes_it_is_the_first(self, data: RegisterData, unit: str) -> None:
        pupil = data.add_pupil(unit)
        for name in ("5 C", "5 A", "5 B"):
            data.add_class(name, unit, [pupil])
        assert [pupil.school_class for pupil in read(data).pupils[CODE]] == ["5 A"]

    def test_a_pupil_without_a_class_is_listed_all_the_same(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        assert [pupil.school_class for pupil in read(data).pupils[CODE]] == [""]


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


class TestContradictions:
    def test_the_same_pupil_under_a_new_id_is_told(self, data: RegisterData, unit: str) -> None:
        pupil = data.add_pupil(unit)
        data.persons.append(data.person(pupil) | {"id": data.new_id()})
        assert failure(data) is FetchFailure.CHANGED

    def test_the_same_id_with_another_number_is_told(self, data: RegisterData, unit: str) -> None:
        pupil = data.add_pupil(unit)
        data.persons.append(data.person(pupil) | {"civicNo": {"value": data.number(2012)}})
        assert failure(data) is FetchFailure.CHANGED

    def test_the_same_pupil_told_twice_is_listed_once(self, data: RegisterData, unit: str) -> None:
        pupil = data.add_pupil(unit)
        data.persons.append(data.person(pupil) | {"meta": {"modified": "2026-08-19T12:00:00"}})
        assert listed(data) == [number(data, pupil)]

    def test_classes_of_nobody_we_know_are_told(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        data.add_class("5 B", unit, ["någon", "annan"])
        assert failure(data) is FetchFailure.CHANGED

    def test_classes_of_those_who_were_not_asked_for_are_no_contradiction(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        elsewhere = data.add_pupil(data.add_organisation("Främmande skolan", "00000001"))
        data.add_class("5 B", "ingenstans", [elsewhere])
        assert [pupil.school_class for pupil in read(data).pupils[CODE]] == [""]

    def test_schools_nobody_we_know_of_are_told(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        for _ in range(2):
            data.add_pupil("ingenstans")
        assert failure(data) is FetchFailure.CHANGED

    def test_a_few_at_a_school_that_is_not_told_of_are_counted(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        data.add_pupil("ingenstans")
        assert read(data).unplaced == 1

    def test_a_unit_with_another_code_than_last_time_is_told(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        assert failure(data, replace(WANTED, known_units={unit: OTHER})) is FetchFailure.CHANGED

    def test_a_code_at_another_unit_than_last_time_is_told(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        assert failure(data, replace(WANTED, known_units={"en annan": CODE})) is FetchFailure.CHANGED

    def test_the_same_units_as_last_time_are_no_news(self, data: RegisterData, unit: str) -> None:
        data.add_pupil(unit)
        first = read(data)
        assert first.unit_codes == {unit: CODE}
        known = {**first.unit_codes, "nedlagd": "00000009"}
        assert read(data, replace(WANTED, known_units=known)).pupils == first.pupils


def test_each_step_is_told_as_it_begins(data: RegisterData, unit: str) -> None:
    data.add_pupil(unit)
    steps: list[FetchStep] = []
    read_register(Pages(data), WANTED, steps.append)
    assert steps == [FetchStep.UNITS, FetchStep.PUPILS, FetchStep.GUARDIANS, FetchStep.CLASSES]
