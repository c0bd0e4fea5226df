"""Who answers for a school unit: granted for a time, withdrawn earlier, and the person told."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts import queries
from app.accounts.models import AT_SCHOOL, Account, Membership
from app.accounts.types import GrantDuty
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Refused
from app.outbox import service as outbox


def grant_duty(session: Session, actor: Actor, account: Account, command: GrantDuty) -> list[Membership]:
    """Let an account answer for school units and tell its owner.

    Raises `Refused`: `"cannot_answer"` for an account that is closed or not of a school, `"already_answers"` when it
    answers for one of them in that time already, `"duty_is_past"` when the last day has been.
    """
    if account.role not in AT_SCHOOL or not account.is_active or account.municipality_id != actor.municipality_id:
        raise Refused("cannot_answer")
    if command.ends_on is not None and command.ends_on < clock.today():
        raise Refused("duty_is_past")
    held = queries.list_standing(session, account.id)
    if any(command.meets(each.school_unit_id, each.duty, each.starts_on, each.ends_on) for each in held):
        raise Refused("already_answers")
    made = [_grant(session, actor, account, unit_id, command) for unit_id in command.unit_ids]
    for membership in made:
        _tell(session, membership, "granted")
    return made


def _grant(session: Session, actor: Actor, account: Account, unit_id: UUID, command: GrantDuty) -> Membership:
    membership = Membership(
        municipality_id=account.municipality_id,
        account_id=account.id,
        school_unit_id=unit_id,
        duty=command.duty,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        granted_by_id=command.granted_by_id or actor.account_id,
    )
    session.add(membership)
    session.flush()
    details = {"account_id": str(account.id), "school_unit_id": str(unit_id), "duty": command.duty.value}
    audit.record(session, actor, AuditAction.DUTY_GRANTED, membership.id, **details)
    return membership


def grant_as_invited(session: Session, actor: Actor, account: Account, command: GrantDuty) -> None:
    """Let an account that an invitation has just become answer for the units it was invited to."""
    for unit_id in command.unit_ids:
        _grant(session, actor, account, unit_id, command)


def withdraw_duty(session: Session, actor: Actor, membership: Membership) -> None:
    """Let somebody answer for a unit no longer, from the next request on, and tell them; a second time does nothing."""
    if membership.withdrawn_at is not None or not membership.duty.answers:
        return
    membership.withdrawn_at = clock.now()
    details = {"account_id": str(membership.account_id), "school_unit_id": str(membership.school_unit_id)}
    audit.record(session, actor, AuditAction.DUTY_WITHDRAWN, membership.id, **details)
    _tell(session, membership, "withdrawn")


def _tell(session: Session, membership: Membership, what: str) -> None:
    outbox.enqueue(
        session,
        municipality_id=membership.municipality_id,
        kind="accounts.duty_changed",
        dedupe_key=f"duty:{membership.id}:{what}",
        payload={"account_id": str(membership.account_id)},
    )
