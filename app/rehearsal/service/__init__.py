"""What is done in a rehearsal: filling it, moving its clock, playing its story."""

from app.rehearsal.service.clockwork import move_clock
from app.rehearsal.service.playing import play
from app.rehearsal.service.seeding import describe, seed_if_empty

__all__ = ["describe", "move_clock", "play", "seed_if_empty"]
