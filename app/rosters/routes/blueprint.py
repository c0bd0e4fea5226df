"""The blueprint of pages about class lists, and what the coordinator's and a school's have in common."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Blueprint

from app.kernel.csv_files import FilesRefused
from app.kernel.errors import Refused
from app.rosters import queries
from app.rosters.forms import DecideForm, UploadListForm
from app.rosters.pages import Faults, tell_faults
from app.web.requests import db_session

bp = Blueprint("rosters", __name__)

UNPROCESSABLE: Final = 422


def take_file(form: UploadListForm, stage: Callable[[bytes], object]) -> Faults | None:
    """Stage the file of a form that holds; return what is wrong with it, which is said at the form too, or None."""
    try:
        stage(form.to_command())
    except FilesRefused as refused:
        faults = tell_faults(refused.problems)
        form.refuse(faults.summary)
        return faults
    return None


def decided_upload(round_id: UUID, school_unit_id: UUID | None) -> UUID:
    """Return the hand-over that the page showed: a municipality's, or one unit's own.

    Raises `Refused` when another has taken its place.
    """
    form, waiting = DecideForm(), queries.find_waiting_upload(db_session(), round_id, school_unit_id)
    if waiting is None or not form.validate() or not form.is_about(waiting.id):
        raise Refused("upload_is_gone")
    return waiting.id
