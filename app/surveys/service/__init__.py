"""What is done with plans, rounds and invitations."""

from app.surveys.service.any_time import start_any_time_invitation
from app.surveys.service.by_hand import (
    RemindedNow,
    add_phone_note,
    add_wave,
    can_add_wave,
    cancel_round,
    change_round_days,
    close_round_now,
    confirm_round,
    copy_last_year,
    edit_plan,
    edit_plan_letter,
    edit_round_letter,
    edit_wave,
    extend_invitation,
    remind_now,
    remove_wave,
    reopen_round,
    restore_round,
    suggest_days,
)
from app.surveys.service.drafting import draft_rounds, redraft
from app.surveys.service.invitations import lock_invitation, push_response_state, send_due_invitations
from app.surveys.service.plans import import_plans
from app.surveys.service.rounds import close_round, open_round
from app.surveys.service.steps import UnitCalendars, take_due_steps

__all__ = [
    "RemindedNow",
    "UnitCalendars",
    "add_phone_note",
    "add_wave",
    "can_add_wave",
    "cancel_round",
    "change_round_days",
    "close_round",
    "close_round_now",
    "confirm_round",
    "copy_last_year",
    "draft_rounds",
    "edit_plan",
    "edit_plan_letter",
    "edit_round_letter",
    "edit_wave",
    "extend_invitation",
    "import_plans",
    "lock_invitation",
    "open_round",
    "push_response_state",
    "redraft",
    "remind_now",
    "remove_wave",
    "reopen_round",
    "restore_round",
    "send_due_invitations",
    "start_any_time_invitation",
    "suggest_days",
    "take_due_steps",
]
