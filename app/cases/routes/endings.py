"""Returns, settled concerns, closing and reopening."""

from typing import TYPE_CHECKING

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases import pages, queries, service
from app.cases.forms import (
    ChooseOutcomeForm,
    ConfirmProtectionForm,
    ConfirmReturnForm,
    ReopenCaseForm,
    SettleConcernForm,
    make_close_form,
)
from app.cases.forms.words import REFUSALS
from app.cases.routes.blueprint import OK, UNPROCESSABLE, ask, bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.cases.models import Case


@bp.route("/<uuid:case_id>/aterkomst", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def confirm_return(case: "Case") -> ResponseReturnValue:
    """Say whether the child has been seen back."""
    form = ConfirmReturnForm(data={"version": case.version})
    return ask(case, form, lambda: service.confirm_return(db_session(), current_actor(), case, form.to_command()))


@bp.route("/<uuid:case_id>/skyddade-uppgifter", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def confirm_protection(case: "Case") -> ResponseReturnValue:
    """Say whether the child's personal data are protected, as a school has said."""
    form = ConfirmProtectionForm(data={"version": case.version})
    return ask(case, form, lambda: service.confirm_protection(db_session(), current_actor(), case, form.to_command()))


@bp.route("/<uuid:case_id>/oro-utredd", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def settle_concern(case: "Case") -> ResponseReturnValue:
    """Say who has judged that there is nothing to fear."""
    form = SettleConcernForm(data={"version": case.version})
    return ask(case, form, lambda: service.settle_concern(db_session(), current_actor(), case, form.to_command()))


@bp.route("/<uuid:case_id>/avsluta", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def close_case(case: "Case") -> ResponseReturnValue:
    """Choose how it ended, then show it by what that takes; the outcome chosen stands in the address."""
    chosen = ChooseOutcomeForm()
    if "utfall" not in request.args or not chosen.validate():
        status = UNPROCESSABLE if chosen.errors else OK
        return render_template("cases/_choose_outcome.html", case=case, form=chosen), status
    outcome = chosen.utfall.data
    form = make_close_form(outcome, data={"version": case.version})
    refusal = queries.find_refusal(db_session(), case, outcome)
    return ask(
        case,
        form,
        lambda: service.close_case(db_session(), current_actor(), case, form.to_command()),
        outcome=pages.words_of_outcome(outcome),
        refusal=REFUSALS[refusal] if refusal else None,
    )


@bp.route("/<uuid:case_id>/oppna-igen", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def reopen_case(case: "Case") -> ResponseReturnValue:
    """Take up a closed case again."""
    form = ReopenCaseForm(data={"version": case.version})
    return ask(case, form, lambda: service.reopen_case(db_session(), current_actor(), case, form.to_command()))
