"""The blueprint of pages about class lists, and what the coordinator's and a school's have in common."""

from typing import Final
from uuid import UUID

from flask import Blueprint

from app.kernel.errors import Refused
from app.rosters import queries
from app.rosters.forms import DecideForm
from app.web.requests import db_session

bp = Blueprint("rosters", __name__)

UNPROCESSABLE: Final = 422


def decided_upload(round_id: UUID, school_unit_id: UUID | None) -> UUID:
    """Return the hand-over that the page showed: a municipality's, or one unit's own.

    Raises `Refused` when another has taken its place.
    """
    form, waiting = DecideForm(), queries.find_waiting_upload(db_session(), round_id, school_unit_id)
    if waiting is None or not form.validate() or not form.is_about(waiting.id):
        raise Refused("upload_is_gone")
    return waiting.id
