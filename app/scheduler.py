"""Background work, composed: which jobs there are, who composes which mail, and the ticker that runs them.

APScheduler is a ticker and nothing more: what is due lives in our tables, so any number of tickers and any crash are
harmless. This is the only module that imports it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.accounts import jobs as account_jobs
from app.accounts import mails as account_mails
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.email import MaildirTransport, SmtpTransport, Transport
from app.kernel.errors import trail
from app.kernel.installation import is_rehearsal
from app.kernel.scheduling import Job, JobRun
from app.outbox.service import Composer, deliver_due
from app.referrals import jobs as referral_jobs
from app.referrals import mails as referral_mails
from app.responses import jobs as response_jobs
from app.rosters import jobs as roster_jobs
from app.summaries import jobs as summary_jobs
from app.surveys import jobs as survey_jobs
from app.surveys import mails as survey_mails
from app.web import jobs as web_jobs
from config import Config

EVERY: Final = 30
"""Seconds between ticks: a mail waits at most this long, and an idle tick costs a few queries."""

COMPOSERS: Final[Mapping[str, Composer]] = {
    **account_mails.COMPOSERS,
    **survey_mails.COMPOSERS,
    **referral_mails.COMPOSERS,
}
JOBS: Final = (
    *(*survey_jobs.JOBS, *roster_jobs.JOBS, *response_jobs.JOBS, *referral_jobs.JOBS, *summary_jobs.JOBS),
    *(*account_jobs.JOBS, *web_jobs.JOBS),
)
SLOW_JOBS: Final = roster_jobs.SLOW_JOBS
"""Those that wait for other people's servers. They have a ticker of their own, so that no mail waits with them."""

logger = logging.getLogger(__name__)


def run_all(database: Database, config: Config) -> None:
    """Do everything that is due now, the slow last."""
    run_quick(database, config)
    run_slow(database)


def run_quick(database: Database, config: Config) -> None:
    """Do everything that is due now and quick, then send what it queued; a job that fails stops only itself."""
    _run_jobs(database, (*JOBS, make_delivery(database, config)))


def run_slow(database: Database) -> None:
    """Do what is due now and may take long."""
    _run_jobs(database, SLOW_JOBS)


def make_delivery(database: Database, config: Config) -> Job:
    """Return the job that sends queued mail by the transport this installation may use."""
    transport = make_transport(database, config)
    return Job("outbox.deliver_due", lambda db: _deliver_all(db, transport, config.public_url))


def make_transport(database: Database, config: Config) -> Transport:
    """Return SMTP, or a maildir in a rehearsal, whatever SMTP is configured."""
    with database.reading() as session:
        if is_rehearsal(session):
            return MaildirTransport(config.maildir, config.mail_sender)
    return SmtpTransport(
        config.smtp_host, config.smtp_port, config.mail_sender, config.smtp_username, config.smtp_password
    )


def _deliver_all(database: Database, transport: Transport, public_url: str) -> None:
    while deliver_due(database, transport, COMPOSERS, public_url):
        pass


@dataclass(frozen=True, slots=True)
class _Run:
    """When a job ran, and the class of what stopped it."""

    job: str
    started_at: datetime
    finished_at: datetime
    failure: str | None


def _run_jobs(database: Database, jobs: Sequence[Job]) -> None:
    runs = [_run(database, job) for job in jobs]
    try:
        _note(database, runs)
    except DBAPIError as error:  # Without a database, or when another process noted its first runs at this moment.
        logger.error("the runs of a tick could not be noted: %s", trail(error))


def _run(database: Database, job: Job) -> _Run:
    started, failure = clock.wall(), None
    try:
        job.run(database)
    except Exception as error:
        logger.error("job %s failed: %s", job.id, trail(error))
        failure = type(error).__name__
    return _Run(job.id, started, clock.wall(), failure)


def _note(database: Database, runs: Sequence[_Run]) -> None:
    """Note all runs in one transaction: a tick with nothing to do writes once."""
    wanted = select(JobRun).where(JobRun.job.in_([run.job for run in runs])).order_by(JobRun.job)
    with database.transaction() as session:
        known = {row.job: row for row in session.scalars(wanted.with_for_update())}
        for run in runs:
            if (row := known.get(run.job)) is None:
                row = JobRun(job=run.job)
                session.add(row)
            row.started_at, row.finished_at = run.started_at, run.finished_at
            if run.failure is not None:
                row.failed_at, row.failure = run.finished_at, run.failure


def start(database: Database, config: Config) -> BackgroundScheduler:
    """Start ticking in threads of this process and return the ticker, for whoever stops it."""
    scheduler = BackgroundScheduler(timezone="UTC")
    for name, run, arguments in (("tick", run_quick, [database, config]), ("slow", run_slow, [database])):
        scheduler.add_job(
            run,
            IntervalTrigger(seconds=EVERY, timezone="UTC"),
            args=arguments,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=clock.wall(),
        )
    scheduler.start()
    return scheduler
