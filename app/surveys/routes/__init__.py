"""The views of surveys, by page in the modules of this folder."""

from app.surveys.routes import drafts, plans, room, rounds, stopping, units
from app.surveys.routes.blueprint import bp

__all__ = ["bp", "drafts", "plans", "room", "rounds", "stopping", "units"]
