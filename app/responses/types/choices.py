"""The closed lists of the question pages. Each that asks for knowledge has `UNKNOWN`: not knowing is an answer."""

from enum import StrEnum


class ResponseState(StrEnum):
    """A version of an answer is being written, or was submitted and never changes again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class AnyYesNo(StrEnum):
    """An answer to a plain question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class UrgentSign(StrEnum):
    """What cannot wait for the survey: each makes the page *Ring nu* appear and opens the case at once."""

    DANGER_NOW = "danger_now"
    LEAVING_SOON = "leaving_soon"
    HELD_ABROAD = "held_abroad"
    MARRIAGE_OR_MUTILATION = "marriage_or_mutilation"
    ASKED_FOR_HELP = "asked_for_help"


class ProtectedIdentity(StrEnum):
    """Whether personal data are protected. Not knowing is treated as the strictest until somebody has found out."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class SchoolForm(StrEnum):
    """School forms that are asked about (skollagen 2010:800, 1 kap. 1 §)."""

    PRESCHOOL_CLASS = "preschool_class"
    COMPULSORY = "compulsory"
    ADAPTED_COMPULSORY = "adapted_compulsory"
    SPECIAL = "special"
    SAMI = "sami"
    UPPER_SECONDARY = "upper_secondary"
    ADAPTED_UPPER_SECONDARY = "adapted_upper_secondary"
    UNKNOWN = "unknown"


class DayPrecision(StrEnum):
    """How well a day is known."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"


class AbsenceStart(StrEnum):
    """The break the pupil did not come back from, or that the pupil disappeared between breaks."""

    SUMMER = "summer"
    AUTUMN = "autumn"
    CHRISTMAS = "christmas"
    WINTER = "winter"
    EASTER = "easter"
    DURING_YEAR = "during_year"
    UNKNOWN = "unknown"


class Place(StrEnum):
    """Where the pupil is said to be. A claim, never a fact."""

    SWEDEN = "sweden"
    ABROAD = "abroad"
    CONFLICTING = "conflicting"
    UNKNOWN = "unknown"


class Explanation(StrEnum):
    """The explanation that somebody has given for the pupil not being there."""

    SICK = "sick"
    LEAVE_GRANTED = "leave_granted"
    DELAYED_RETURN = "delayed_return"
    CHANGED_SCHOOL = "changed_school"
    MOVED_IN_SWEDEN = "moved_in_sweden"
    MOVED_ABROAD = "moved_abroad"
    LIVES_ABROAD_DECIDED = "lives_abroad_decided"
    OTHER_SCHOOLING_DECIDED = "other_schooling_decided"
    LEFT_THE_COUNTRY = "left_the_country"
    PLACED = "placed"
    NOT_ATTENDING = "not_attending"
    LEFT_UPPER_SECONDARY = "left_upper_secondary"
    DECEASED = "deceased"
    OTHER = "other"
    NONE_GIVEN = "none_given"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who has said it."""

    GUARDIAN = "guardian"
    CHILD = "child"
    RELATIVE = "relative"
    FRIEND = "friend"
    SCHOOL_OR_AUTHORITY = "school_or_authority"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What somebody at the school has seen. `NOTHING` and `UNKNOWN` stand alone."""

    SCHOOL_CERTIFICATE = "school_certificate"
    DECISION = "decision"
    TRAVEL_DOCUMENT = "travel_document"
    VIDEO_CALL = "video_call"
    MET_CHILD = "met_child"
    OTHER = "other"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class LeaveStatus(StrEnum):
    """What became of an application for leave (skollagen 7 kap. 18 §)."""

    NOT_APPLIED = "not_applied"
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class ContactWay(StrEnum):
    """How the school has tried to reach somebody."""

    PHONE = "phone"
    TEXT_MESSAGE = "text_message"
    LETTER = "letter"
    EMAIL = "email"
    HOME_VISIT = "home_visit"
    MEETING = "meeting"
    NETWORK = "network"


class SpokenWithChild(StrEnum):
    """Whether the school has spoken with the child: a guardian who speaks for the child is not the child."""

    ALONE = "alone"
    WITH_OTHERS = "with_others"
    NO = "no"
    UNKNOWN = "unknown"


class SiblingPlace(StrEnum):
    """Where a sibling goes."""

    SAME_SCHOOL = "same_school"
    OTHER_SCHOOL = "other_school"
    PRESCHOOL = "preschool"
    NO_SCHOOL = "no_school"
    UNKNOWN = "unknown"


class Concern(StrEnum):
    """A human judgement. Nothing computes it and nothing adds it up."""

    NONE = "none"
    UNCLEAR = "unclear"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"

    @property
    def opens_case(self) -> bool:
        """Whether the judgement alone opens a case at once."""
        return self in (Concern.SUSPECTED, Concern.CONFIRMED)


class Sign(StrEnum):
    """Behaviours and statements only, never origin, religion or name. A memory aid: no points and no score."""

    SAID_AFRAID_OF_TRIP = "said_afraid_of_trip"
    SAID_MARRIAGE = "said_marriage"
    SAID_NOT_COMING_BACK = "said_not_coming_back"
    SAID_THREATENED = "said_threatened"
    RAN_AWAY = "ran_away"
    WATCHED = "watched"
    STAYS_AFTER_SCHOOL = "stays_after_school"
    FREE_TIME_CONTROLLED = "free_time_controlled"
    TWO_WAYS_OF_DRESSING = "two_ways_of_dressing"
    EXEMPT_FROM_TEACHING = "exempt_from_teaching"
    FEWER_FRIENDS = "fewer_friends"
    UNWELL = "unwell"
    INJURIES = "injuries"
    RESULTS_DROPPED = "results_dropped"
    ABSENCE = "absence"
    RESPONSIBLE_AT_HOME = "responsible_at_home"
    FAMILY_WITHDREW = "family_withdrew"
    FAMILY_LEFT_HOME = "family_left_home"
    OTHER = "other"


class ReportMade(StrEnum):
    """Whether a report of concern has been made. Not making one must have a reason."""

    MADE = "made"
    TODAY = "today"
    NOT_MADE = "not_made"
