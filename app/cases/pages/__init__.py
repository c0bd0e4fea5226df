"""What the pages of cases show, in Swedish words; by page in the modules of this folder."""

from app.cases.pages.case import CasePage, list_case_readings, list_readers, make_case_page
from app.cases.pages.chronology import make_claim_lines
from app.cases.pages.queue import list_coordinators, list_units, make_lines, make_queue_page
from app.cases.pages.words import DONE, compose_assigned, word_of_branch, words_of_outcome

__all__ = [
    "DONE",
    "CasePage",
    "compose_assigned",
    "list_case_readings",
    "list_coordinators",
    "list_readers",
    "list_units",
    "make_case_page",
    "make_claim_lines",
    "make_lines",
    "make_queue_page",
    "word_of_branch",
    "words_of_outcome",
]
