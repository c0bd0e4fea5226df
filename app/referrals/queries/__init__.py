"""Finding reports of concern and receivers. An author reaches the own reports, a coordinator the municipality's."""

from app.referrals.queries.receivers import (
    exists_receiver,
    find_default_receiver,
    get_receiver,
    list_receivers,
)
from app.referrals.queries.reports import (
    ListedReport,
    find_link,
    find_message_state,
    get_document_copy,
    get_link,
    get_report,
    list_reports,
    list_reports_of_case,
)

__all__ = [
    "ListedReport",
    "exists_receiver",
    "find_default_receiver",
    "find_link",
    "find_message_state",
    "get_document_copy",
    "get_link",
    "get_receiver",
    "get_report",
    "list_receivers",
    "list_reports",
    "list_reports_of_case",
]
