"""Nothing about a report happens by itself: what becomes late is told by its deadlines, and only people send it again."""

from typing import Final

from app.kernel.scheduling import Job

JOBS: Final[tuple[Job, ...]] = ()
