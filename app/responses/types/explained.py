"""When a pupil who is not there is explained with evidence, so that no case has to be opened.

The explanations are those that can legitimately explain that a pupil has not come back; most turn out to be harmless,
but an explanation on paper can be false. Therefore it takes all of: nobody is worried, the pupil is not said to be
abroad, the explanation is one that can hold by itself, and somebody has seen something more than a guardian's word.
"""

from datetime import date
from typing import Final

from app.responses.types.answers import PupilAnswers
from app.responses.types.choices import Concern, Evidence, Explanation, LeaveStatus, Place, Source
from app.responses.types.page_answers import WhereaboutsAnswers

_CAN_EXPLAIN: Final = frozenset(
    {
        Explanation.SICK,
        Explanation.LEAVE_GRANTED,
        Explanation.CHANGED_SCHOOL,
        Explanation.MOVED_IN_SWEDEN,
        Explanation.OTHER_SCHOOLING_DECIDED,
        Explanation.PLACED,
        Explanation.LEFT_UPPER_SECONDARY,
        Explanation.DECEASED,
    }
)
"""Not here: whatever is abroad, a pupil in Sweden who does not come to school, anything else and anything unknown."""

_LASTING: Final = _CAN_EXPLAIN - {Explanation.SICK, Explanation.LEAVE_GRANTED}
"""The pupil is no longer this school's to wait for; sickness and leave come to an end."""

_SEEN: Final = frozenset(
    {
        Evidence.SCHOOL_CERTIFICATE,
        Evidence.DECISION,
        Evidence.VIDEO_CALL,
        Evidence.MET_CHILD,
    }
)
"""A ticket shows a plan to travel and explains nothing; *something else* needs a source other than the family."""


def is_explained_with_evidence(answers: PupilAnswers, *, on: date) -> bool:
    """Tell whether the pupil needs no case on that day."""
    told = answers.whereabouts
    if told is None or answers.opens_case_at_once or answers.concern_level is not Concern.NONE:
        return False
    return (
        _is_somewhere_known(told) and told.explanation in _CAN_EXPLAIN and _holds(answers, told, on) and _is_seen(told)
    )


def is_explained_for_good(answers: PupilAnswers, *, on: date) -> bool:
    """Tell whether nobody has to ask the school about the pupil again: it goes elsewhere now, or has died."""
    told = answers.whereabouts
    return told is not None and told.explanation in _LASTING and is_explained_with_evidence(answers, on=on)


def _is_somewhere_known(told: WhereaboutsAnswers) -> bool:
    """In Sweden, or confirmed by another school or an authority; never abroad and never with stories that differ."""
    confirmed = told.place is Place.UNKNOWN and told.source is Source.SCHOOL_OR_AUTHORITY
    return told.place is Place.SWEDEN or confirmed


def _holds(answers: PupilAnswers, told: WhereaboutsAnswers, on: date) -> bool:
    """Leave explains only while it lasts; without page e nobody knows that it does."""
    if told.explanation is not Explanation.LEAVE_GRANTED:
        return True
    leave = answers.leave
    return (
        leave is not None
        and leave.status is LeaveStatus.GRANTED
        and leave.granted_until is not None
        and leave.granted_until >= on
    )


def _is_seen(told: WhereaboutsAnswers) -> bool:
    if _SEEN & set(told.evidence):
        return True
    return Evidence.OTHER in told.evidence and told.source is Source.SCHOOL_OR_AUTHORITY and bool(told.evidence_text)
