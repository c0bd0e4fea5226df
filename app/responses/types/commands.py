"""What a person at a school asks for.

`version` is the one that was on the form, None when no form was involved.
"""

from dataclasses import dataclass

from app.responses.types.page_answers import CallAnswers, PageAnswers, UrgentAnswers
from app.responses.types.questions import PupilPage


@dataclass(frozen=True, slots=True)
class SaveFigures:
    """Keep the figures of the school unit; they must add up when the answer is submitted, not before."""

    enrolled: int
    present: int
    known_absence: int
    protected_known_absence: int = 0
    protected_missing: int = 0
    version: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SubmitNilReturn:
    """Say, signed, that no pupil is missing."""

    enrolled: int
    present: int
    known_absence: int
    signed_name: str
    protected_known_absence: int = 0
    declared: bool = True
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddMissingPupil:
    """Put a pupil on the absence list. The first question, whether anything is urgent, is already answered."""

    urgent: UrgentAnswers


@dataclass(frozen=True, slots=True)
class SavePupilPage:
    """Answer one question page about a pupil."""

    page: PupilPage
    values: PageAnswers
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SaveCalls:
    """Note on *Ring nu* who was phoned."""

    calls: CallAnswers


@dataclass(frozen=True, slots=True, repr=False)
class SubmitResponse:
    """Sign and send in what has been answered."""

    signed_name: str
    declared: bool = True
    version: int | None = None
