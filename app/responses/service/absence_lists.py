"""Absence lists pasted or uploaded: kept until somebody has looked at them, then pupils whose questions are asked.

All of a list is taken in, or nothing. Who stands on the unit's list already is not put there twice.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.responses.models import AbsenceList, MissingPupil, Response
from app.responses.queries.absence_lists import is_old
from app.responses.service.class_figures import mark_in_classes
from app.responses.service.drafts import list_pupils, lock_invitation, note_saved, require_open, reread, start_response
from app.responses.types import PupilAnswers
from app.responses.types.absence_lists import AbsentPupils, KnownPupils, PreviewAbsenceList
from app.responses.types.page_answers import IdentityAnswers
from app.surveys.models import Invitation


def preview_absence_list(
    session: Session, actor: Actor, invitation: Invitation, command: PreviewAbsenceList
) -> AbsenceList:
    """Keep an absence list for the actor to look at, in place of an earlier one. Nobody is on the unit's list yet."""
    lock_invitation(session, invitation)
    require_open(invitation)
    session.execute(
        delete(AbsenceList).where(
            AbsenceList.invitation_id == invitation.id, AbsenceList.previewed_by_id == actor.account_id
        )
    )
    kept = AbsenceList(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        school_unit_id=invitation.school_unit_id,
        previewed_by_id=actor.account_id,
        previewed_at=clock.now(),
        protected_count=command.protected_count,
        invitation=invitation,
    )
    session.add(kept)
    kept.content = command.absent.to_dict()
    session.flush()
    count = len(command.absent.pupils)
    audit.record(session, actor, AuditAction.ABSENCE_LIST_PREVIEWED, kept.id, pupils=count)
    return kept


def confirm_absence_list(session: Session, actor: Actor, absence_list: AbsenceList) -> list[MissingPupil]:
    """Put those of a list who are not on the unit's list last on it, and return them; count the protected ones.

    Raises `Conflict` when the list was confirmed or discarded in another window.
    """
    response = start_response(session, actor, absence_list.invitation)
    reread(session, absence_list)
    absent = AbsentPupils.from_dict(absence_list.content).pupils
    added = list_absent(session, actor, response, unlisted(absent, list_pupils(session, response)))
    mark_in_classes(session, actor, response, added)
    response.protected_missing += absence_list.protected_count
    audit.record(
        session,
        actor,
        AuditAction.ABSENCE_LIST_CONFIRMED,
        absence_list.id,
        pupils=len(added),
        protected=absence_list.protected_count,
    )
    session.delete(absence_list)
    note_saved(session, actor, response)
    return added


def discard_absence_list(session: Session, actor: Actor, absence_list: AbsenceList) -> None:
    """Forget a list that was not confirmed."""
    audit.record(session, actor, AuditAction.ABSENCE_LIST_DISCARDED, absence_list.id)
    session.delete(absence_list)
    session.flush()


def forget_absence_lists(session: Session, invitation_id: UUID) -> None:
    """Forget everybody's lists for an invitation: the answer has been submitted."""
    session.execute(delete(AbsenceList).where(AbsenceList.invitation_id == invitation_id))


def forget_old_absence_lists(session: Session) -> None:
    """Forget the lists that nobody has confirmed in a day, and those of rounds that have closed."""
    session.execute(delete(AbsenceList).where(is_old()))


def list_absent(
    session: Session, actor: Actor, response: Response, absent: Sequence[IdentityAnswers]
) -> list[MissingPupil]:
    """Put pupils whom a list tells of last, in its order; everything else about them is still to be asked."""
    last = max((each.position for each in list_pupils(session, response)), default=0)
    added = [_absent(actor, response, who, position) for position, who in enumerate(absent, last + 1)]
    session.add_all(added)
    session.flush()
    for pupil in added:
        audit.record(session, actor, AuditAction.RESPONSE_PUPIL_ADDED, pupil.entry_id, pupil_id=str(pupil.id))
    return added


def unlisted(absent: Sequence[IdentityAnswers], listed: Sequence[MissingPupil]) -> list[IdentityAnswers]:
    """Return those who do not stand on the unit's list already."""
    known = KnownPupils((identity, pupil.id) for pupil in listed if (identity := pupil.told.identity) is not None)
    return [who for who in absent if not known.list_same(who)]


def _absent(actor: Actor, response: Response, identity: IdentityAnswers, position: int) -> MissingPupil:
    pupil = MissingPupil(
        municipality_id=response.municipality_id,
        response_id=response.id,
        entry_id=uuid4(),
        position=position,
        is_withheld=False,
        response=response,
    )
    pupil.tell(PupilAnswers(identity=identity), by_id=actor.account_id, at=clock.now())
    return pupil
