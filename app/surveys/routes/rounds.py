"""All rounds, and all calls that wait."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel import clock
from app.surveys import queries
from app.surveys.queries.calendars import list_missing_calendars
from app.surveys.routes.blueprint import bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session


@bp.get("/kartlaggningar")
@requires(Permission.SURVEY_READ)
def list_rounds() -> ResponseReturnValue:
    """Show the rounds: open, coming, missed and closed, and how many schools wait to be phoned."""
    session, actor = db_session(), current_actor()
    return render_template(
        "surveys/list_rounds.html",
        overviews=queries.list_round_overviews(session, visible_to=actor),
        coming=queries.list_coming_rounds(session, actor.municipality_id),
        calls=len(queries.list_call_tasks(session, clock.now(), visible_to=actor)),
        missed=queries.list_missed_rounds(session, clock.now(), visible_to=actor),
        missing_calendars=list_missing_calendars(session, actor.municipality_id, clock.today()),
    )


@bp.get("/kartlaggningar/ring")
@requires(Permission.SURVEY_READ)
def list_call_tasks() -> ResponseReturnValue:
    """Show every school that somebody has to ring, whichever round it is silent in."""
    tasks = queries.list_call_tasks(db_session(), clock.now(), visible_to=current_actor())
    return render_template("surveys/list_call_tasks.html", tasks=tasks)
