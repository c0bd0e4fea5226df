"""Nothing about a report happens by itself: its deadlines tell what is late, and people send it again."""

from typing import Final

from app.kernel.scheduling import Job

JOBS: Final[tuple[Job, ...]] = ()
