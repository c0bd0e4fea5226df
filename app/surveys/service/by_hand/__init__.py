"""What people do with plans, rounds and units, beside what goes by itself."""

from app.surveys.service.by_hand.letters import edit_plan_letter, edit_round_letter
from app.surveys.service.by_hand.planning import change_round_days, confirm_round, copy_last_year
from app.surveys.service.by_hand.reminding import RemindedNow, remind_now
from app.surveys.service.by_hand.stopping import cancel_round, close_round_now, reopen_round, restore_round
from app.surveys.service.by_hand.units import add_phone_note, extend_invitation
from app.surveys.service.by_hand.waves import add_wave, can_add_wave, edit_plan, edit_wave, remove_wave, suggest_days

__all__ = [
    "RemindedNow",
    "add_phone_note",
    "add_wave",
    "can_add_wave",
    "cancel_round",
    "change_round_days",
    "close_round_now",
    "confirm_round",
    "copy_last_year",
    "edit_plan",
    "edit_plan_letter",
    "edit_round_letter",
    "edit_wave",
    "extend_invitation",
    "remind_now",
    "remove_wave",
    "reopen_round",
    "restore_round",
    "suggest_days",
]
