"""The blueprint, and what its views share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.queries import get_account
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Refused
from app.responses.pages.answer import AnswerPage, make_answer
from app.responses.pages.unsaved import UnsavedPages, make_unsaved
from app.web.requests import current_actor, db_session, trace_shown
from app.web.typed_words import list_words

if TYPE_CHECKING:
    from app.responses.models import MissingPupil
    from app.surveys.models import Invitation

bp = Blueprint("responses", __name__)

OK: Final = 200
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422

CHECK: Final = "skicka-in"
"""What a question page is told by the check page, so that it leads back there."""

WITHOUT_UNSAVED: Final = "without_unsaved"
"""The button that sends though something typed is not saved; its value is the digest of what was shown."""


def answer_of(invitation: "Invitation") -> AnswerPage:
    """Return what the pages of an answer show."""
    return make_answer(db_session(), current_actor(), invitation)


def not_now(answer: AnswerPage) -> ResponseReturnValue | None:
    """Return the page to show instead when nothing may be written now, else None.

    A round that has closed and an answer that was sent in another window are no faults: the page says what to do.
    """
    invitation = answer.invitation
    if not invitation.accepts_answers(clock.now()):
        return render_template("responses/_round_closed.html", answer=answer), CONFLICT
    if answer.response is None and answer.holding is not None:
        return _receipt_instead(answer)
    return None


def _receipt_instead(answer: AnswerPage) -> ResponseReturnValue:
    """Lead to the receipt; whoever was writing meanwhile is told first, and has the words back."""
    if request.method == "GET" and not list_words():
        return redirect(url_for("responses.show_receipt", invitation_id=answer.invitation.id), 303)
    return render_template("responses/_already_submitted.html", answer=answer), CONFLICT


def without_figures(answer: AnswerPage) -> ResponseReturnValue | None:
    """Return where to go from a page about figures when nobody asks for any, else None."""
    if answer.asks_for_figures:
        return None
    return redirect(url_for("responses.show_response", invitation_id=answer.invitation.id), 303)


def unless_written(answer: AnswerPage, pupil: "MissingPupil") -> ResponseReturnValue | None:
    """Return the page to show for a pupil of a version that was sent, None for one of the version being written."""
    return None if pupil.response.is_draft else _receipt_instead(answer)


def carry_out(answer: AnswerPage, use_case: Callable[[], Any]) -> ResponseReturnValue | None:
    """Carry out a use case; return the page to show when it turns out that it may not be, since another was quicker."""
    try:
        use_case()
    except Refused as refused:
        if refused.reason == "already_submitted":
            return render_template("responses/_already_submitted.html", answer=answer), CONFLICT
        if refused.reason == "round_closed":
            return render_template("responses/_round_closed.html", answer=answer), CONFLICT
        raise
    return None


def own_name() -> str:
    """Return the name of who is signed in."""
    actor = current_actor()
    return str(get_account(db_session(), actor.account_id, visible_to=actor).name) if actor.account_id else ""


def unsaved_of(answer: AnswerPage) -> UnsavedPages:
    """Return the pages of an answer with words that are not saved."""
    return make_unsaved(db_session(), current_actor(), answer)


def leaves_unsaved(unsaved: UnsavedPages) -> bool:
    """Whether there are words that sending would lose, and the person has not said that exactly those may go."""
    return bool(unsaved.pages) and request.form.get(WITHOUT_UNSAVED) != unsaved.digest


def trace_listed(answer: AnswerPage) -> None:
    """Leave a trace of the pupils a page is about to show."""
    trace_shown(AuditAction.RESPONSE_PUPILS_LISTED, [row.pupil.id for row in answer.pupils])
