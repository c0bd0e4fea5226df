"""What a person asks for about plans, rounds and units."""

from dataclasses import dataclass
from datetime import date, datetime

from app.surveys.types.schedules import WaveDays


@dataclass(frozen=True, slots=True)
class EditSurveyPlan:
    """Whether a plan opens rounds, and how long before a break; `version` is that of the plan the person saw."""

    is_active: bool
    lead_days: int
    version: int


@dataclass(frozen=True, slots=True)
class EditWave:
    """Other days for one wave of a plan; `version` is that of the plan the person saw."""

    days: WaveDays
    version: int


@dataclass(frozen=True, slots=True)
class EditLetter:
    """The director's letter in other words; None goes back to what stands behind it."""

    letter: str | None
    version: int


@dataclass(frozen=True, slots=True)
class ChangeRoundDays:
    """Other days for one round; `version` is that of the round the person saw."""

    days: WaveDays
    version: int


@dataclass(frozen=True, slots=True)
class StateRound:
    """Why a person cancels, restores or closes a round."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class ReopenRound:
    """Why a closed round takes answers again, and the last day it does."""

    reason: str
    close_on: date
    version: int


@dataclass(frozen=True, slots=True)
class ExtendInvitation:
    """Why one unit gets more time, and its new due day; `seen_due_at` is when the person saw that it was due."""

    reason: str
    due_on: date
    seen_due_at: datetime


@dataclass(frozen=True, slots=True)
class AddPhoneNote:
    """What was said when the coordinator phoned, and whether anybody was reached."""

    text: str
    reached: bool
