"""Finding answers. A respondent reaches those of the own school units, a coordinator all; nobody else any."""

from app.responses.queries.answers import (
    MOST_VERSIONS,
    ListedEntry,
    count_versions,
    find_draft,
    find_latest_pupil,
    find_return,
    find_submitted,
    get_missing_pupil,
    get_submitted_version,
    list_drafted,
    list_listed,
    list_pupils_of_entry,
    list_returned,
    list_submitted,
)
from app.responses.queries.carrying import (
    Carried,
    exists_earlier_answer,
    find_replaced,
    list_carried,
    list_carried_answers,
    list_carried_rows,
)

__all__ = [
    "MOST_VERSIONS",
    "Carried",
    "ListedEntry",
    "count_versions",
    "exists_earlier_answer",
    "find_draft",
    "find_latest_pupil",
    "find_replaced",
    "find_return",
    "find_submitted",
    "get_missing_pupil",
    "get_submitted_version",
    "list_carried",
    "list_carried_answers",
    "list_carried_rows",
    "list_drafted",
    "list_listed",
    "list_pupils_of_entry",
    "list_returned",
    "list_submitted",
]
