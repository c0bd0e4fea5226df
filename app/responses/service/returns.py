"""Pupils who have come back."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases import service as cases
from app.cases.queries import list_standings
from app.cases.types import CaseState
from app.kernel import clock
from app.responses import queries
from app.responses.models import MissingPupil, PupilReturn, Response


def report_return(session: Session, actor: Actor, pupil: MissingPupil) -> PupilReturn:
    """Note that a pupil has come back, whatever round it was missed in; said twice, it is said once.

    The case is told and stays open: the coordinator makes sure that the child itself has been seen.
    """
    session.refresh(pupil.response, ["version", "state"], with_for_update=True)
    return note_return(session, actor, pupil.response, pupil.entry_id, said_in=pupil.id)


def note_return(session: Session, actor: Actor, response: Response, entry_id: UUID, *, said_in: UUID) -> PupilReturn:
    """Note a return that an answer tells of. Said again after the coordinator found that it was not so, it is new."""
    known = queries.find_return(session, entry_id)
    if known is not None and not _is_denied(session, response, entry_id):
        return known
    returned = known or PupilReturn(
        municipality_id=response.municipality_id, entry_id=entry_id, school_unit_id=response.school_unit_id
    )
    returned.reported_at, returned.reported_by_id = clock.now(), actor.account_id
    session.add(returned)
    session.flush()
    cases.note_return_reported(session, actor, entry_id, clock.today())
    audit.record(session, actor, AuditAction.RESPONSE_RETURN_REPORTED, said_in, entry_id=str(entry_id))
    return returned


def take_back_return(session: Session, actor: Actor, entry_id: UUID, round_title: str) -> None:
    """Forget a return that the school no longer stands for, and tell the case, which stays where it is."""
    if (known := queries.find_return(session, entry_id)) is not None:
        session.delete(known)
        session.flush()
        cases.note_return_taken_back(session, actor, entry_id, round_title)


def _is_denied(session: Session, response: Response, entry_id: UUID) -> bool:
    """Whether the case behind a pupil is open, and no longer about the return that was reported."""
    standing = list_standings(session, response.municipality_id, [entry_id]).get(entry_id)
    return standing is not None and standing.state not in (CaseState.RETURNING, CaseState.CLOSED)
