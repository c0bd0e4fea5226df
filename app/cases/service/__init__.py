"""What can be done with a case, one verb each; by noun in the modules of this folder."""

from app.cases.service.chronology import add_claim, add_note, correct_note, verify_claim
from app.cases.service.deadlines import add_deadline, cancel_deadlines, meet_deadline
from app.cases.service.endings import close_case, settle_concern
from app.cases.service.opening import open_case, open_cases, reopen_case
from app.cases.service.protection import ON_PROTECTED, confirm_protection
from app.cases.service.reports import note_report_acknowledged, note_report_answered, note_report_handed_over
from app.cases.service.returns import confirm_return, note_return_reported
from app.cases.service.steps import (
    assess_case,
    assign_case,
    assign_cases,
    complete_step,
    mark_information_read,
    resume_case,
    set_contact_safety,
    wait_for_others,
)
from app.cases.service.waves import note_back_after_break, note_return_taken_back, note_still_away

__all__ = [
    "ON_PROTECTED",
    "add_claim",
    "add_deadline",
    "add_note",
    "assess_case",
    "assign_case",
    "assign_cases",
    "cancel_deadlines",
    "close_case",
    "complete_step",
    "confirm_protection",
    "confirm_return",
    "correct_note",
    "mark_information_read",
    "meet_deadline",
    "note_back_after_break",
    "note_report_acknowledged",
    "note_report_answered",
    "note_report_handed_over",
    "note_return_reported",
    "note_return_taken_back",
    "note_still_away",
    "open_case",
    "open_cases",
    "reopen_case",
    "resume_case",
    "set_contact_safety",
    "settle_concern",
    "verify_claim",
    "wait_for_others",
]
