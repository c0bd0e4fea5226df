"""Who answers for a school unit: granted for a time, withdrawn earlier, and the person told."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts import queries
from app.accounts.models import AT_SCHOOL, Account, AccountInvitation, Membership
from app.accounts.types import GrantDuty
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.outbox import service as outbox


def grant_duty(session: Session, actor: Actor, account: Account, command: GrantDuty) -> list[Membership]:
    """Let an account answer for school units and tell its owner.

    Raises `Refused`: `"cannot_answer"` for an account that is closed or not of a school, `"already_answers"` when it
    does so for one of them in that time already, and as `require_time` does.
    """
    account = _lock_respondent(session, actor, account)
    require_time(session, actor, command)
    if _is_met(session, account, command):
        raise Refused("already_answers")
    made = [_grant(session, actor, account, unit_id, command) for unit_id in command.unit_ids]
    for membership in made:
        _tell(session, membership, "granted")
    return made


def _lock_respondent(session: Session, actor: Actor, account: Account) -> Account:
    account = queries.get_account_for_update(session, account.id)
    if account.role not in AT_SCHOOL or not account.is_active or account.municipality_id != actor.municipality_id:
        raise Refused("cannot_answer")
    return account


def require_lead(session: Session, actor: Actor, command: GrantDuty) -> None:
    """Raise `NotFound` for one at a school who is not principal of it, or since a moment no longer."""
    if actor.role in AT_SCHOOL and not queries.list_leads(session, actor, command.unit_ids, clock.today()):
        raise NotFound("led unit")


def require_time(session: Session, actor: Actor, command: GrantDuty) -> None:
    """Raise `Refused("duty_is_past")` when the last day has been, `"longer_than_own"` for one who lends a longer time.

    A coordinator's time has no end; an acting principal's has, and a delegation must not outlive it.
    """
    if command.ends_on is not None and command.ends_on < clock.today():
        raise Refused("duty_is_past")
    own_last_day = queries.find_last_day_of_lead(session, actor, command.unit_ids, clock.today())
    if own_last_day is not None and (command.ends_on is None or command.ends_on > own_last_day):
        raise Refused("longer_than_own")


def _is_met(session: Session, account: Account, command: GrantDuty) -> bool:
    held = queries.list_standing(session, account.id)
    return any(command.meets(each.school_unit_id, each.duty, each.starts_on, each.ends_on) for each in held)


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


def grant_as_invited(session: Session, actor: Actor, account: Account, command: GrantDuty) -> list[Membership]:
    """Let an account that an invitation has just become answer for what it was invited to, where it does not yet."""
    each_unit = [replace(command, unit_ids=(unit_id,)) for unit_id in command.unit_ids]
    missing = [one for one in each_unit if not _is_met(session, account, one)]
    return [_grant(session, actor, account, one.unit_ids[0], one) for one in missing]


def grant_meanwhile_invited(session: Session, actor: Actor, account: Account, command: GrantDuty) -> None:
    """Do the same for an account that its address has got since it was invited, and tell its owner.

    Raises `Refused("cannot_answer")` as `grant_duty` does.
    """
    account = _lock_respondent(session, actor, account)
    for membership in grant_as_invited(session, actor, account, command):
        _tell(session, membership, "granted")


def withdraw_duty(session: Session, actor: Actor, membership: Membership) -> None:
    """Let somebody answer for a unit no longer, from the next request on, and tell them; a second time does nothing.

    Whom a principal has invited and who has not come yet is not let in by one who is principal no longer; a colleague
    who answers already goes on until the last day, or the school would be left with nobody.
    """
    if membership.withdrawn_at is not None or not membership.duty.answers:
        return
    if membership.duty.leads:
        withdraw_invitations_of(session, actor, membership.account_id, membership.school_unit_id)
    membership.withdrawn_at = clock.now()
    details = {"account_id": str(membership.account_id), "school_unit_id": str(membership.school_unit_id)}
    audit.record(session, actor, AuditAction.DUTY_WITHDRAWN, membership.id, **details)
    _tell(session, membership, "withdrawn")


def withdraw_invitations_of(session: Session, actor: Actor, account_id: UUID, unit_id: UUID | None = None) -> None:
    """Take back whom somebody has invited to answer in their place, for one unit or for all."""
    for invitation in queries.list_delegations_for_update(session, actor.municipality_id, account_id):
        if unit_id in {None, invitation.school_unit_id}:
            _end(session, actor, invitation)


def withdraw_invitation(session: Session, actor: Actor, invitation: AccountInvitation) -> None:
    """Let an invitation stop working. Raises `Refused` when it is over, as `require_open` does."""
    require_open(session, invitation)
    _end(session, actor, invitation)


def require_open(session: Session, invitation: AccountInvitation) -> None:
    """Keep an invitation as it is now. Raises `Refused("invitation_is_over")` once used, taken back or sent anew."""
    pending = queries.list_pending_for_update(session, invitation.municipality_id, invitation.email)
    if invitation not in pending or not invitation.is_open(clock.today()):
        raise Refused("invitation_is_over")


def _end(session: Session, actor: Actor, invitation: AccountInvitation) -> None:
    invitation.ended_at = clock.wall()
    audit.record(session, actor, AuditAction.RESPONDENT_INVITATION_WITHDRAWN, invitation.id)


def _tell(session: Session, membership: Membership, what: str) -> None:
    outbox.enqueue(
        session,
        municipality_id=membership.municipality_id,
        kind="accounts.duty_changed",
        dedupe_key=f"duty:{membership.id}:{what}",
        payload={"account_id": str(membership.account_id)},
    )
