"""The routine as the product meets it: steps in order, each with who, by when, by what law, and what next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.schools.types import TimeUnit, Within

__all__ = ["Branch", "InvalidRoutine", "Place", "Responsible", "Routine", "Step", "StepAction", "TimeUnit", "Within"]


class Branch(StrEnum):
    """The four ways a case can go once it has been assessed."""

    FOUND_IN_SCHOOL = "found_in_school"
    FOUND_IN_SWEDEN = "found_in_sweden"
    """In Sweden and not in school."""
    FOUND_ABROAD = "found_abroad"
    NOT_FOUND = "not_found"


class Responsible(StrEnum):
    """Who is to do a step; the coordinator sees to it that the others do."""

    COORDINATOR = "coordinator"
    SCHOOL = "school"


class StepAction(StrEnum):
    """What ends a step."""

    ASSESS = "assess"
    """A branch is chosen."""
    COMPLETE = "complete"
    """Somebody writes what was done."""
    REPORT = "report"
    """A report of concern is handed over, or somebody writes why not."""
    CONFIRM_RETURN = "confirm_return"
    """The child has been seen back, or was not."""
    CLOSE = "close"
    """The case gets its outcome."""


class InvalidRoutine(ValueError):
    """The steps do not hang together; the text says how, in English, for whoever wrote them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `branch` is None before a branch is chosen and on the way back to school."""

    key: str
    branch: Branch | None
    action: StepAction
    responsible: Responsible
    within: Within
    urgent_within: Within | None
    """The shorter time when a school has said that it is urgent or suspects the worst."""
    legal_reference_key: str | None
    title: str
    instruction: str
    next_key: str | None

    def time_allowed(self, *, is_urgent: bool) -> Within:
        """Return how long the step may take."""
        return self.urgent_within if is_urgent and self.urgent_within else self.within


@dataclass(frozen=True, slots=True)
class Place:
    """Where on its way a step stands: number 3 of 7."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Routine:
    """One adopted version. A case follows the version it was opened under to its end.

    Raises `InvalidRoutine` unless there is one step to assess, one to confirm a return, a way for each branch, and
    every way leads to a closing.
    """

    id: UUID
    number: int
    adopted_on: date
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        keys = [step.key for step in self.steps]
        if len(keys) != len(set(keys)):
            raise InvalidRoutine("two steps with one key")
        self._only(StepAction.ASSESS)
        starts = [self.start_of_return, *(self.start_of(branch) for branch in Branch)]
        for start in starts:
            way = list(self._way_from(start))
            if way[-1].action is not StepAction.CLOSE:
                raise InvalidRoutine(f"the way from {start.key!r} ends in {way[-1].key!r}, which closes nothing")
            if {step.branch for step in way} != {start.branch}:
                raise InvalidRoutine(f"the way from {start.key!r} leaves its branch")
        self._require_reached(starts)

    @property
    def entry(self) -> Step:
        """The step every case begins with."""
        return self._only(StepAction.ASSESS)

    @property
    def start_of_return(self) -> Step:
        """The step that follows when a school says that the child is back."""
        return self._only(StepAction.CONFIRM_RETURN)

    def start_of(self, branch: Branch) -> Step:
        """Return the first step of a branch."""
        for step in self.steps:
            if step.branch is branch:
                return step
        raise InvalidRoutine(f"no step for {branch.value!r}")

    def step(self, key: str) -> Step:
        """Return a step. Raises `KeyError` for a key the routine does not have."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def after(self, step: Step) -> Step | None:
        """Return the step that follows, None after the last and where a choice decides."""
        return self.step(step.next_key) if step.next_key else None

    def place(self, step: Step) -> Place:
        """Return where on its way a step stands; the assessment counts as the first of every branch."""
        if step.action is StepAction.ASSESS:
            return Place(1, 1)
        if step.branch is None:
            way = [each.key for each in self._way_from(self.start_of_return)]
        else:
            way = [self.entry.key, *(each.key for each in self._way_from(self.start_of(step.branch)))]
        return Place(way.index(step.key) + 1, len(way))

    def _only(self, action: StepAction) -> Step:
        found = [step for step in self.steps if step.action is action]
        if len(found) != 1 or found[0].branch is not None:
            raise InvalidRoutine(f"{len(found)} steps to {action.value!r}: there must be one, before any branch")
        return found[0]

    def _way_from(self, start: Step) -> Iterator[Step]:
        keys, seen = {step.key for step in self.steps}, set[str]()
        step: Step | None = start
        while step is not None:
            if step.key in seen:
                raise InvalidRoutine(f"{step.key!r} comes back to itself")
            seen.add(step.key)
            yield step
            if step.next_key is not None and step.next_key not in keys:
                raise InvalidRoutine(f"{step.key!r} leads to a step that is not there")
            step = self.after(step)

    def _require_reached(self, starts: list[Step]) -> None:
        reached = {step.key for start in starts for step in self._way_from(start)} | {self.entry.key}
        if unreached := [step.key for step in self.steps if step.key not in reached]:
            raise InvalidRoutine(f"no way leads to {unreached}")
