"""The pages of surveys, by page in the modules of this folder."""

from app.surveys.pages.reminding import compose_reminded, make_remind_preview
from app.surveys.pages.room import ControlRoom, Narrow, list_acts, list_silent_names, make_control_room
from app.surveys.pages.rounds import name_missed
from app.surveys.pages.unit import list_numbers, make_unit_page

__all__ = [
    "ControlRoom",
    "Narrow",
    "compose_reminded",
    "list_acts",
    "list_numbers",
    "list_silent_names",
    "make_control_room",
    "make_remind_preview",
    "make_unit_page",
    "name_missed",
]
