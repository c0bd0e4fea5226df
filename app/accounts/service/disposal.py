"""Forgetting what signing in leaves behind."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import AccountInvitation, InvitedUnit, OneTimeLink, SignInSession
from app.kernel import clock

LINKS_KEPT_FOR: Final = timedelta(days=30)
"""Longer than any link can be used, and than a mail with one waits to be sent."""


def dispose_of_old_sessions(session: Session) -> None:
    """Forget sign-in sessions that ended long ago, and links that nobody can use any more.

    An ended session stays for a while: it tells for whom to keep what its browser still had to send.
    """
    at = clock.wall()
    session.execute(delete(SignInSession).where(queries.is_long_ended(at)))
    session.execute(delete(OneTimeLink).where(OneTimeLink.made_at < at - LINKS_KEPT_FOR))


def dispose_of_invitations(session: Session) -> None:
    """Forget whom somebody has invited, some time after the invitation is over; the audit keeps that it was sent."""
    ids = queries.list_forgettable_invitations(session, clock.wall(), clock.today())
    session.execute(delete(InvitedUnit).where(InvitedUnit.invitation_id.in_(ids)))
    session.execute(delete(AccountInvitation).where(AccountInvitation.id.in_(ids)))
