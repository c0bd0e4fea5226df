"""Finding frozen terms, and counting what is to be frozen."""

from app.summaries.queries.counting import count_answers, find_term_end, list_alike, list_rounds_of_term
from app.summaries.queries.snapshots import (
    find_snapshot,
    get_snapshot,
    list_snapshots,
    list_terms_to_freeze,
)

__all__ = [
    "count_answers",
    "find_snapshot",
    "find_term_end",
    "get_snapshot",
    "list_alike",
    "list_rounds_of_term",
    "list_snapshots",
    "list_terms_to_freeze",
]
