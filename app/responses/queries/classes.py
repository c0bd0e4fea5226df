"""Classes staged for an answer, and what they come to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, undefer

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.responses.types.classes import ClassSums
from app.rosters.models import Roster, RosterClass
from app.rosters.types import RosterState
from app.surveys.models import Invitation


def list_classes(session: Session, invitation_id: UUID, *, with_pupils: bool = False) -> Sequence[RosterClass]:
    """Return the classes that are staged for an answer, each with its roster; its pupils are seldom needed."""
    statement = (
        select(RosterClass)
        .join(RosterClass.roster)
        .join(
            Invitation,
            (Invitation.round_id == Roster.round_id) & (Invitation.school_unit_id == Roster.school_unit_id),
        )
        .where(Invitation.id == invitation_id, Roster.state == RosterState.STAGED)
        .options(joinedload(RosterClass.roster), (undefer if with_pupils else defer)(RosterClass.pupils_sealed))
    )
    return session.scalars(statement.order_by(RosterClass.position, RosterClass.id)).all()


def sum_classes(classes: Sequence[RosterClass]) -> ClassSums | None:
    """Return what the classes of one roster come to, None without a roster."""
    if not classes:
        return None
    return ClassSums(
        classes=len(classes),
        done=sum(each.is_done for each in classes),
        begun=sum(each.marked > 0 for each in classes),
        listed=sum(each.size for each in classes),
        present=sum(each.present for each in classes),
        known_absence=sum(each.known_absence for each in classes),
        missing=sum(each.missing for each in classes),
        protected=classes[0].roster.protected_count,
    )


def get_class_invitation(session: Session, roster_class: RosterClass, *, visible_to: Actor) -> Invitation:
    """Return the invitation that a class was staged for. Raises `NotFound`."""
    roster = roster_class.roster
    invitation = session.scalar(
        select(Invitation)
        .where(
            Invitation.municipality_id == visible_to.municipality_id,
            Invitation.round_id == roster.round_id,
            Invitation.school_unit_id == roster.school_unit_id,
        )
        .order_by(Invitation.number, Invitation.id)
        .limit(1)
        .options(joinedload(Invitation.school_unit), joinedload(Invitation.round))
    )
    if invitation is None:
        raise NotFound("invitation")
    return invitation
