"""The director's pages. No way leads from here to a child: there is no filter, no link to a row and no search."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.schools import queries as schools
from app.summaries import queries
from app.summaries.pages.export import term_csv
from app.summaries.pages.term import TermPage
from app.surveys import queries as surveys
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.summaries.models import TermSnapshot

bp = Blueprint("summaries", __name__, url_prefix="/terminen")


@bp.get("")
@requires(Permission.SUMMARY_READ)
def show_term() -> ResponseReturnValue:
    """Show the latest term beside those before it."""
    snapshots = queries.list_snapshots(db_session(), visible_to=current_actor())
    return _render(snapshots[0] if snapshots else None)


@bp.get("/<uuid:snapshot_id>")
@requires(Permission.SUMMARY_READ, on=queries.get_snapshot)
def show_earlier_term(snapshot: "TermSnapshot") -> ResponseReturnValue:
    """Show a term as it was when it was last frozen."""
    return _render(snapshot)


@bp.get("/<uuid:snapshot_id>/siffror.csv")
@requires(Permission.SUMMARY_READ, on=queries.get_snapshot, trace=AuditAction.SUMMARY_EXPORTED)
def export_term(snapshot: "TermSnapshot") -> ResponseReturnValue:
    """Give a term and those before it as CSV."""
    snapshots = queries.list_snapshots(db_session(), visible_to=current_actor())
    content = term_csv([other for other in reversed(snapshots) if other.sort_key <= snapshot.sort_key])
    name = f"terminen-{snapshot.term.lower().replace(' ', '-')}.csv"
    return Response(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _render(snapshot: "TermSnapshot | None") -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    snapshots = queries.list_snapshots(session, visible_to=actor)
    page = TermPage(snapshot, snapshots) if snapshot else None
    is_between_terms = page is None or (page.is_latest and page.is_final)
    return render_template(
        "summaries/show_term.html",
        page=page,
        next_opening=surveys.find_next_opening(session, actor.municipality_id) if is_between_terms else None,
        municipality=schools.get_municipality(session, actor.municipality_id),
    )
