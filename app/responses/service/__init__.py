"""What a school does with its answer. Session and actor are arguments; nothing here commits.

Every change begins by locking the invitation's row, so that two people at one school, or two clicks, come in line.
"""

from app.responses.service.drafts import change_response, save_figures, start_response
from app.responses.service.pupils import (
    ON_WITHHELD,
    add_missing_pupil,
    remove_missing_pupil,
    save_calls,
    save_pupil_page,
    withhold_pupil,
)
from app.responses.service.returns import report_return
from app.responses.service.submission import submit_nil_return, submit_response

__all__ = [
    "ON_WITHHELD",
    "add_missing_pupil",
    "change_response",
    "remove_missing_pupil",
    "report_return",
    "save_calls",
    "save_figures",
    "save_pupil_page",
    "start_response",
    "submit_nil_return",
    "submit_response",
    "withhold_pupil",
]
