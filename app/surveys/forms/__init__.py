"""The forms of surveys, by page in the modules of this folder."""

from app.surveys.forms.plans import PLAN_SAVED, EditSurveyPlanForm
from app.surveys.forms.room import (
    EXTENDED,
    NOTE_SAVED,
    AddPhoneNoteForm,
    ExtendInvitationForm,
    FindUnitsForm,
    RemindUnitsForm,
)
from app.surveys.forms.rounds import DONE, ReopenRoundForm, StateRoundForm
from app.surveys.forms.words import CHANGED_MEANWHILE, REFUSALS, UNEXPECTED

__all__ = [
    "CHANGED_MEANWHILE",
    "DONE",
    "EXTENDED",
    "NOTE_SAVED",
    "PLAN_SAVED",
    "REFUSALS",
    "UNEXPECTED",
    "AddPhoneNoteForm",
    "EditSurveyPlanForm",
    "ExtendInvitationForm",
    "FindUnitsForm",
    "RemindUnitsForm",
    "ReopenRoundForm",
    "StateRoundForm",
]
