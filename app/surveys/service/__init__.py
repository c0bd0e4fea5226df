"""What is done with plans, rounds and invitations."""

from app.surveys.service.by_hand import (
    RemindedNow,
    add_phone_note,
    cancel_round,
    close_round_now,
    extend_invitation,
    remind_now,
    reopen_round,
    restore_round,
)
from app.surveys.service.drafting import draft_rounds, redraft
from app.surveys.service.invitations import lock_invitation, push_response_state, send_due_invitations
from app.surveys.service.plans import edit_plan, import_plans
from app.surveys.service.rounds import close_round, open_round
from app.surveys.service.steps import take_due_steps

__all__ = [
    "RemindedNow",
    "add_phone_note",
    "cancel_round",
    "close_round",
    "close_round_now",
    "draft_rounds",
    "edit_plan",
    "extend_invitation",
    "import_plans",
    "lock_invitation",
    "open_round",
    "push_response_state",
    "redraft",
    "remind_now",
    "reopen_round",
    "restore_round",
    "send_due_invitations",
    "take_due_steps",
]
