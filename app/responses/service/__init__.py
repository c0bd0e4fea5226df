"""What a school does with its answer. Session and actor are arguments; nothing here commits.

Every change begins by locking the invitation's row, so that two people at one school, or two clicks, come in line.
"""

from app.responses.service.absence_lists import (
    confirm_absence_list,
    discard_absence_list,
    forget_old_absence_lists,
    preview_absence_list,
)
from app.responses.service.classes import save_class, save_unlisted
from app.responses.service.drafts import change_response, save_figures, start_response
from app.responses.service.follow_ups import answer_carried
from app.responses.service.pupils import (
    ON_WITHHELD,
    add_missing_pupil,
    remove_missing_pupil,
    save_calls,
    save_pupil_page,
    withhold_pupil,
)
from app.responses.service.question_sets import adopt_questions
from app.responses.service.reports import start_report
from app.responses.service.returns import report_return
from app.responses.service.submission import submit_nil_return, submit_response

__all__ = [
    "ON_WITHHELD",
    "add_missing_pupil",
    "adopt_questions",
    "answer_carried",
    "change_response",
    "confirm_absence_list",
    "discard_absence_list",
    "forget_old_absence_lists",
    "preview_absence_list",
    "remove_missing_pupil",
    "report_return",
    "save_calls",
    "save_class",
    "save_figures",
    "save_pupil_page",
    "save_unlisted",
    "start_report",
    "start_response",
    "submit_nil_return",
    "submit_response",
    "withhold_pupil",
]
