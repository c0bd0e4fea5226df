"""What an outcome must be shown by, and which way the evidence points to."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from app.cases.types.words import Outcome, Proof, Whereabouts
from app.routine.types import Branch

if TYPE_CHECKING:
    from app.cases.types.commands import NewClaim

DATES: Final = frozenset({Proof.CONFIRMED_ON, Proof.UNTIL, Proof.DECIDED_ON, Proof.REVIEW_ON})
FUTURE: Final = frozenset({Proof.REVIEW_ON})
PAST: Final = frozenset({Proof.CONFIRMED_ON, Proof.DECIDED_ON})
_DECISION: Final = (Proof.DECISION_MAKER, Proof.DECIDED_ON, Proof.REGISTRATION_NUMBER)

PROOFS: Final[Mapping[Outcome, tuple[Proof, ...]]] = {
    Outcome.RETURNED: (Proof.SOURCE, Proof.CONFIRMED_ON),
    Outcome.SICK: (Proof.SOURCE, Proof.CONFIRMED_ON, Proof.EVIDENCE, Proof.REVIEW_ON),
    Outcome.LEAVE_GRANTED: (*_DECISION, Proof.UNTIL, Proof.REVIEW_ON),
    Outcome.DELAYED_RETURN: (Proof.SOURCE, Proof.CONFIRMED_ON, Proof.EVIDENCE, Proof.UNTIL, Proof.REVIEW_ON),
    Outcome.CHANGED_SCHOOL: (Proof.NEW_SCHOOL, Proof.SOURCE, Proof.CONFIRMED_ON),
    Outcome.MOVED_MUNICIPALITY: (Proof.HANDED_TO, Proof.SOURCE, Proof.CONFIRMED_ON),
    Outcome.MOVED_ABROAD: (Proof.SOURCE, Proof.CONFIRMED_ON, Proof.EVIDENCE, Proof.CHILD_CONTACT),
    Outcome.LASTING_STAY_ABROAD: (*_DECISION, Proof.EVIDENCE, Proof.CHILD_CONTACT, Proof.REVIEW_ON),
    Outcome.SCHOOLED_OTHERWISE: (*_DECISION, Proof.UNTIL, Proof.REVIEW_ON),
    Outcome.LEFT_THE_COUNTRY: (Proof.SOURCE, Proof.CONFIRMED_ON, Proof.EVIDENCE, Proof.CHILD_CONTACT),
    Outcome.PLACED_BY_SOCIAL_SERVICES: (Proof.SOURCE, Proof.CONFIRMED_ON),
    Outcome.IN_SWEDEN_NOT_ATTENDING: (Proof.HANDED_TO, Proof.CONFIRMED_ON, Proof.CHILD_CONTACT, Proof.REVIEW_ON),
    Outcome.LEFT_UPPER_SECONDARY: (Proof.HANDED_TO, Proof.CONFIRMED_ON, Proof.CHILD_CONTACT),
    Outcome.DECEASED: (Proof.SOURCE, Proof.CONFIRMED_ON),
    Outcome.OTHER: (Proof.REASONS, Proof.SOURCE, Proof.CONFIRMED_ON, Proof.EVIDENCE, Proof.DECISION_MAKER),
    Outcome.UNKNOWN: (*_DECISION, Proof.REASONS, Proof.CHILD_CONTACT, Proof.REVIEW_ON),
}
"""What each outcome must be shown by. The school's or the family's word alone is in none of them."""

NOT_NEUTRAL: Final = frozenset({Outcome.MOVED_ABROAD, Outcome.LASTING_STAY_ABROAD, Outcome.LEFT_THE_COUNTRY})
"""Outcomes that end the search for a child who is not here: no explanation while somebody fears for the child."""

_PLACES: Final = {
    Whereabouts.IN_SCHOOL: Branch.FOUND_IN_SCHOOL,
    Whereabouts.IN_SWEDEN: Branch.FOUND_IN_SWEDEN,
    Whereabouts.ABROAD: Branch.FOUND_ABROAD,
    Whereabouts.UNKNOWN: Branch.NOT_FOUND,
}
_CAUTION: Final = (Branch.FOUND_IN_SCHOOL, Branch.FOUND_IN_SWEDEN, Branch.FOUND_ABROAD, Branch.NOT_FOUND)


def recommended_branch(claims: Iterable[tuple["NewClaim", bool]]) -> Branch:
    """Return the way that the evidence points to, given each claim and whether it has been verified.

    A claim that nobody has seen a document for, or verified, says nothing about where the child is: "the guardians say
    that the child is abroad" is no answer. Among those that count, the latest decides; on one day the more cautious.
    """
    counting = [
        (claim.claimed_on or date.min, _CAUTION.index(_PLACES[claim.whereabouts]))
        for claim, is_verified in claims
        if claim.whereabouts is not None and (is_verified or claim.evidence.is_document)
    ]
    return _CAUTION[max(counting)[1]] if counting else Branch.NOT_FOUND
