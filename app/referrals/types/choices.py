"""The closed lists of reports of concern, and what state a report is shown in."""

from datetime import datetime
from enum import StrEnum


class ReportState(StrEnum):
    """Where a report is. Only a draft can be changed or withdrawn."""

    DRAFT = "draft"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class ReportStatus(StrEnum):
    """What a person needs to know about a report: its state, the clock and the delivery taken together."""

    DRAFT = "draft"
    HANDED_OVER = "handed_over"
    UNACKNOWLEDGED = "unacknowledged"
    """The time to acknowledge has passed: somebody phones."""
    BOUNCED = "bounced"
    """The mail did not arrive, or nobody can tell whether it did: somebody phones or hands over in another way."""
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


def status_of(state: ReportState, *, acknowledge_by: datetime | None, is_mail_dead: bool, at: datetime) -> ReportStatus:
    """Return the status to show: a mail that did not arrive comes before a clock that has run out."""
    if state is not ReportState.HANDED_OVER:
        return ReportStatus(state.value)
    if is_mail_dead:
        return ReportStatus.BOUNCED
    is_late = acknowledge_by is not None and acknowledge_by < at
    return ReportStatus.UNACKNOWLEDGED if is_late else ReportStatus.HANDED_OVER


class HandOverChannel(StrEnum):
    """How a report leaves. The mail holds no personal data: it tells the board to expect the document."""

    PRINT = "print"
    DOWNLOAD = "download"
    MAIL_LINK = "mail_link"


class AcknowledgedBy(StrEnum):
    """Who said that the report has been received."""

    LINK = "link"
    COORDINATOR = "coordinator"


class ReceiverAnswer(StrEnum):
    """What the board decided (20 kap. 2 § socialtjanstlagen 2025:400); nothing more is ever asked."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"
    ONGOING = "ongoing"


class Gender(StrEnum):
    """As the receiving forms ask for it."""

    GIRL = "girl"
    BOY = "boy"
    UNKNOWN = "unknown"


class GuardianInformed(StrEnum):
    """Whether a guardian knows of the report. In a suspicion of honour-related violence the answer must be no."""

    NO = "no"
    YES = "yes"
    MUST_NOT = "must_not"


class TravelSuspicion(StrEnum):
    """Whether the child is thought to have been taken abroad, or to be about to."""

    TAKEN = "taken"
    PLANNED = "planned"
    NO = "no"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """What somebody fears is meant with a journey. Several are usual, and often nobody knows which."""

    MARRIAGE = "marriage"
    MUTILATION = "mutilation"
    UPBRINGING = "upbringing"
    CONVERSION = "conversion"
    AVOID_AUTHORITY = "avoid_authority"
    VIRGINITY_CONTROL = "virginity_control"
    CUSTODY = "custody"
    OTHER = "other"
    UNKNOWN = "unknown"
