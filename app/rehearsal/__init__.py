"""The rehearsal: an invented municipality, named situations, and a clock that can be moved."""
