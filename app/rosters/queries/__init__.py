"""Finding class lists and what was fetched; by noun in the modules of this folder."""

from app.rosters.queries.fetching import (
    claim_attempt,
    claim_fetch,
    claim_unfinished_fetch,
    find_connection,
    find_unfinished_fetch,
    get_fetch,
    list_answered_units,
    list_fetches,
    list_own_units,
    list_trials,
    list_waiting_fetches,
)
from app.rosters.queries.rosters import (
    find_roster,
    find_waiting_upload,
    get_class,
    get_upload,
    list_classes_with_pupils,
    list_needless,
    list_rosters_of_upload,
    list_staged,
    list_stale_uploads,
)

__all__ = [
    "claim_attempt",
    "claim_fetch",
    "claim_unfinished_fetch",
    "find_connection",
    "find_roster",
    "find_unfinished_fetch",
    "find_waiting_upload",
    "get_class",
    "get_fetch",
    "get_upload",
    "list_answered_units",
    "list_classes_with_pupils",
    "list_fetches",
    "list_needless",
    "list_own_units",
    "list_rosters_of_upload",
    "list_staged",
    "list_stale_uploads",
    "list_trials",
    "list_waiting_fetches",
]
