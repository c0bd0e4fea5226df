"""The words a case is described with."""

from enum import StrEnum
from typing import Final


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
    WORRY = "worry"
    """Before a break: the child is here, and somebody at the school fears that it may not come back."""
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
    IDENTITY_WITHHELD = "identity_withheld"
    OTHER_NAME = "other_name"
    """A number has come with two names that have no word in common: maybe two children."""
    PROTECTION_DENIED = "protection_denied"
    """A school was wrong: the child's personal data are not protected."""
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
    STILL_AWAY = "still_away"
    """A further round, and the school has nothing new: a line, and not all of its answer once more."""
    BACK_AFTER_BREAK = "back_after_break"
    """The child that was worried about before the break came back after it."""
    RETURN_TAKEN_BACK = "return_taken_back"
    """The school has changed its answer: the child is not back after all."""
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
    PROTECTION = "protection"
    """A school says that personal data are protected, and what others have said of the child is at stake."""
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
    REVIEW = "review"
    """Closed, and somebody was to look again by now."""


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
