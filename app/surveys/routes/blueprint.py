"""What the views of surveys have in common: how something is asked before it is done, and where one lands after it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.access.policy import allows
from app.kernel.errors import Conflict, Refused
from app.surveys.forms import CHANGED_MEANWHILE, REFUSALS, UNEXPECTED, EditLetterForm
from app.surveys.pages import LetterPage
from app.surveys.types import EditLetter, RoundState
from app.web.forms import Form
from app.web.requests import current_actor

if TYPE_CHECKING:
    from app.surveys.models import SurveyRound

bp = Blueprint("surveys", __name__)

OK: Final = 200
CHANGED: Final = 409
UNPROCESSABLE: Final = 422


def ask(
    form: Form, act: Callable[[], object], *, done: str, back: tuple[str, str], then: str | None = None, **shown: Any
) -> ResponseReturnValue:
    """Show the view's form; when it has been sent and holds, act, say so and go back, or on to `then`.

    What the rules refuse, and what somebody else was quicker with, stands on the form again with everything typed.
    `back` is the words and the address of where the person came from.
    """
    status = OK
    if form.is_submitted():
        status = carry_out(form, act) if form.validate() else UNPROCESSABLE
        if status == OK:
            flash(done)
            return redirect(then or back[1], 303)
    page = render_template(f"surveys/{_view()}.html", form=form, back_text=back[0], back_url=back[1], **shown)
    return page, status


def _view() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def carry_out(form: Form, act: Callable[[], object]) -> int:
    """Act, or say on the form why not, and return the status of the answer."""
    try:
        act()
    except Refused as refusal:
        form.form_errors.append(REFUSALS.get(refusal.reason, UNEXPECTED))
        return UNPROCESSABLE
    except Conflict:
        form.form_errors.append(CHANGED_MEANWHILE)
        return CHANGED
    return OK


def ask_letter(
    form: EditLetterForm,
    page: LetterPage,
    act: Callable[[EditLetter], object],
    *,
    done: str,
    back: tuple[str, str],
    eyebrow: str,
) -> ResponseReturnValue:
    """Show a letter to edit; save it, go back to the one behind it, or only show how a school would get it."""
    if not form.is_submitted():
        form.letter.data = page.letter
    does, status = request.form.get("do"), OK
    if does == "restore":
        status = carry_out(form, lambda: act(EditLetter(None, form.version.data or 0)))
    elif form.is_submitted():
        status = UNPROCESSABLE
        if form.validate():
            status = OK if does == "show" else carry_out(form, lambda: act(form.to_command()))
    if form.is_submitted() and status == OK and does != "show":
        flash(done)
        return redirect(back[1], 303)
    shown = {"form": form, "page": page, "back_text": back[0], "back_url": back[1], "eyebrow": eyebrow}
    return render_template(f"surveys/{_view()}.html", **shown), status


def back_to(survey_round: "SurveyRound") -> tuple[str, str]:
    """Return where somebody who has changed a round came from, and may go."""
    if survey_round.opened_at is None and survey_round.state is RoundState.PLANNED:
        return survey_round.title, url_for("surveys.show_dry_run", round_id=survey_round.id)
    if allows(current_actor(), Permission.SURVEY_READ):
        return survey_round.title, url_for("surveys.show_round", round_id=survey_round.id)
    return "Planera", url_for("surveys.show_plans")


def page_number() -> int:
    """Return which page of a list the address asks for."""
    text = request.args.get("sida", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004 - digits enough
