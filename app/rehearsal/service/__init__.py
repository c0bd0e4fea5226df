"""What is done in a rehearsal: filling it, moving its clock, playing its story."""

from app.rehearsal.service.clockwork import move_clock
from app.rehearsal.service.figures import gather_figures
from app.rehearsal.service.playing import play
from app.rehearsal.service.seeding import describe, seed_if_empty

__all__ = ["describe", "gather_figures", "move_clock", "play", "seed_if_empty"]
