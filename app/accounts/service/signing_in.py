"""Signing in and out."""

import secrets
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts import queries
from app.accounts.models import Account, SignInAttempt, SignInSession
from app.accounts.service.passwords import is_right
from app.accounts.types import ATTEMPTS_WITHIN, MOST_ATTEMPTS, MOST_FORGOTTEN, TooManyAttempts
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.encryption import blind_index


def sign_in(database: Database, email: str, password: str, address: str) -> str | None:
    """Return a new session's token, or None when the account or the password is wrong.

    Opens transactions of its own: an attempt counts even though the page that shows it fails is rolled back.
    Raises `TooManyAttempts` on the sixth try within a minute for the same account from the same address.
    """
    _count_attempt(database, email, address)
    with database.reading() as session:
        account = queries.find_by_email(session, email)
    key = _attempt_key(email, address)
    if not is_right(account, password) or account is None or not account.is_active:
        _note_failure(database, account, key)
        return None
    with database.transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.key == key))
        return start_session(session, account)


def _note_failure(database: Database, account: Account | None, key: bytes) -> None:
    """Record a failed try; where there is no account to record it of, write what takes about as long."""
    with database.transaction() as session:
        if account is not None:
            audit.record(session, Actor.system(account.municipality_id), AuditAction.SIGN_IN_FAILED, account.id)
        else:
            session.execute(update(SignInAttempt).where(SignInAttempt.key == key).values(key=key))


def _count_attempt(database: Database, email: str, address: str) -> None:
    key, at = _attempt_key(email, address), clock.wall()
    forgotten = select(SignInAttempt.id).where(SignInAttempt.at < at - ATTEMPTS_WITHIN * 10)
    with database.transaction() as session:
        # Rows that another process is forgetting at the same moment are left to it.
        ids = session.scalars(forgotten.limit(MOST_FORGOTTEN).with_for_update(skip_locked=True)).all()
        session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(ids)))
        session.add(SignInAttempt(key=key, at=at))
    with database.reading() as session:  # Counted after the own row is there, so that a burst cannot slip through.
        if queries.count_attempts(session, key, at - ATTEMPTS_WITHIN) > MOST_ATTEMPTS:
            raise TooManyAttempts


def _attempt_key(email: str, address: str) -> bytes:
    return blind_index(None, "sign-in-attempt", f"{email.strip().casefold()}|{_network_of(address)}")


def _network_of(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or the first half of an IPv6 one (RFC 6177)."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))


def start_session(session: Session, account: Account) -> str:
    """Start a sign-in session and return its token, which is stored only as a hash."""
    token, at = secrets.token_urlsafe(32), clock.wall()
    session.add(
        SignInSession(
            municipality_id=account.municipality_id,
            token_hash=sha256(token.encode()).digest(),
            account_id=account.id,
            started_at=at,
            last_seen_at=at,
        )
    )
    audit.record(session, Actor(account.id, account.municipality_id, account.role), AuditAction.SIGNED_IN, account.id)
    return token


def note_seen(database: Database, sign_in_session_id: UUID, at: datetime) -> None:
    """Remember that a session was used, in a transaction of its own."""
    with database.transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == sign_in_session_id).values(last_seen_at=at))


def sign_out(session: Session, actor: Actor, token: str) -> None:
    """End the session of this token in every process."""
    if (found := queries.find_session(session, token)) is not None and found.ended_at is None:
        found.ended_at = clock.wall()
        audit.record(session, actor, AuditAction.SIGNED_OUT, actor.account_id)


def end_sessions(session: Session, account: Account) -> None:
    """End every session an account has, in every process."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account.id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.wall())
    )
