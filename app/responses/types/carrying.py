"""Pupils carried forward: those who were missing, or worried about, when the school last answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.cases.types import CaseState


class CarriedFrom(StrEnum):
    """Why the school is asked about the pupil again."""

    MISSING = "missing"
    WORRY = "worry"
    """Somebody worried before the break: has the child come back?"""


class CarriedAnswer(StrEnum):
    """What the school says of a pupil it is asked about again."""

    STILL_AWAY = "still_away"
    BACK = "back"
    NEWS = "news"
    """Still away, and something has changed."""
    UNKNOWN = "unknown"
    """Nobody knows whether the child that was worried about has come back."""

    @property
    def is_missing(self) -> bool:
        """Whether the pupil then stands on the absence list."""
        return self in (CarriedAnswer.STILL_AWAY, CarriedAnswer.NEWS)


ANSWERS_OF: Mapping[CarriedFrom, tuple[CarriedAnswer, ...]] = {
    CarriedFrom.MISSING: (CarriedAnswer.STILL_AWAY, CarriedAnswer.BACK, CarriedAnswer.NEWS),
    CarriedFrom.WORRY: (CarriedAnswer.BACK, CarriedAnswer.STILL_AWAY, CarriedAnswer.UNKNOWN),
}
"""What can be said, by why it is asked."""


@dataclass(frozen=True, slots=True)
class AnswerCarried:
    """What the school says of those it is asked about again, by the pupil's entry; the others stay as they are."""

    answers: Mapping[UUID, CarriedAnswer]
    version: int | None = None
    protected_missing: int | None = None
    """How many protected pupils are missing now, who are counted and never named; None leaves the count."""


@dataclass(frozen=True, slots=True)
class SinceLast:
    """What has changed since the school unit last answered."""

    back: int
    new: int


def count_since_last(
    carried: Iterable[tuple[UUID, CarriedFrom, CarriedAnswer | None]], listed: Iterable[UUID], *, protected: int = 0
) -> SinceLast:
    """Return how many are back, and how many are missing who were not missing when the school last answered.

    A pupil who was worried about and is missing now is new: the last answer did not say that anybody was away. Of
    protected pupils nobody knows who is who: `protected` is how many more of them are missing than last.
    """
    rows = list(carried)
    was_missing = {entry_id for entry_id, origin, _ in rows if origin is CarriedFrom.MISSING}
    back = sum(origin is CarriedFrom.MISSING and answer is CarriedAnswer.BACK for _, origin, answer in rows)
    return SinceLast(back=back + max(-protected, 0), new=len(set(listed) - was_missing) + max(protected, 0))


def is_missing_still(*, is_reported_back: bool, case_state: CaseState | None, is_over: bool) -> bool:
    """Tell whether the school is asked again about a pupil it has missed.

    What ends it: the pupil is back, or it is over, since somebody knows where the pupil is for good. A return that the
    coordinator found not to be so ends nothing: the case is then open and no longer about a return.
    """
    is_denied = case_state not in (None, CaseState.RETURNING, CaseState.CLOSED)
    return not is_over and (not is_reported_back or is_denied)


def is_worried_about_still(
    *,
    worried_at: datetime,
    term_asked_at: datetime,
    answered: tuple[CarriedAnswer, datetime] | None,
    case_state: CaseState | None,
) -> bool:
    """Tell whether a round that asks since `term_asked_at` asks if a pupil came back who was worried about.

    A worry that came after the break waits for the next one. Asked once it is answered for that break; as long as the
    case is open, the next break is asked about too.
    """
    if worried_at >= term_asked_at:
        return False
    if answered is None or answered[0] is CarriedAnswer.UNKNOWN:
        return True
    answer, at = answered
    return answer is CarriedAnswer.BACK and at < term_asked_at and case_state not in (None, CaseState.CLOSED)
