"""The work that is measured, each beside its raw floor: `make bench`.

A work is a module of this package with

- `prepare(place)`: fills the database and the folder of the place, once, in a process of its own;
- `ours(place, watch)`: does the work once, with `with watch:` around what is measured and its undoing outside;
- `raw(place, watch)`: does the same rows in plain SQL through the same driver; left out where there is no floor.

Each work runs on a database of its own. `ours` and `raw` take turns, and the medians are compared; then `ours` runs
once more in a fresh process, whose memory is the peak. What `ours` writes to `watch.notes` (such as `queries`) is told
too. To add a work: a module here, and a line in `WORKS`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Work:
    """Something to measure, and what is good enough."""

    name: str
    module: str
    """The module of this package."""
    most_ratio: float | None = None
    """How many times the raw floor it may take."""
    most_seconds: float | None = None
    most_mb: float | None = None
    is_told: bool = True
    """Whether it is in the JSON object on the last line; the others are in the table only."""
    kinds: tuple[str, ...] = ("postgresql", "sqlite")
    """The databases it is measured on; the JSON has the first one's figures."""
    rounds: int = 5


WORKS: Final = (
    Work("open_round_6000", "open_round", most_ratio=2.5),
    Work("open_round_6000_again", "open_round_again", most_ratio=1, is_told=False),
    Work("roster_csv_100000", "roster_csv", most_ratio=4, most_mb=256, rounds=3),
    Work("roster_xlsx_100000", "roster_xlsx", most_ratio=4, most_mb=256, rounds=3),
    Work("control_room_200", "control_room"),
    Work("remind_6000", "steps", most_seconds=5, is_told=False, rounds=3),
    Work("idle_tick_290", "idle_tick", most_seconds=0.05, is_told=False),
)
