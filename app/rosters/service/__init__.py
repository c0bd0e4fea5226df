"""What is done with class lists; by noun in the modules of this folder."""

from app.rosters.service.destruction import (
    UNCONFIRMED_FOR,
    destroy_needless,
    destroy_roster,
    drop_stale_upload,
    remove_own_list,
    remove_untouched_lists,
)
from app.rosters.service.fetching import carry_out_fetch, order_fetch
from app.rosters.service.marks import save_marks
from app.rosters.service.register import remove_connection, save_connection
from app.rosters.service.staging import confirm_upload, discard_upload, stage
from app.rosters.service.uploads import stage_municipal_file, stage_own_file

__all__ = [
    "UNCONFIRMED_FOR",
    "carry_out_fetch",
    "confirm_upload",
    "destroy_needless",
    "destroy_roster",
    "discard_upload",
    "drop_stale_upload",
    "order_fetch",
    "remove_connection",
    "remove_own_list",
    "remove_untouched_lists",
    "save_connection",
    "save_marks",
    "stage",
    "stage_municipal_file",
    "stage_own_file",
]
