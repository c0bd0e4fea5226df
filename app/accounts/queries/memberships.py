"""Finding who is what at which school unit."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from app.access.actor import Actor
from app.accounts.models import (
    AT_SCHOOL,
    Account,
    Membership,
)
from app.accounts.types import Duty
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key


def list_standing(session: Session, account_id: UUID) -> Sequence[Membership]:
    """Return what an account is or will be at school units, what was withdrawn left out."""
    return session.scalars(
        select(Membership).where(Membership.account_id == account_id, Membership.withdrawn_at.is_(None))
    ).all()


def list_leads(session: Session, actor: Actor, unit_ids: Collection[UUID], on: date) -> Sequence[Membership]:
    """Return what makes the actor principal of any of the units on a day, as it is now; nothing once closed."""
    of_open = select(Membership).join(Membership.account).where(Account.id == actor.account_id, Account.is_active)
    held = session.scalars(of_open.where(Membership.withdrawn_at.is_(None), Membership.school_unit_id.in_(unit_ids)))
    return [each for each in held if each.duty.leads and each.holds(on)]


def find_last_day_of_lead(session: Session, actor: Actor, unit_ids: Collection[UUID], on: date) -> date | None:
    """Return until when the actor leads one of the units; None for one who leads none, or has no last day."""
    ends = [each.ends_on for each in list_leads(session, actor, unit_ids, on)]
    return None if None in ends else max((end for end in ends if end), default=None)


def get_membership(session: Session, membership_id: UUID, *, visible_to: Actor) -> Membership:
    """Return what somebody is at a school unit of the actor's municipality. Raises `NotFound`."""
    found = session.scalar(
        select(Membership).where(
            Membership.id == membership_id, Membership.municipality_id == visible_to.municipality_id
        )
    )
    if found is None:
        raise NotFound("membership")
    return found


def get_delegation(session: Session, membership_id: UUID, *, visible_to: Actor) -> Membership:
    """Return a delegation; what a principal is by appointment is not theirs to end. Raises `NotFound`."""
    found = get_membership(session, membership_id, visible_to=visible_to)
    if found.duty is not Duty.DELEGATE:
        raise NotFound("delegation")
    return found


def list_memberships(session: Session, *, visible_to: Actor, on: date) -> Sequence[Membership]:
    """Return who is or will be what at school units, with their accounts, by name; closed accounts left out.

    A coordinator or administrator sees the municipality's, a principal those of the units they lead.
    """
    statement = (
        select(Membership)
        .join(Membership.account)
        .where(Membership.municipality_id == visible_to.municipality_id, Account.is_active)
        .where(Membership.withdrawn_at.is_(None), or_(Membership.ends_on.is_(None), Membership.ends_on >= on))
        .options(contains_eager(Membership.account))
    )
    if visible_to.role in AT_SCHOOL:
        statement = statement.where(Membership.school_unit_id.in_(visible_to.leads))
    return sorted(session.scalars(statement), key=lambda each: (swedish_key(each.account.name), each.id))
