"""A monitor can see that the machine is alive, and nothing else."""

from collections.abc import Callable

from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.scheduling import JobRun
from tests.pages import Browser


def test_it_tells_when_each_job_last_ran(
    database: Database, new_browser: Callable[[], Browser], coordinator: Account
) -> None:
    at = clock.wall()
    with database.transaction() as session:
        session.add(JobRun(job="surveys.open_due_rounds", started_at=at, finished_at=at))
        session.add(JobRun(job="outbox.deliver_due", started_at=at, finished_at=at, failed_at=at, failure="KeyError"))
    answer = new_browser().get("/status")
    assert answer.status_code == 200
    jobs = answer.get_json()["jobs"]
    assert jobs == {
        "outbox.deliver_due": {"finished_at": at.isoformat(), "failed_at": at.isoformat()},
        "surveys.open_due_rounds": {"finished_at": at.isoformat(), "failed_at": None},
    }
    assert coordinator.name not in answer.text
