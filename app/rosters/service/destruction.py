"""Destroying class lists: when the answer is in, when the round is over, or when somebody says so. Counts remain.

What a database's own log, or a backup from before, still holds is sealed, and no more readable than the keys are kept.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock, typed_forms
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.rosters.queries.fetching import list_answered_units
from app.rosters.queries.rosters import TAKES_ROSTERS, list_staged
from app.rosters.types import RosterState
from app.surveys.models import Invitation, SurveyRound

UNCONFIRMED_FOR: Final = timedelta(days=1)
"""How long a list that nobody confirms is kept."""
_AT_A_TIME: Final = 500
"""Ids in one statement; databases set a limit to how many there may be."""


def destroy_roster(session: Session, actor: Actor, invitation: Invitation, reason: str = "answered") -> None:
    """Destroy the pupils of a unit's lists for a round, confirmed or not; it may have none."""
    rosters = session.scalars(
        _kept(invitation.round_id).where(Roster.school_unit_id == invitation.school_unit_id)
    ).all()
    delete_pupils(session, actor, rosters, reason, invitation.round_id)


def remove_own_list(session: Session, actor: Actor, invitation: Invitation) -> None:
    """Take a unit's list away because somebody at the school says so, whatever they have marked on it."""
    destroy_roster(session, actor, invitation, "removed")


def remove_untouched_lists(session: Session, actor: Actor, survey_round: SurveyRound) -> int:
    """Take away the lists of a round that no school has begun to go through; return how many stay."""
    staged = lock_staged(session, survey_round.id)
    begun = [roster for roster in staged if any(each.marked for each in roster.classes)]
    delete_pupils(session, actor, [each for each in staged if each not in begun], "removed", survey_round.id)
    return len(begun)


def destroy_needless(session: Session, actor: Actor, round_id: UUID) -> int:
    """Destroy the lists of a round that is over, or of its units that have answered; return how many."""
    survey_round = session.get_one(SurveyRound, round_id)
    rosters: Sequence[Roster] = session.scalars(_kept(round_id)).all()
    if survey_round.state in TAKES_ROSTERS:
        answered = set(list_answered_units(session, round_id))
        rosters = [each for each in rosters if each.state is RosterState.STAGED and each.school_unit_id in answered]
        delete_pupils(session, actor, rosters, "answered", round_id)
    else:
        delete_pupils(session, actor, rosters, "round_is_over", round_id)
    return len(rosters)


def drop_stale_upload(session: Session, actor: Actor, upload_id: UUID) -> bool:
    """Drop a hand-over that nobody confirmed in time, unless somebody was quicker; tell whether."""
    upload = session.scalar(
        select(RosterUpload)
        .where(
            RosterUpload.id == upload_id,
            RosterUpload.confirmed_at.is_(None),
            RosterUpload.made_at < clock.now() - UNCONFIRMED_FOR,
        )
        .with_for_update(skip_locked=True)
    )
    if upload is None:
        return False
    drop_upload(session, actor, upload)
    return True


def drop_upload(session: Session, actor: Actor, upload: RosterUpload) -> None:
    """Delete an unconfirmed hand-over with everything in it; the caller has locked it."""
    of_upload = select(Roster.id).where(Roster.upload_id == upload.id).scalar_subquery()
    audit.record(session, actor, AuditAction.ROSTER_DISCARDED, upload.id, round_id=upload.round_id)
    quietly = {"synchronize_session": False}
    session.execute(delete(RosterClass).where(RosterClass.roster_id.in_(of_upload)), execution_options=quietly)
    session.execute(delete(Roster).where(Roster.upload_id == upload.id), execution_options=quietly)
    session.execute(delete(RosterUpload).where(RosterUpload.id == upload.id), execution_options=quietly)


def lock_staged(session: Session, round_id: UUID) -> Sequence[Roster]:
    """Return the staged rosters of a round with their classes; nobody marks a pupil on them before this has ended."""
    of_round = select(Roster.id).where(Roster.round_id == round_id, Roster.state == RosterState.STAGED)
    session.execute(of_round.order_by(Roster.id).with_for_update())
    return list_staged(session, round_id)


def delete_pupils(session: Session, actor: Actor, rosters: Sequence[Roster], reason: str, round_id: UUID) -> None:
    """Delete the classes of rosters and say in the audit how many pupils are gone; nothing for none."""
    if not rosters:
        return
    now, ids, classes = clock.now(), [roster.id for roster in rosters], list[UUID]()
    for start in range(0, len(ids), _AT_A_TIME):
        of_some = RosterClass.roster_id.in_(ids[start : start + _AT_A_TIME])
        classes += session.scalars(select(RosterClass.id).where(of_some))
        session.execute(delete(RosterClass).where(of_some), execution_options={"synchronize_session": False})
    typed_forms.forget_about(session, rosters[0].municipality_id, classes)
    for roster in rosters:
        roster.mark_destroyed(at=now)
    session.flush()
    pupils = sum(roster.pupils for roster in rosters)
    audit.record(
        session, actor, AuditAction.ROSTER_DESTROYED, round_id, rosters=len(rosters), pupils=pupils, reason=reason
    )


def _kept(round_id: UUID) -> Select[Roster]:
    return (
        select(Roster)
        .where(Roster.round_id == round_id, Roster.state != RosterState.DESTROYED)
        .order_by(Roster.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
