"""Where a work is measured: a database with the schema, a folder, and a watch."""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from app.kernel import installation
from app.kernel.database import Database


@dataclass(frozen=True, slots=True)
class Place:
    """A database that is the work's own, and a folder for its files; both outlive the processes that use them."""

    database: Database
    folder: Path

    @classmethod
    def at(cls, url: str, folder: Path) -> "Place":
        """Open it, with the keys that its database was made with."""
        database = Database(url)
        installation.check(database, folder.parent / "keys")
        return cls(database, folder)


@dataclass(slots=True)
class Watch:
    """Measures what runs inside `with watch:`; several of them add up."""

    seconds: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)
    _since: float = 0.0

    def __enter__(self) -> "Watch":
        self._since = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trail: TracebackType | None
    ) -> None:
        self.seconds += time.perf_counter() - self._since


Do = Callable[[Place, Watch], None]


def compare(place: Place, ours: Do, raw: Do | None, rounds: int) -> dict[str, Any]:
    """Let the two take turns, once each to warm up and then so many rounds, and return the medians."""
    ours_took, raw_took, notes = [], [], {}
    for number in range(rounds + 1):
        for do, took in ((raw, raw_took), (ours, ours_took)):
            if do is not None:
                watch = Watch()
                do(place, watch)
                notes |= watch.notes
                if number:
                    took.append(watch.seconds)
    seconds = statistics.median(ours_took)
    if raw is None:
        return {"seconds": seconds, **notes}
    raw_seconds = statistics.median(raw_took)
    return {"seconds": seconds, "raw_seconds": raw_seconds, "ratio": seconds / raw_seconds, **notes}


def peak_mb() -> float:
    """Return the most memory this process has had."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)
