"""What the views of cases have in common: how a question about a case is asked and its answer carried out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.cases.forms.words import CHANGED_MEANWHILE, REFUSALS, UNEXPECTED
from app.cases.pages import DONE
from app.kernel.errors import Conflict, Refused
from app.web.forms import Form

if TYPE_CHECKING:
    from app.cases.models import Case

bp = Blueprint("cases", __name__, url_prefix="/arenden")

OK: Final = 200
CHANGED: Final = 409
UNPROCESSABLE: Final = 422


def ask(case: "Case", form: Form, act: Callable[[], object], **shown: Any) -> ResponseReturnValue:
    """Show the view's form; when it has been sent and holds, act and go back to the case.

    What the rules refuse stands on the form again with everything typed. So does what somebody else was quicker with:
    sent once more it is the person's own choice.
    """
    status, view = OK, (request.endpoint or "").rpartition(".")[2]
    if form.is_submitted():
        status = _carry_out(case, form, act) if form.validate() else UNPROCESSABLE
        if status == OK:
            flash(DONE[view])
            return redirect(url_for("cases.show_case", case_id=case.id), 303)
    return render_template(f"cases/{view}.html", case=case, form=form, **shown), status


def _carry_out(case: "Case", form: Form, act: Callable[[], object]) -> int:
    try:
        act()
    except Refused as refusal:
        form.form_errors.append(REFUSALS.get(refusal.reason, UNEXPECTED))
        return UNPROCESSABLE
    except Conflict:
        form.form_errors.append(CHANGED_MEANWHILE)
        form.version.raw_data, form.version.data = None, case.version
        return CHANGED
    return OK
