"""Who ends up on a list, and when a register contradicts itself so that nobody does."""

from dataclasses import replace
from typing import Any

import pytest

from app.rosters.service.client import read_register
from app.rosters.types.fetching import FetchFailure, FetchStep, NamedUnit
from tests.machine.register_data import RegisterData
from tests.machine.register_reading import CODE, OTHER, WANTED, Pages, failure, listed, number, read


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
