"""The pages of surveys, by page in the modules of this folder."""

from app.surveys.pages.dry_run import make_dry_run
from app.surveys.pages.letters import LetterPage, make_plan_letter, make_round_letter
from app.surveys.pages.plans import make_plans_page, name_anchor
from app.surveys.pages.reminding import compose_reminded, make_remind_preview
from app.surveys.pages.room import Narrow, list_acts, list_silent_names, make_control_room
from app.surveys.pages.unit import list_numbers, make_unit_page
from app.surveys.pages.words import wave_label

__all__ = [
    "LetterPage",
    "Narrow",
    "compose_reminded",
    "list_acts",
    "list_numbers",
    "list_silent_names",
    "make_control_room",
    "make_dry_run",
    "make_plan_letter",
    "make_plans_page",
    "make_remind_preview",
    "make_round_letter",
    "make_unit_page",
    "name_anchor",
    "wave_label",
]
