"""Pages that work without an account: whoever needs them may not have one, or may not get in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.access.policy import allows
from app.help import pages, queries
from app.web.guards import open_to_all
from app.web.requests import db_session, find_actor

bp = Blueprint("help", __name__)


@bp.get("/hjalp")
@open_to_all("says what the tool is to those who have no account; to others what theirs can do")
def show_help() -> ResponseReturnValue:
    """Show the help of a role, as one page to print."""
    return render_template("help/show_help.html", part=pages.part_for(find_actor()), numbers=_numbers())


@bp.get("/ring-nu")
@open_to_all("nobody signs in before ringing 112")
def show_numbers() -> ResponseReturnValue:
    """Show the numbers to ring."""
    actor = find_actor()
    may_report = actor is not None and allows(actor, Permission.REPORT_WRITE)
    return render_template("help/show_numbers.html", numbers=_numbers(), may_report=may_report)


@bp.get("/tillganglighet")
@open_to_all(
    "an accessibility statement is for everybody (lag 2018:1937 om tillganglighet till digital offentlig service)"
)
def show_accessibility() -> ResponseReturnValue:
    """Show what is accessible, how that was tested, and what was not."""
    return render_template("help/show_accessibility.html")


@bp.get("/vad-som-sparas")
@open_to_all("those whose data are stored need no account to know what is")
def show_storage() -> ResponseReturnValue:
    """Show what is stored, who sees it and for how long."""
    return render_template("help/show_storage.html")


def _numbers() -> list[pages.Number]:
    return pages.with_sos(queries.list_numbers(db_session(), find_actor()))
