"""Class lists, and where they are fetched from; by noun in the modules of this folder."""

from app.rosters.models.fetching import RegisterConnection, RosterFetch

__all__ = ["RegisterConnection", "RosterFetch"]
