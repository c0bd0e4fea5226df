"""Inviting somebody who has no account to answer for school units, each with an account of their own."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts import queries
from app.accounts.models import Account, AccountInvitation, InvitedUnit
from app.accounts.service.memberships import (
    grant_as_invited,
    grant_duty,
    grant_meanwhile_invited,
    require_lead,
    require_open,
    require_time,
)
from app.accounts.service.passwords import hash_password
from app.accounts.types import MOST_INVITATIONS, ONE_DAY, GrantDuty, SendInvitation, find_password_fault
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.outbox import service as outbox


def send_invitation(session: Session, actor: Actor, command: SendInvitation) -> AccountInvitation | None:
    """Invite somebody by mail; None when the address has an account here, which then answers at once.

    An address with an account in another municipality is invited like any other: who invites learns nothing, and the
    mail asks its owner for another address. Raises `Refused` as `grant_duty` does, and `"too_many_invitations"`;
    `NotFound` as `require_lead` does.
    """
    pending = queries.list_pending_for_update(session, actor.municipality_id, command.email)
    require_lead(session, actor, command.duty)
    account = queries.find_by_email(session, command.email)
    if account is not None and account.municipality_id == actor.municipality_id:
        grant_duty(session, actor, account, command.duty)
        return None
    require_time(session, actor, command.duty)
    _require_few(session, actor, command.email)
    _replace_pending(pending, command)
    return _send(session, actor, command)


def _require_few(session: Session, actor: Actor, email: str) -> None:
    since = clock.wall() - ONE_DAY
    if queries.count_account_invitations(session, actor.municipality_id, email, since) >= MOST_INVITATIONS:
        raise Refused("too_many_invitations")


def _replace_pending(pending: Iterable[AccountInvitation], command: SendInvitation) -> None:
    """Take the units of this invitation from earlier ones to the address, unless they let their owner do more."""
    for earlier in pending:
        if command.duty.duty.covers(earlier.duty):
            kept = [each for each in earlier.invited_units if each.school_unit_id not in command.duty.unit_ids]
            if kept:
                earlier.invited_units = kept
            else:
                earlier.ended_at = clock.wall()


def _send(session: Session, actor: Actor, command: SendInvitation) -> AccountInvitation:
    duty = command.duty
    invitation = AccountInvitation(
        municipality_id=actor.municipality_id,
        name=command.name,
        title=command.title,
        email=command.email.strip(),
        email_index=queries.email_index(command.email),
        duty=duty.duty,
        starts_on=duty.starts_on,
        ends_on=duty.ends_on,
        invited_by_id=duty.granted_by_id or actor.account_id,
        sent_at=clock.wall(),
    )
    invitation.invited_units = [
        InvitedUnit(municipality_id=actor.municipality_id, invitation_id=invitation.id, school_unit_id=unit_id)
        for unit_id in duty.unit_ids
    ]
    session.add(invitation)
    session.flush()
    audit.record(session, actor, AuditAction.RESPONDENT_INVITED, invitation.id, duty=duty.duty.value)
    outbox.enqueue(
        session,
        municipality_id=actor.municipality_id,
        kind="accounts.invitation",
        dedupe_key=f"account_invitation:{invitation.id}",
        payload={"invitation_id": str(invitation.id)},
    )
    return invitation


def send_invitation_again(session: Session, actor: Actor, invitation: AccountInvitation) -> AccountInvitation | None:
    """Send a new link; the old one stops working. None when the address has got an account: it answers at once.

    Raises `Refused` as `require_open` does, or when too many have been sent; `NotFound` as `require_lead` does.
    """
    require_open(session, invitation)
    require_lead(session, actor, _command_of(invitation).duty)
    if (account := queries.find_invited_account(session, invitation)) is not None:
        _use(invitation, account)
        grant_meanwhile_invited(session, actor, account, _command_of(invitation).duty)
        return None
    return _replace(session, actor, invitation)


def _replace(session: Session, actor: Actor, invitation: AccountInvitation) -> AccountInvitation:
    _require_few(session, actor, invitation.email)
    invitation.ended_at = clock.wall()
    return _send(session, actor, _command_of(invitation))


def request_new_invitation(session: Session, invitation: AccountInvitation) -> None:
    """Send a new link to the same address, asked for by whoever holds the old one; too many are quietly not sent."""
    try:
        require_open(session, invitation)
        _replace(session, Actor.system(invitation.municipality_id), invitation)
    except Refused as refusal:
        if refusal.reason not in {"too_many_invitations", "invitation_is_over"}:
            raise


def _command_of(invitation: AccountInvitation) -> SendInvitation:
    duty = GrantDuty(
        duty=invitation.duty,
        unit_ids=tuple(each.school_unit_id for each in invitation.invited_units),
        starts_on=invitation.starts_on,
        ends_on=invitation.ends_on,
        granted_by_id=invitation.invited_by_id,
    )
    return SendInvitation(invitation.name, invitation.title, invitation.email, duty)


def accept_invitation(session: Session, invitation: AccountInvitation, password: str) -> Account:
    """Make an account of an invitation, with its own password and the invited units only.

    Other invitations of the municipality to the same address are accepted with it: they are to the same person, whose
    account there now is, with the name in the one that lets them do most. Raises `Refused` with a `PasswordFault` when
    the password is too easy to guess, and `NotFound` when the address got an account, or somebody used the link,
    meanwhile.
    """
    accepted = _list_accepted(session, invitation)
    if queries.find_by_email(session, invitation.email) is not None:
        raise NotFound("invitation")
    if fault := find_password_fault(password, accepted[0].name, accepted[0].email):
        raise Refused(fault.value)
    account = _open_account(session, accepted[0], password)
    actor = Actor(account.id, account.municipality_id, account.role)
    audit.record(session, actor, AuditAction.ACCOUNT_ADDED, account.id, role=account.role.value)
    audit.record(session, actor, AuditAction.ACCOUNT_ACTIVATED, account.id)
    for each in accepted:
        _use(each, account)
        grant_as_invited(session, actor, account, _command_of(each).duty)
    return account


def accept_with_account(session: Session, invitation: AccountInvitation) -> None:
    """Let the account that the address has got meanwhile answer; only its owner gets the mail with the link.

    Raises `NotFound` as `accept_invitation` does, and `Refused("cannot_answer")` as `grant_duty` does.
    """
    accepted = _list_accepted(session, invitation)
    account = queries.find_invited_account(session, invitation)
    if account is None:
        raise NotFound("invitation")
    actor = Actor(account.id, account.municipality_id, account.role)
    for each in accepted:
        _use(each, account)
        grant_meanwhile_invited(session, actor, account, _command_of(each).duty)


def _list_accepted(session: Session, invitation: AccountInvitation) -> Sequence[AccountInvitation]:
    """Return what is accepted with an invitation: what lets its owner do most first, then what the link is to.

    A link that is too old gives nothing, even by another's mail. Raises `NotFound` when the invitation's own does not.
    """
    pending = queries.list_pending_for_update(session, invitation.municipality_id, invitation.email)
    usable = [each for each in pending if each.is_open(clock.today()) and not each.has_expired(clock.wall())]
    if invitation not in usable:
        raise NotFound("invitation")
    return sorted(usable, key=lambda each: (not each.duty.leads, each is not invitation))


def _use(invitation: AccountInvitation, account: Account) -> None:
    invitation.used_at, invitation.account_id = clock.wall(), account.id


def _open_account(session: Session, invitation: AccountInvitation, password: str) -> Account:
    account = Account(
        municipality_id=invitation.municipality_id,
        name=invitation.name,
        title=invitation.title,
        email=invitation.email,
        phone="",
        email_index=invitation.email_index,
        role=Role.RESPONDENT,
        password_hash=hash_password(password),
        activated_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account
