"""Writing in a case: what happened, what is said, and what is proven."""

from typing import TYPE_CHECKING

from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases import pages, queries, service
from app.cases.forms import AddClaimForm, AddNoteForm, CorrectNoteForm, VerifyClaimForm
from app.cases.queries import ClaimOfCase, NoteOfCase
from app.cases.routes.blueprint import ask, bp
from app.kernel import clock
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.cases.models import Case


@bp.route("/<uuid:case_id>/anteckning", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def add_note(case: "Case") -> ResponseReturnValue:
    """Write what happened."""
    form = AddNoteForm(data={"happened_at": clock.now()})
    return ask(case, form, lambda: service.add_note(db_session(), current_actor(), case, form.to_command()))


@bp.route("/<uuid:case_id>/anteckningar/<uuid:note_id>/ratta", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_note, trace=AuditAction.CASE_READ)
def correct_note(found: NoteOfCase) -> ResponseReturnValue:
    """Write what a note should have said."""
    case, note = found.case, found.note
    form = CorrectNoteForm(data={"happened_at": note.happened_at, "text": note.text})
    return ask(
        case,
        form,
        lambda: service.correct_note(db_session(), current_actor(), note, case, form.to_command()),
        note=note,
    )


@bp.route("/<uuid:case_id>/uppgift", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_case, trace=AuditAction.CASE_READ)
def add_claim(case: "Case") -> ResponseReturnValue:
    """Write what somebody says."""
    form = AddClaimForm()
    return ask(case, form, lambda: service.add_claim(db_session(), current_actor(), case, form.to_command()))


@bp.route("/<uuid:case_id>/uppgifter/<uuid:claim_id>/bekrafta", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, on=queries.get_claim, trace=AuditAction.CASE_READ)
def verify_claim(found: ClaimOfCase) -> ResponseReturnValue:
    """Stand for a claim."""
    case, claim = found.case, found.claim
    form = VerifyClaimForm()
    return ask(
        case,
        form,
        lambda: service.verify_claim(db_session(), current_actor(), claim, case, form.how.data),
        line=pages.make_claim_lines([claim], {})[0],
    )
