"""Whether the machine is alive: which version of the tables, and when each job last ran."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from app.kernel.scheduling import JobRun
from app.web.guards import open_to_all
from app.web.requests import db_session

bp = Blueprint("status", __name__)


@bp.get("/status")
@open_to_all("a monitor has no account, and this says nothing about anybody")
def show_status() -> ResponseReturnValue:
    """Answer with the revision of the tables and the last run of each job, by the machine's clock."""
    session = db_session()
    runs = session.scalars(select(JobRun).order_by(JobRun.job))
    jobs = {
        run.job: {
            "finished_at": run.finished_at.isoformat() if run.finished_at else None,
            "failed_at": run.failed_at.isoformat() if run.failed_at else None,
        }
        for run in runs
    }
    return jsonify(revision=session.scalar(text("SELECT version_num FROM alembic_version")), jobs=jobs)
