"""Taking a case along the routine."""

from typing import TYPE_CHECKING

from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases import pages, queries, service
from app.cases.forms import (
    AssessCaseForm,
    AssignCaseForm,
    CompleteStepForm,
    DepartFromStepForm,
    ResumeCaseForm,
    SetContactSafetyForm,
    WaitForOthersForm,
)
from app.cases.routes.blueprint import ask, bp
from app.kernel import clock
from app.routine.queries import get_routine, list_references
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.cases.models import Case
    from app.routine.models import LegalReference
    from app.routine.types import Step


@bp.route("/<uuid:case_id>/bedom", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def assess_case(case: "Case") -> ResponseReturnValue:
    """Choose the way on."""
    recommended = queries.get_recommendation(db_session(), case)
    form = AssessCaseForm(recommended=recommended, data={"version": case.version})
    return ask(
        case,
        form,
        lambda: service.assess_case(db_session(), current_actor(), case, form.to_command()),
        claims=pages.make_claim_lines(queries.list_claims(db_session(), case), {}),
        recommended=pages.word_of_branch(recommended),
    )


@bp.route("/<uuid:case_id>/steg", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def complete_step(case: "Case") -> ResponseReturnValue:
    """Write what was done at the step."""
    form = CompleteStepForm(data={"version": case.version, "step_key": case.step_key})
    step, law = _step(case)
    return ask(
        case,
        form,
        lambda: service.complete_step(db_session(), current_actor(), case, form.to_command()),
        step=step,
        law=law,
    )


@bp.route("/<uuid:case_id>/annan-vag", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def depart_from_step(case: "Case") -> ResponseReturnValue:
    """Leave a step out and say why."""
    form = DepartFromStepForm(data={"version": case.version, "step_key": case.step_key})
    step, law = _step(case)
    return ask(
        case,
        form,
        lambda: service.complete_step(db_session(), current_actor(), case, form.to_command()),
        step=step,
        law=law,
    )


@bp.route("/<uuid:case_id>/vanta", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def wait_for_others(case: "Case") -> ResponseReturnValue:
    """Let others have their time."""
    form = WaitForOthersForm(data={"version": case.version})
    return ask(case, form, lambda: service.wait_for_others(db_session(), current_actor(), case, form.to_command()))


@bp.route("/<uuid:case_id>/ta-upp", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def resume_case(case: "Case") -> ResponseReturnValue:
    """Take up a case that waits."""
    form = ResumeCaseForm()
    return ask(case, form, lambda: service.resume_case(db_session(), current_actor(), case, form.text.data))


@bp.route("/<uuid:case_id>/ansvarig", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def assign_case(case: "Case") -> ResponseReturnValue:
    """Give a case to somebody."""
    form = AssignCaseForm(data={"assignee_id": case.assignee_id})
    form.assignee_id.choices = pages.list_coordinators(db_session(), current_actor())
    return ask(case, form, lambda: service.assign_case(db_session(), current_actor(), case, form.assignee_id.data))


@bp.route("/<uuid:case_id>/kontakt", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def set_contact_safety(case: "Case") -> ResponseReturnValue:
    """Say whether guardians may be contacted."""
    known = {"contact_safety": case.contact_safety, "judged_by": case.contact_safety_by, "version": case.version}
    form = SetContactSafetyForm(data=known)
    return ask(case, form, lambda: service.set_contact_safety(db_session(), current_actor(), case, form.to_command()))


def _step(case: "Case") -> "tuple[Step | None, LegalReference | None]":
    """Return the step a case stands at and the law it rests on."""
    if case.step_key is None:
        return None, None
    step = get_routine(db_session(), case.routine_version_id, visible_to=current_actor()).step(case.step_key)
    key = step.legal_reference_key
    return step, list_references(db_session(), [key], clock.today()).get(key or "")
