"""What people do with plans, rounds and units, beside what goes by itself."""

from app.surveys.service.by_hand.reminding import RemindedNow, remind_now
from app.surveys.service.by_hand.stopping import cancel_round, close_round_now, reopen_round, restore_round
from app.surveys.service.by_hand.units import add_phone_note, extend_invitation

__all__ = [
    "RemindedNow",
    "add_phone_note",
    "cancel_round",
    "close_round_now",
    "extend_invitation",
    "remind_now",
    "reopen_round",
    "restore_round",
]
