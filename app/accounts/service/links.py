"""One-time links: made, mailed and used to choose a password."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts import queries
from app.accounts.models import Account, OneTimeLink
from app.accounts.service.passwords import hash_password
from app.accounts.service.signing_in import end_sessions
from app.accounts.types import LINK_LASTS, MOST_RENEWALS, LinkPurpose, find_password_fault
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.outbox import service as outbox


def make_link(session: Session, actor: Actor, account: Account, purpose: LinkPurpose) -> OneTimeLink:
    """Make a one-time link; earlier links of the account stop working."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.wall())
    )
    link = OneTimeLink(
        municipality_id=account.municipality_id, account_id=account.id, purpose=purpose, made_at=clock.wall()
    )
    session.add(link)
    session.flush()
    audit.record(session, actor, AuditAction.ACCOUNT_LINK_MADE, account.id, purpose=purpose.value)
    return link


def request_renewal(session: Session, email: str) -> None:
    """Queue a mail with a link to choose a new password; say nothing about whether there is such an account.

    Nor about whether there have been too many: anyone can ask, but nobody can fill somebody's mailbox.
    """
    account = queries.find_by_email(session, email)
    if account is None or not account.is_active:
        return
    since = clock.wall() - LINK_LASTS[LinkPurpose.RENEWAL]
    if queries.count_links(session, account.id, LinkPurpose.RENEWAL, since) >= MOST_RENEWALS:
        return
    actor = Actor.system(account.municipality_id)
    link = make_link(session, actor, account, LinkPurpose.RENEWAL)
    outbox.enqueue(
        session,
        municipality_id=account.municipality_id,
        kind="accounts.renewal",
        dedupe_key=f"renewal:{link.id}",
        payload={"link_id": str(link.id)},
    )


def use_link(session: Session, link: OneTimeLink, password: str) -> Account:
    """Give the link's account a password, use the link up and end every session the account had.

    Raises `Refused` with a `PasswordFault` when the password is too easy to guess, and `NotFound` when somebody used
    the link at the same moment.
    """
    account = link.account
    if fault := find_password_fault(password, account.name, account.email):
        raise Refused(fault.value)
    unused = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    if session.scalar(unused.values(used_at=clock.wall()).returning(OneTimeLink.id)) is None:
        raise NotFound
    account.password_hash = hash_password(password)
    end_sessions(session, account)
    actor = Actor(account.id, account.municipality_id, account.role)
    if account.activated_at is None:
        account.activated_at = clock.now()
        audit.record(session, actor, AuditAction.ACCOUNT_ACTIVATED, account.id)
    else:
        audit.record(session, actor, AuditAction.PASSWORD_CHANGED, account.id)
    return account
