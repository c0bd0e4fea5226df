"""The questions asked about a case, in Swedish; by noun in the modules of this folder."""

from app.cases.forms.chronology import AddClaimForm, AddNoteForm, CorrectNoteForm, VerifyClaimForm
from app.cases.forms.endings import (
    ChooseOutcomeForm,
    CloseCaseForm,
    ConfirmProtectionForm,
    ConfirmReturnForm,
    ReopenCaseForm,
    SettleConcernForm,
    make_close_form,
)
from app.cases.forms.queue import AssignCasesForm, ListCasesForm, SearchCasesForm, address_of, read_tab
from app.cases.forms.steps import (
    AssessCaseForm,
    AssignCaseForm,
    CompleteStepForm,
    DepartFromStepForm,
    ResumeCaseForm,
    SetContactSafetyForm,
    WaitForOthersForm,
)

__all__ = [
    "AddClaimForm",
    "AddNoteForm",
    "AssessCaseForm",
    "AssignCaseForm",
    "AssignCasesForm",
    "ChooseOutcomeForm",
    "CloseCaseForm",
    "CompleteStepForm",
    "ConfirmProtectionForm",
    "ConfirmReturnForm",
    "CorrectNoteForm",
    "DepartFromStepForm",
    "ListCasesForm",
    "ReopenCaseForm",
    "ResumeCaseForm",
    "SearchCasesForm",
    "SetContactSafetyForm",
    "SettleConcernForm",
    "VerifyClaimForm",
    "WaitForOthersForm",
    "address_of",
    "make_close_form",
    "read_tab",
]
