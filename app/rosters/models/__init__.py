"""Class lists, and where they are fetched from; by noun in the modules of this folder."""

from app.rosters.models.fetching import RegisterConnection, RosterFetch
from app.rosters.models.rosters import Roster, RosterClass, RosterUpload

__all__ = ["RegisterConnection", "Roster", "RosterClass", "RosterFetch", "RosterUpload"]
