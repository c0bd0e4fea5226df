"""The report as its receiver gets it: one list of rows, which the preview shows and the PDF is set from.

The words stand in `templates/referrals/`: the rows in a table beside the typst template that gives them their form.
"""

from app.referrals.documents.layout import ReportRow, ReportSection, sentence, word, words
from app.referrals.documents.report import (
    DUTY,
    FEEDBACK,
    CitedLaw,
    ReportDocument,
    ReportFrame,
    compose_report,
    file_name,
    fingerprint,
    make_document,
    receiver_lines,
    set_report,
)

__all__ = [
    "DUTY",
    "FEEDBACK",
    "CitedLaw",
    "ReportDocument",
    "ReportFrame",
    "ReportRow",
    "ReportSection",
    "compose_report",
    "file_name",
    "fingerprint",
    "make_document",
    "receiver_lines",
    "sentence",
    "set_report",
    "word",
    "words",
]
