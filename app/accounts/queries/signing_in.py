"""Finding sessions, one-time links and attempts to sign in."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import (
    Account,
    Membership,
    OneTimeLink,
    SignInAttempt,
    SignInSession,
)
from app.accounts.types import LinkPurpose
from app.kernel.tokens import read_token
from app.kernel.typed_forms import KEPT_FOR


def token_hash(token: str) -> bytes:
    """Return what is stored of a session's token."""
    return sha256(token.encode()).digest()


def find_session(session: Session, token: str) -> SignInSession | None:
    """Return the sign-in session of a cookie with its account, memberships and municipality, alive or not."""
    return session.scalar(
        select(SignInSession)
        .where(SignInSession.token_hash == token_hash(token))
        .options(
            joinedload(SignInSession.account).options(
                joinedload(Account.municipality),
                selectinload(Account.memberships).joinedload(Membership.school_unit),
            )
        )
    )


def is_long_ended(at: datetime) -> ColumnElement[bool]:
    """Keep the sessions that nobody can have used, nor sent anything by, for longer than what is typed is kept."""
    return SignInSession.last_seen_at < at - KEPT_FOR


def exists_long_ended(session: Session, at: datetime) -> bool:
    """Tell whether there is a session that may be forgotten."""
    return session.scalar(select(SignInSession.id).where(is_long_ended(at)).limit(1)) is not None


def find_usable_link(session: Session, token: str, at: datetime) -> OneTimeLink | None:
    """Return the link of a token when it may be used at `at`, with its account; else None."""
    for purpose in LinkPurpose:
        if (link_id := read_token(purpose.value, token)) is not None:
            link = session.scalar(
                select(OneTimeLink).where(OneTimeLink.id == link_id).options(joinedload(OneTimeLink.account))
            )
            return link if link is not None and link.is_usable(at) else None
    return None


def count_links(session: Session, account_id: UUID, purpose: LinkPurpose, since: datetime) -> int:
    """Return how many links of a kind were made for an account since a moment."""
    made = OneTimeLink.made_at > since
    statement = select(func.count()).where(OneTimeLink.account_id == account_id, OneTimeLink.purpose == purpose, made)
    return session.scalar(statement) or 0


def count_attempts(session: Session, key: bytes, since: datetime) -> int:
    """Return how often a pair of account and address was tried since a moment."""
    return (
        session.scalar(
            select(func.count()).select_from(SignInAttempt).where(SignInAttempt.key == key, SignInAttempt.at > since)
        )
        or 0
    )
