"""Pupils who have come back."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases import service as cases
from app.kernel import clock
from app.responses import queries
from app.responses.models import MissingPupil, PupilReturn


def report_return(session: Session, actor: Actor, pupil: MissingPupil) -> PupilReturn:
    """Note that a pupil has come back, whatever round it was missed in; said twice, it is said once.

    The case is told and stays open: the coordinator makes sure that the child itself has been seen.
    """
    session.refresh(pupil.response, ["version", "state"], with_for_update=True)
    if (known := queries.find_return(session, pupil.entry_id)) is not None:
        return known
    returned = PupilReturn(
        municipality_id=pupil.municipality_id,
        entry_id=pupil.entry_id,
        school_unit_id=pupil.school_unit_id,
        reported_at=clock.now(),
        reported_by_id=actor.account_id,
    )
    session.add(returned)
    session.flush()
    cases.note_return_reported(session, actor, pupil.entry_id, clock.today())
    audit.record(session, actor, AuditAction.RESPONSE_RETURN_REPORTED, pupil.id, entry_id=str(pupil.entry_id))
    return returned
