"""Versions of an answer: begun, saved, changed after they were sent."""

from sqlalchemy import inspect, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Model, require_version
from app.kernel.errors import Conflict, Refused
from app.responses import queries
from app.responses.models import MissingPupil, Response
from app.responses.queries.question_sets import find_current_questions
from app.responses.service.carrying import carry, copy_carried, count_since, is_carried_answered
from app.responses.service.class_figures import follow_classes
from app.responses.types import ResponseState, SaveFigures
from app.surveys import service as surveys
from app.surveys.models import Invitation
from app.surveys.types import InvitationState


def start_response(session: Session, actor: Actor, invitation: Invitation) -> Response:
    """Return the version being written, begun when there is none.

    It begins with as many missing protected pupils as were counted last: nobody has said that they are back. Raises
    `Refused` when the round takes no answers, or when the answer was submitted: a new version changes that.
    """
    lock_invitation(session, invitation)
    require_open(invitation)
    if (draft := queries.find_draft(session, invitation.id)) is not None:
        return draft
    if queries.count_versions(session, invitation.id):
        raise Refused("already_submitted")
    protected_missing = queries.count_protected_before(session, invitation)
    response = _begin(session, actor, invitation, number=1, protected_missing=protected_missing)
    carry(session, response)
    return response


def change_response(session: Session, actor: Actor, invitation: Invitation) -> Response:
    """Begin the next version of a submitted answer, with all that it says; the one that holds stays as it is.

    Asked twice, it gives the version that was begun. Raises `Refused` when the round takes no answers or nothing was
    submitted.
    """
    lock_invitation(session, invitation)
    require_open(invitation)
    if (draft := queries.find_draft(session, invitation.id)) is not None:
        return draft
    if (holding := queries.find_submitted(session, invitation.id)) is None:
        raise Refused("nothing_submitted")
    response = _begin(session, actor, invitation, number=holding.number + 1, protected_missing=0)
    _copy(holding, response)
    session.flush()
    copy_carried(session, holding, response)
    audit.record(session, actor, AuditAction.RESPONSE_CHANGE_STARTED, response.id, number=response.number)
    return response


def save_figures(session: Session, actor: Actor, response: Response, command: SaveFigures) -> None:
    """Keep the figures. They need not add up before the answer is submitted."""
    open_draft(session, response)
    if command.version is not None:
        require_version(response, command.version)
    response.enrolled, response.present, response.known_absence = (
        command.enrolled,
        command.present,
        command.known_absence,
    )
    response.protected_known_absence = command.protected_known_absence
    response.protected_missing = command.protected_missing
    response.follows_classes = False
    note_saved(session, actor, response)
    audit.record(session, actor, AuditAction.RESPONSE_SAVED, response.id, fields=["figures"])


def open_draft(session: Session, response: Response) -> None:
    """Lock an answer and make sure that it may be changed.

    Raises `Refused` when the round takes no answers, or when the answer was submitted.
    """
    lock_invitation(session, response.invitation)
    reread(session, response)
    require_open(response.invitation)
    if not response.is_draft:
        raise Refused("already_submitted")


def lock_invitation(session: Session, invitation: Invitation) -> None:
    """Let nobody else change anything about the unit's answer before this transaction has ended."""
    session.refresh(invitation, ["opens_at", "closes_at"], with_for_update=True)


def require_open(invitation: Invitation) -> None:
    """Raise `Refused` when the unit may not answer now."""
    if not invitation.accepts_answers(clock.now()):
        raise Refused("round_closed")


def note_saved(session: Session, actor: Actor, response: Response) -> None:
    """Remember who saved and when, and tell the round how far the unit has come.

    The answer gets a new version also when only a pupil was changed: what is signed must be what was checked.
    """
    response.saved_at, response.saved_by_id = clock.now(), actor.account_id
    flag_modified(response, "saved_at")
    session.flush()
    follow_classes(session, response)
    push_state(session, response)


def push_state(session: Session, response: Response) -> None:
    """Tell the invitation where the unit stands; it keeps what was submitted until a new version is."""
    pupils = list_pupils(session, response)
    figures = response.figures(len(pupils))
    since = None if response.is_draft else count_since(session, response, [pupil.entry_id for pupil in pupils])
    surveys.push_response_state(
        session,
        response.invitation,
        state=_state_of_draft(session, response, pupils) if response.is_draft else InvitationState.SUBMITTED,
        at=clock.now(),
        is_nil=response.is_nil,
        missing_count=figures.missing,
        protected_count=figures.protected_missing,
        back_count=since.back if since else None,
        new_count=since.new if since else None,
    )


def list_pupils(session: Session, response: Response) -> list[MissingPupil]:
    """Return the pupils of an answer as they are now, in the order of the list."""
    statement = select(MissingPupil).where(MissingPupil.response_id == response.id)
    return list(session.scalars(statement.order_by(MissingPupil.position, MissingPupil.id)))


def _state_of_draft(session: Session, response: Response, pupils: list[MissingPupil]) -> InvitationState:
    is_filled_in = (
        response.is_enough(response.figures(len(pupils)))
        and all(pupil.is_complete for pupil in pupils)
        and is_carried_answered(session, response)
    )
    return InvitationState.COMPLETED if is_filled_in else InvitationState.STARTED


def reread(session: Session, row: Model) -> None:
    """Read a row's columns as they are now; what was loaded before the lock may be old.

    Raises `Conflict` when somebody has taken the row away.
    """
    try:
        session.refresh(row, [attribute.key for attribute in inspect(row).mapper.column_attrs])
    except InvalidRequestError:
        raise Conflict(type(row).__name__) from None


def _begin(session: Session, actor: Actor, invitation: Invitation, *, number: int, protected_missing: int) -> Response:
    response = Response(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        school_unit_id=invitation.school_unit_id,
        number=number,
        asks=invitation.asks,
        state=ResponseState.DRAFT,
        protected_known_absence=0,
        protected_missing=protected_missing,
        is_nil=False,
        declared=False,
        follows_classes=False,
        question_version=find_current_questions(session, invitation.municipality_id),
        saved_at=clock.now(),
        saved_by_id=actor.account_id,
        invitation=invitation,
        pupils=[],
    )
    session.add(response)
    session.flush()
    push_state(session, response)
    audit.record(session, actor, AuditAction.RESPONSE_STARTED, response.id, invitation_id=str(invitation.id))
    return response


def _copy(holding: Response, response: Response) -> None:
    for name in ("enrolled", "present", "known_absence", "protected_known_absence", "protected_missing"):
        setattr(response, name, getattr(holding, name))
    for pupil in holding.pupils:
        again = MissingPupil(
            municipality_id=pupil.municipality_id,
            entry_id=pupil.entry_id,
            position=pupil.position,
            is_withheld=pupil.is_withheld,
        )
        response.pupils.append(again)
        again.tell(pupil.told, by_id=pupil.saved_by_id, at=pupil.saved_at)
