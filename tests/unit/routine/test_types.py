import itertools
import tomllib
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from app.routine.service import DATA
from app.routine.types import (
    Branch,
    InvalidRoutine,
    Place,
    Responsible,
    Routine,
    Step,
    StepAction,
    TimeUnit,
    Within,
)


def step(key, branch=None, action=StepAction.COMPLETE, next_key=None, **values):
    return Step(
        **{
            "key": key,
            "branch": branch,
            "action": action,
            "responsible": Responsible.COORDINATOR,
            "within": Within(1, TimeUnit.WORKING_DAYS),
            "urgent_within": None,
            "legal_reference_key": None,
            "title": key,
            "instruction": key,
            "next_key": next_key,
        }
        | values
    )


def make_steps():
    steps = [step("assess", action=StepAction.ASSESS)]
    for branch in Branch:
        steps += [step(f"{branch}-do", branch, next_key=f"{branch}-close"), close(f"{branch}-close", branch)]
    return [*steps, step("back", action=StepAction.CONFIRM_RETURN, next_key="back-close"), close("back-close")]


def close(key, branch=None):
    return step(key, branch, StepAction.CLOSE)


def routine(steps):
    return Routine(uuid4(), 1, date(2026, 8, 1), tuple(steps))


class TestRoutine:
    def test_it_knows_its_way(self):
        found = routine(make_steps())
        first = found.start_of(Branch.NOT_FOUND)
        assert (found.entry.key, first.key) == ("assess", "not_found-do")
        assert found.after(first) == found.step("not_found-close")
        assert found.after(found.step("not_found-close")) is None

    def test_the_assessment_is_the_first_step_of_every_way(self):
        found = routine(make_steps())
        assert found.place(found.step("found_abroad-do")) == Place(2, 3)
        assert found.place(found.step("back")) == Place(1, 2)
        assert found.place(found.entry) == Place(1, 1)

    @pytest.mark.parametrize(
        "broken",
        [
            lambda steps: steps[1:],
            lambda steps: [*steps, steps[0]],
            lambda steps: [*steps, step("assess-again", action=StepAction.ASSESS)],
            lambda steps: [each for each in steps if each.branch is not Branch.FOUND_ABROAD],
            lambda steps: [each for each in steps if each.action is not StepAction.CONFIRM_RETURN],
            lambda steps: [replace(steps[1], next_key="nowhere"), steps[0], *steps[2:]],
            lambda steps: [replace(steps[1], next_key=steps[1].key), steps[0], *steps[2:]],
            lambda steps: [replace(steps[1], next_key=None), steps[0], *steps[2:]],
            lambda steps: [replace(steps[1], next_key=steps[4].key), steps[0], *steps[2:]],
            lambda steps: [*steps, step("left-over", Branch.NOT_FOUND, next_key="not_found-close")],
            lambda steps: [replace(steps[0], branch=Branch.NOT_FOUND), *steps[1:]],
        ],
    )
    def test_one_that_does_not_hang_together_is_refused(self, broken):
        with pytest.raises(InvalidRoutine):
            routine(broken(make_steps()))

    def test_an_unknown_step_is_an_error(self):
        with pytest.raises(KeyError):
            routine(make_steps()).step("nowhere")


class TestStep:
    def test_what_is_urgent_has_less_time_where_the_routine_says_so(self):
        hours = Within(4, TimeUnit.HOURS)
        assert step("a", urgent_within=hours).time_allowed(is_urgent=True) == hours
        assert step("a", urgent_within=hours).time_allowed(is_urgent=False) == Within(1, TimeUnit.WORKING_DAYS)
        assert step("a").time_allowed(is_urgent=True) == Within(1, TimeUnit.WORKING_DAYS)


class TestShippedFiles:
    references = tomllib.loads((DATA / "legal_references.toml").read_text("utf-8"))["reference"]
    steps = tomllib.loads((DATA / "shipped_routine.toml").read_text("utf-8"))["step"]

    def test_every_law_that_a_step_names_is_there(self):
        keys = {each["key"] for each in self.references}
        assert {each.get("legal_reference_key") for each in self.steps} - {None} <= keys

    @pytest.mark.parametrize(
        "key",
        [
            "sol-19-1",
            "sol-19-6",
            "sol-20-1",
            "sol-20-2",
            "sol-20-3",
            "osl-23-2",
            "osl-26-1",
            "osl-40-7g",
            "skol-7-17",
            "skol-7-19a",
            "skol-7-21",
            "skol-7-22",
            "skol-29-13",
            "lvu-31a",
            "lvu-31d",
        ],
    )
    def test_the_law_that_the_product_cites_is_there(self, key):
        assert [each for each in self.references if each["key"] == key and "valid_until" not in each]

    def test_wordings_follow_on_each_other_without_gap_or_overlap(self):
        for key in {each["key"] for each in self.references}:
            wordings = sorted(
                (each for each in self.references if each["key"] == key), key=lambda each: each["valid_from"]
            )
            for earlier, later in itertools.pairwise(wordings):
                assert (later["valid_from"] - earlier["valid_until"]).days == 1
            assert "valid_until" not in wordings[-1]

    def test_the_first_step_takes_a_working_day_and_hours_when_urgent(self):
        [assess] = [each for each in self.steps if each["action"] == "assess"]
        assert assess["within"] == [1, "working_days"]
        assert assess["urgent_within"][1] == "hours"
