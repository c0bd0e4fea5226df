"""Words, commands and rules of a case that need no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.pupils.types import ChildIdentity
from app.routine.types import Branch

__all__ = ["Branch", "ChildIdentity"]


class CaseState(StrEnum):
    """Where a case stands."""

    TO_ASSESS = "to_assess"
    INVESTIGATING = "investigating"
    WAITING = "waiting"
    RETURNING = "returning"
    CLOSED = "closed"


class OpenReason(StrEnum):
    """Why a case was opened, the least pressing first: a later reason that presses more replaces the earlier."""

    UNEXPLAINED = "unexplained"
    REPORT_OF_CONCERN = "report_of_concern"
    SUSPECTED = "suspected"
    URGENT = "urgent"

    @property
    def weight(self) -> int:
        """How much it presses, compared with the others."""
        return list(OpenReason).index(self)

    @property
    def is_urgent(self) -> bool:
        """Whether the routine's shorter times hold."""
        return self in (OpenReason.URGENT, OpenReason.SUSPECTED)

    @property
    def is_concern(self) -> bool:
        """Whether somebody fears for the child, which no paper explains away."""
        return self is not OpenReason.UNEXPLAINED


class ContactSafety(StrEnum):
    """Whether guardians may be contacted, from what is known least to what binds most."""

    UNKNOWN = "unknown"
    MAY = "may"
    MAY_NOT = "may_not"
    RAISES_RISK = "raises_risk"

    def stricter(self, other: "ContactSafety") -> "ContactSafety":
        """Return the one of the two that binds more: what anyone knows beats what nobody does."""
        return max(self, other, key=list(ContactSafety).index)


class ClaimedBy(StrEnum):
    """Who said it."""

    GUARDIAN = "guardian"
    SIBLING = "sibling"
    RELATIVE = "relative"
    FRIEND = "friend"
    CHILD = "child"
    SCHOOL_STAFF = "school_staff"
    OTHER_SCHOOL = "other_school"
    AUTHORITY = "authority"
    OTHER = "other"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What there is to show for it, the weakest first."""

    NONE = "none"
    ORAL = "oral"
    DOCUMENT_SEEN = "document_seen"
    DOCUMENT_STORED = "document_stored"
    """Kept in the municipality's register, under its registration number."""

    @property
    def is_document(self) -> bool:
        """Whether somebody has seen more than words."""
        return self in (Evidence.DOCUMENT_SEEN, Evidence.DOCUMENT_STORED)


class Whereabouts(StrEnum):
    """Where a claim places the child."""

    IN_SCHOOL = "in_school"
    IN_SWEDEN = "in_sweden"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


class NoteKind(StrEnum):
    """What a line of the chronology tells."""

    SCHOOL_ANSWERED = "school_answered"
    SCHOOL_CHANGED = "school_changed"
    REPORT_WRITTEN = "report_written"
    NOTE = "note"
    PHONE_CALL = "phone_call"
    MEETING = "meeting"
    LETTER = "letter"
    IDENTITY_CHANGED = "identity_changed"
    ASSESSED = "assessed"
    ASSIGNED = "assigned"
    STEP_COMPLETED = "step_completed"
    CLAIM_ADDED = "claim_added"
    CLAIM_VERIFIED = "claim_verified"
    CONTACT_SAFETY_SET = "contact_safety_set"
    WAITING = "waiting"
    RESUMED = "resumed"
    REPORT_HANDED_OVER = "report_handed_over"
    REPORT_ACKNOWLEDGED = "report_acknowledged"
    REPORT_ANSWERED = "report_answered"
    CONCERN_SETTLED = "concern_settled"
    RETURN_REPORTED = "return_reported"
    RETURN_CONFIRMED = "return_confirmed"
    RETURN_DENIED = "return_denied"
    CLOSED = "closed"
    REOPENED = "reopened"


WRITTEN_BY_HAND: Final = (NoteKind.NOTE, NoteKind.PHONE_CALL, NoteKind.MEETING, NoteKind.LETTER)
"""What a person may add to the chronology; the other kinds come from what is done."""


class DeadlineKind(StrEnum):
    """What a deadline is for. There is at most one open STEP: the one the case stands at."""

    STEP = "step"
    NEW_INFORMATION = "new_information"
    WAITING = "waiting"
    REPORT_ACKNOWLEDGEMENT = "report_acknowledgement"
    REPORT_ANSWER = "report_answer"


class SuggestionReason(StrEnum):
    """Why two cases may be about one child."""

    SAME_NUMBER = "same_number"
    SAME_TEMPORARY_NUMBER = "same_temporary_number"
    SAME_NAME_AND_BIRTH_DATE = "same_name_and_birth_date"


class Outcome(StrEnum):
    """How a case ended: what explained that the child did not come back."""

    RETURNED = "returned"
    SICK = "sick"
    LEAVE_GRANTED = "leave_granted"
    DELAYED_RETURN = "delayed_return"
    CHANGED_SCHOOL = "changed_school"
    MOVED_MUNICIPALITY = "moved_municipality"
    MOVED_ABROAD = "moved_abroad"
    LASTING_STAY_ABROAD = "lasting_stay_abroad"
    SCHOOLED_OTHERWISE = "schooled_otherwise"
    LEFT_THE_COUNTRY = "left_the_country"
    PLACED_BY_SOCIAL_SERVICES = "placed_by_social_services"
    IN_SWEDEN_NOT_ATTENDING = "in_sweden_not_attending"
    LEFT_UPPER_SECONDARY = "left_upper_secondary"
    DECEASED = "deceased"
    OTHER = "other"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """What an outcome must be shown by."""

    SOURCE = "source"
    """Who confirmed it: name and role, or authority."""
    EVIDENCE = "evidence"
    """At least a document that somebody has seen."""
    CONFIRMED_ON = "confirmed_on"
    UNTIL = "until"
    NEW_SCHOOL = "new_school"
    HANDED_TO = "handed_to"
    DECISION_MAKER = "decision_maker"
    DECIDED_ON = "decided_on"
    REGISTRATION_NUMBER = "registration_number"
    CHILD_CONTACT = "child_contact"
    """When and how somebody has spoken with the child itself, or that nobody has."""
    REASONS = "reasons"
    REVIEW_ON = "review_on"
    """When somebody looks again."""


DATES: Final = frozenset({Proof.CONFIRMED_ON, Proof.UNTIL, Proof.DECIDED_ON, Proof.REVIEW_ON})
_FUTURE: Final = frozenset({Proof.REVIEW_ON})
_PAST: Final = frozenset({Proof.CONFIRMED_ON, Proof.DECIDED_ON})
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


@dataclass(frozen=True, slots=True, repr=False)
class NewClaim:
    """What somebody says, apart from what there is to show for it."""

    text: str
    claimed_by: ClaimedBy
    claimed_on: date | None = None
    evidence: Evidence = Evidence.NONE
    evidence_text: str | None = None
    whereabouts: Whereabouts | None = None
    """Where it places the child, None when it is about something else."""


@dataclass(frozen=True, slots=True, repr=False)
class OpenCase:
    """A child that a school unit misses, or that somebody has reported concern for.

    `entry_id` is the school's row for the child: the same row always leads to the same case. It is None for a report of
    concern written on its own. `note` is in the school's own words and may be empty.
    """

    identity: ChildIdentity
    reason: OpenReason
    school_unit_id: UUID
    entry_id: UUID | None
    school_class: str | None = None
    round_id: UUID | None = None
    invitation_id: UUID | None = None
    last_present_on: date | None = None
    contact_safety: ContactSafety = ContactSafety.UNKNOWN
    contact_safety_by: str | None = None
    claims: tuple[NewClaim, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class AddNote:
    """Something that happened, in the words of who knows."""

    kind: NoteKind
    happened_at: datetime
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class CorrectNote:
    """What an earlier note should have said; the earlier stays, struck through."""

    happened_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AssessCase:
    """The way chosen, with a motivation where it is not the one that the evidence points to."""

    branch: Branch
    version: int
    motivation: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CompleteStep:
    """What was done at the step the person had before them; `departs` says that it was not, and why."""

    step_key: str
    version: int
    text: str = field(repr=False)
    departs: bool = False


@dataclass(frozen=True, slots=True)
class SetContactSafety:
    """Whether guardians may be contacted, and who judged it."""

    contact_safety: ContactSafety
    version: int
    judged_by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WaitForOthers:
    """Whom the case waits for, what was asked, and when somebody asks again."""

    until: date
    version: int
    waiting_for: str = field(repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmReturn:
    """That the child has been seen back on a day, by whom; or, without a day, that it was not so."""

    returned_on: date | None
    version: int
    seen_by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettleConcern:
    """That the fear for the child is over: who judged it, when, on what ground."""

    settled_on: date
    version: int
    settled_by: str = field(repr=False)
    reasons: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CloseCase:
    """An outcome and what shows it. Dates among the proofs are ISO 8601 text."""

    outcome: Outcome
    version: int
    proofs: Mapping[Proof, str] = field(repr=False)

    def missing(self) -> tuple[Proof, ...]:
        """Return what the outcome must be shown by and is not."""
        return tuple(proof for proof in PROOFS[self.outcome] if not self.proofs.get(proof, "").strip())

    def misdated(self, today: date) -> tuple[Proof, ...]:
        """Return the dates that lie in the future though they have happened, or the other way round."""
        days = {proof: date.fromisoformat(self.proofs[proof]) for proof in DATES if self.proofs.get(proof)}
        return tuple(
            proof
            for proof, day in sorted(days.items())
            if (proof in _PAST and day > today) or (proof in _FUTURE and day <= today)
        )

    def day(self, proof: Proof) -> date | None:
        """Return a date among the proofs."""
        return date.fromisoformat(self.proofs[proof]) if self.proofs.get(proof) else None


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """Why a closed case is taken up again."""

    version: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReportedStatus:
    """All that a school may know of the case behind what it reported."""

    reference: str
    state: CaseState


_PLACES: Final = {
    Whereabouts.IN_SCHOOL: Branch.FOUND_IN_SCHOOL,
    Whereabouts.IN_SWEDEN: Branch.FOUND_IN_SWEDEN,
    Whereabouts.ABROAD: Branch.FOUND_ABROAD,
    Whereabouts.UNKNOWN: Branch.NOT_FOUND,
}
_CAUTION: Final = (Branch.FOUND_IN_SCHOOL, Branch.FOUND_IN_SWEDEN, Branch.FOUND_ABROAD, Branch.NOT_FOUND)


def recommended_branch(claims: Iterable[tuple[NewClaim, bool]]) -> Branch:
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


class QueueTab(StrEnum):
    """The lists a coordinator has."""

    TO_ASSESS = "to_assess"
    MINE = "mine"
    WAITING = "waiting"
    RETURNING = "returning"
    ALL = "all"
    CLOSED = "closed"


class QueueTime(StrEnum):
    """How pressing a case's clock is."""

    LATE = "late"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What narrows a tab down."""

    school_unit_id: UUID | None = None
    state: CaseState | None = None
    time: QueueTime | None = None
