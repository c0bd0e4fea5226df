"""Words of the survey, and its limits."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.schools.types import TermKind

MOST_DAYS: Final = 60
"""School days from the day a round hangs on to its last: a third of a school year."""
MOST_REMINDERS: Final = 3
"""Reminders of one round: more of them are noise, and after them somebody phones."""
MOST_WAVES: Final = 4
"""The first asking of a plan and its follow-ups."""
LONGEST_LETTER: Final = 6000
"""Characters of the director's letter: two pages."""
LATE: Final = timedelta(hours=12)
"""What goes later than this after its time is marked late: it was not a slow tick but a day when nothing ran."""


class Asks(StrEnum):
    """What a round asks a school unit about."""

    RETURN = "return"
    """Who has not come back: figures and pupils."""
    WORRY = "worry"
    """Whom the staff worry about before a break: pupils only, and no figures."""
    REPORT = "report"
    """Missing pupils reported outside a round: pupils only."""


class PlanKind(StrEnum):
    """When in a school year a round asks."""

    AFTER_SUMMER = "after_summer"
    AFTER_CHRISTMAS = "after_christmas"
    AFTER_AUTUMN = "after_autumn"
    BEFORE_CHRISTMAS = "before_christmas"
    BEFORE_SUMMER = "before_summer"
    ANY_TIME = "any_time"
    """All year round, begun by a school; no plan of days."""

    @property
    def term(self) -> TermKind:
        """The term that the round belongs to."""
        is_spring = self in (PlanKind.AFTER_CHRISTMAS, PlanKind.BEFORE_SUMMER)
        return TermKind.SPRING if is_spring else TermKind.AUTUMN

    @property
    def asks(self) -> Asks:
        """What its rounds ask about."""
        if self is PlanKind.ANY_TIME:
            return Asks.REPORT
        return Asks.WORRY if self.is_before_a_break else Asks.RETURN

    @property
    def is_before_a_break(self) -> bool:
        """Whether the round is reckoned backward, from the first day of a break."""
        return self in (PlanKind.BEFORE_CHRISTMAS, PlanKind.BEFORE_SUMMER)


class RoundState(StrEnum):
    """Whether a round takes answers."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    """Stopped by a person before it opened or while it was open; it never opens by itself."""


class InvitationState(StrEnum):
    """How far a school unit's answer has come."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    COMPLETED = "completed"
    """Everything is filled in, and nothing has been sent: to the municipality that is no answer."""
    SUBMITTED = "submitted"


class StepKind(StrEnum):
    """What is done about a unit that has not answered."""

    REMINDER = "reminder"
    ESCALATION = "escalation"
    """The next in the chain is told: the one the principal answers to."""
    CALL = "call"
    """The coordinator phones: a task, and no mail."""


class MessageKind(StrEnum):
    """What a dry run lists."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    CALL = "call"
    CLOSING = "closing"
    """The coordinators are told which units have not answered."""


class ReminderKind(StrEnum):
    """What the reminded unit had done until then."""

    SILENT = "silent"
    STARTED = "started"
    COMPLETED = "completed"


REMINDER_KINDS: Final = {
    InvitationState.NOT_STARTED: ReminderKind.SILENT,
    InvitationState.STARTED: ReminderKind.STARTED,
    InvitationState.COMPLETED: ReminderKind.COMPLETED,
}


class Sparing(StrEnum):
    """Why a unit gets no manual reminder."""

    ANSWERED = "answered"
    NOT_OPEN = "not_open"
    """Its round takes no answers: not opened, closed or cancelled."""
    NOT_ASKED = "not_asked"
    """It has not got its invitation yet."""
    REMINDED_TODAY = "reminded_today"
    INACTIVE = "inactive"
    """The school unit is closed down."""
