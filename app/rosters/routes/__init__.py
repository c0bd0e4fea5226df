"""Pages about class lists; by noun in the modules of this folder."""

from app.rosters.routes import fetches, lists, own_list
from app.rosters.routes.blueprint import bp

__all__ = ["bp", "fetches", "lists", "own_list"]
