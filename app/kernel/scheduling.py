"""What a job is; who runs it is the business of `app.scheduler`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Database, Model


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of recurring work: it asks the database what is due and does each item in a transaction of its own."""

    id: str
    run: Callable[[Database], None]


class JobRun(Model):
    """The last time a job ran, so that one which did not is visible. Machine time: it watches the machine."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    """The class of the last exception, never its text."""
