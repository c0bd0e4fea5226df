"""The totals of a rehearsal, counted in the database and not while playing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases.models import Case
from app.kernel import clock
from app.kernel.database import Database, Model
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.referrals.models import HandOver, ReportOfConcern
from app.referrals.types import ReportState
from app.responses.models import MissingPupil, Response
from app.responses.types import ResponseState
from app.schools.models import Municipality, SchoolUnit
from app.summaries.pages.export import term_csv
from app.summaries.queries import list_snapshots
from app.surveys import queries as surveys
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks, RoundState


def gather_figures(session: Session, database: Database, out: Path) -> dict[str, Any]:
    """Return the totals, after writing the reports of concern and the term's figures to `out`."""
    return {
        "database": "sqlite" if database.is_sqlite else "postgresql",
        "school_units": _count(session, SchoolUnit),
        "rounds": _count(session, SurveyRound, SurveyRound.state.in_((RoundState.OPEN, RoundState.CLOSED))),
        "invitations": _count(session, Invitation),
        **surveys.count_figures(session, session.scalars(select(Municipality.id)).one()),
        "responses": _count_responses(session),
        "pupils_reported": _count_pupils(session),
        "cases_opened": _count(session, Case),
        "cases_closed": _count(session, Case, Case.closed_at.is_not(None)),
        "reports_of_concern": _count_reports(session),
        "mails_sent": _count(session, OutboxMessage, OutboxMessage.state == MessageState.SENT),
        "documents": _write_documents(session, out),
        "summary_csv": _write_summary(session, out),
    }


def _count(session: Session, model: type[Model], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def _count_pupils(session: Session) -> int:
    """Count the pupils that schools have missed, once each however often they were asked, those only counted too."""
    missed = (
        select(func.count(MissingPupil.entry_id.distinct()))
        .join(MissingPupil.response)
        .where(Response.state == ResponseState.SUBMITTED, Response.asks != Asks.WORRY)
    )
    protected = (
        select(func.sum(Invitation.protected_count))
        .join(Invitation.round)
        .where(Invitation.submitted_at.is_not(None), SurveyRound.wave == 0)
    )
    return (session.scalar(missed) or 0) + (session.scalar(protected) or 0)


def _count_responses(session: Session) -> Mapping[str, int]:
    """Count invitations: submitted ones (nil returns among them), and those whose round closed without an answer."""
    answered = Invitation.submitted_at.is_not(None)
    silent = _count(session, Invitation, ~answered, Invitation.closes_at <= clock.now())
    nil = _count(session, Invitation, answered, Invitation.is_nil.is_(True))
    return {"submitted": _count(session, Invitation, answered), "nil": nil, "silent": silent}


def _count_reports(session: Session) -> Mapping[str, int]:
    is_written = ReportOfConcern.state != ReportState.WITHDRAWN
    return {
        "written": _count(session, ReportOfConcern, is_written),
        "handed_over": _count(session, ReportOfConcern, ReportOfConcern.handed_over_at.is_not(None)),
        "acknowledged": _count(session, ReportOfConcern, ReportOfConcern.acknowledged_at.is_not(None)),
    }


def _write_documents(session: Session, out: Path) -> list[str]:
    """Write what was handed over, under the reports' references, and leave a trace of each as any reader does."""
    latest = {
        report.reference: (report, hand_over)
        for report, hand_over in session.execute(
            select(ReportOfConcern, HandOver)
            .join(HandOver, HandOver.report_id == ReportOfConcern.id)
            .order_by(ReportOfConcern.reference, HandOver.handed_over_at, HandOver.id)
        )
    }
    paths = []
    for reference, (report, hand_over) in latest.items():
        audit.record(session, Actor.system(report.municipality_id), AuditAction.REPORT_DOCUMENT_READ, report.id)
        path = out / f"{reference}.pdf"
        path.write_bytes(hand_over.document)
        paths.append(str(path))
    return paths


def _write_summary(session: Session, out: Path) -> str:
    """Write what the director can download: every term that has been frozen, with its hidden counts hidden."""
    municipality_id = session.scalars(select(Municipality.id)).one()
    snapshots = list_snapshots(session, visible_to=Actor.system(municipality_id))
    path = out / "terminen.csv"
    path.write_bytes(term_csv(list(reversed(snapshots))))
    return str(path)
