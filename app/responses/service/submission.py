"""Signing and sending in. What is submitted holds for good; every pupil who is not explained becomes a case."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock, typed_forms
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.responses.models import MissingPupil, Response
from app.responses.service.absence_lists import forget_absence_lists
from app.responses.service.coordinator import tell_submitted
from app.responses.service.drafts import list_pupils, open_draft, push_state
from app.responses.service.follow_ups import require_carried_answered, tell_carried
from app.responses.types import CarriedAnswer, ResponseFigures, SubmitNilReturn, SubmitResponse
from app.rosters import service as rosters
from app.surveys.types import Asks


def submit_nil_return(session: Session, actor: Actor, response: Response, command: SubmitNilReturn) -> None:
    """Submit that nobody is missing: every enrolled pupil is there or has known absence.

    Raises `Refused` when pupils are listed or counted as missing, when the figures do not add up, or unsigned.
    """
    open_draft(session, response)
    if command.version is not None:
        require_version(response, command.version)
    if list_pupils(session, response) or response.protected_missing:
        raise Refused("pupils_are_missing")
    if any(row.answer is CarriedAnswer.UNKNOWN for row in require_carried_answered(session, response)):
        raise Refused("pupils_are_not_known")
    response.enrolled, response.present, response.known_absence = (
        command.enrolled,
        command.present,
        command.known_absence,
    )
    response.protected_known_absence = command.protected_known_absence
    response.follows_classes = False
    _submit(session, actor, response, [], signed_name=command.signed_name, declared=command.declared)


def submit_response(session: Session, actor: Actor, response: Response, command: SubmitResponse) -> None:
    """Submit the answer as it stands, and open the cases it calls for.

    Raises `Refused` when the figures do not add up, a pupil is not described enough, or unsigned; `Conflict` when
    somebody changed the answer after it was checked.
    """
    open_draft(session, response)
    if command.version is not None:
        require_version(response, command.version)
    pupils = list_pupils(session, response)
    if not all(pupil.is_complete for pupil in pupils):
        raise Refused("pupils_not_described")
    _submit(session, actor, response, pupils, signed_name=command.signed_name, declared=command.declared)


def _submit(
    session: Session,
    actor: Actor,
    response: Response,
    pupils: list[MissingPupil],
    *,
    signed_name: str,
    declared: bool,
) -> None:
    figures = response.figures(len(pupils))
    _require_sound(response.asks, figures, signed_name, declared)
    carried = require_carried_answered(session, response)
    is_nil = not figures.missing and all(row.answer is not CarriedAnswer.UNKNOWN for row in carried)
    at = clock.now()
    response.submit(signed_by_id=actor.account_id, signed_name=signed_name, is_nil=is_nil, at=at)
    response.saved_at, response.saved_by_id = at, actor.account_id
    session.flush()
    push_state(session, response)
    about = [response.invitation_id, *(row.id for row in pupils)]
    typed_forms.forget_about(session, response.municipality_id, about, of=actor.account_id)
    rosters.destroy_roster(session, actor, response.invitation)
    forget_absence_lists(session, response.invitation_id)
    tell_submitted(session, actor, tell_carried(session, actor, response, carried, pupils))
    audit.record(
        session,
        actor,
        AuditAction.RESPONSE_SUBMITTED,
        response.id,
        number=response.number,
        is_nil=response.is_nil,
    )


def _require_sound(asks: Asks, figures: ResponseFigures, signed_name: str, declared: bool) -> None:
    if asks is Asks.RETURN and not figures.adds_up:
        raise Refused("figures_do_not_add_up")
    if asks is Asks.REPORT and not figures.missing:
        raise Refused("nothing_reported")
    if not signed_name.strip() or not declared:
        raise Refused("not_signed")
