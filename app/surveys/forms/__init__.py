"""The forms of surveys, by page in the modules of this folder."""

from app.surveys.forms.days import days_as_data
from app.surveys.forms.plans import PLAN_DONE, EditLetterForm, EditSurveyPlanForm, EditWaveForm, FindMessagesForm
from app.surveys.forms.room import (
    ADDRESS_CORRECTED,
    EXTENDED,
    NOTE_SAVED,
    AddPhoneNoteForm,
    CorrectAddressesForm,
    ExtendInvitationForm,
    FindUnitsForm,
    RemindUnitsForm,
)
from app.surveys.forms.rounds import DONE, ChangeRoundDaysForm, ReopenRoundForm, StateRoundForm, VersionForm
from app.surveys.forms.words import CHANGED_MEANWHILE, REFUSALS, UNEXPECTED

__all__ = [
    "ADDRESS_CORRECTED",
    "CHANGED_MEANWHILE",
    "DONE",
    "EXTENDED",
    "NOTE_SAVED",
    "PLAN_DONE",
    "REFUSALS",
    "UNEXPECTED",
    "AddPhoneNoteForm",
    "ChangeRoundDaysForm",
    "CorrectAddressesForm",
    "EditLetterForm",
    "EditSurveyPlanForm",
    "EditWaveForm",
    "ExtendInvitationForm",
    "FindMessagesForm",
    "FindUnitsForm",
    "RemindUnitsForm",
    "ReopenRoundForm",
    "StateRoundForm",
    "VersionForm",
    "days_as_data",
]
