"""Finding plans, rounds and invitations, and what is due."""

from app.surveys.queries.due import (
    exists_invitation_to_open,
    exists_invitation_to_remind,
    find_round_to_close,
    list_due_occurrences,
    list_invitations_to_open,
    list_invitations_to_remind,
    list_missed_occurrences,
    list_rounds_to_close,
)
from app.surveys.queries.plans import (
    ComingRound,
    NextOpening,
    UnitSchedule,
    find_next_opening,
    get_plan,
    list_coming_rounds,
    list_plans,
    list_schedules,
)
from app.surveys.queries.rounds import (
    RoundOverview,
    get_invitation,
    get_round,
    list_invitations,
    list_invitations_of_units,
    list_reminders,
    list_round_overviews,
    list_rounds,
)

__all__ = [
    "ComingRound",
    "NextOpening",
    "RoundOverview",
    "UnitSchedule",
    "exists_invitation_to_open",
    "exists_invitation_to_remind",
    "find_next_opening",
    "find_round_to_close",
    "get_invitation",
    "get_plan",
    "get_round",
    "list_coming_rounds",
    "list_due_occurrences",
    "list_invitations",
    "list_invitations_of_units",
    "list_invitations_to_open",
    "list_invitations_to_remind",
    "list_missed_occurrences",
    "list_plans",
    "list_reminders",
    "list_round_overviews",
    "list_rounds",
    "list_rounds_to_close",
    "list_schedules",
]
