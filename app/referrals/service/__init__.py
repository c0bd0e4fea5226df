"""What is done with reports of concern and with the receivers' register."""

from app.referrals.documents import receiver_lines
from app.referrals.service.answers import (
    acknowledge_by_link,
    answer_by_link,
    note_link_opened,
    record_acknowledgement,
    record_answer,
)
from app.referrals.service.drafts import (
    Beginning,
    find_beginning,
    save_report,
    start_report,
    withdraw_report,
)
from app.referrals.service.hand_overs import hand_over, send_link_again
from app.referrals.service.reading import document_of, goes_elsewhere, pdf_of
from app.referrals.service.receivers import add_receiver, edit_receiver, import_receivers

__all__ = [
    "Beginning",
    "acknowledge_by_link",
    "add_receiver",
    "answer_by_link",
    "document_of",
    "edit_receiver",
    "find_beginning",
    "goes_elsewhere",
    "hand_over",
    "import_receivers",
    "note_link_opened",
    "pdf_of",
    "receiver_lines",
    "record_acknowledgement",
    "record_answer",
    "save_report",
    "send_link_again",
    "start_report",
    "withdraw_report",
]
