"""The mails about an account: a new password, an invitation, another duty. They say nothing about any school."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account, AccountInvitation, OneTimeLink
from app.accounts.queries import find_by_email
from app.accounts.types import INVITATION_LASTS
from app.kernel import clock
from app.kernel.email import Email
from app.kernel.rendering import render_mail


def compose_renewal(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail with the link, or None when the link no longer works."""
    link = session.scalar(
        select(OneTimeLink).where(OneTimeLink.id == UUID(payload["link_id"])).options(joinedload(OneTimeLink.account))
    )
    if link is None or not link.is_usable(clock.wall()):
        return None
    subject, body = render_mail("accounts/renewal.txt", url=f"{public_url}/aktivera/{link.token}")
    return Email(to=link.account.email, subject=subject, body=body)


def compose_invitation(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that invites somebody to an account of their own, or None when the link no longer works.

    Who has an account in another municipality is asked for another address; nobody else is told that there is one.
    """
    invitation = session.scalar(
        select(AccountInvitation)
        .where(AccountInvitation.id == UUID(payload["invitation_id"]))
        .options(joinedload(AccountInvitation.municipality))
    )
    if invitation is None or not invitation.is_open(clock.today()) or invitation.has_expired(clock.wall()):
        return None
    until = clock.local(clock.shown(invitation.sent_at + INVITATION_LASTS)).date()
    account = find_by_email(session, invitation.email)
    is_taken = account is not None and account.municipality_id != invitation.municipality_id
    subject, body = render_mail(
        "accounts/invitation.txt",
        has_account=account is not None,
        url=None if is_taken else f"{public_url}/inbjudan/{invitation.token}",
        until=format_date(until, "d MMMM y", locale="sv"),
        municipality=invitation.municipality,
    )
    return Email(to=invitation.email, subject=subject, body=body)


def compose_duty_changed(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that tells somebody to look what they may do now, or None when the account is closed."""
    account = session.scalar(
        select(Account).where(Account.id == UUID(payload["account_id"])).options(joinedload(Account.municipality))
    )
    if account is None or not account.is_active:
        return None
    subject, body = render_mail("accounts/duty_changed.txt", url=f"{public_url}/", municipality=account.municipality)
    return Email(to=account.email, subject=subject, body=body)


COMPOSERS: Final = {
    "accounts.renewal": compose_renewal,
    "accounts.invitation": compose_invitation,
    "accounts.duty_changed": compose_duty_changed,
}
