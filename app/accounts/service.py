"""Adding accounts, activating them, signing in and out."""

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts import queries
from app.accounts.models import AT_SCHOOL, Account, Membership, OneTimeLink, SignInAttempt, SignInSession
from app.accounts.types import (
    ATTEMPTS_WITHIN,
    LINK_LASTS,
    MOST_ATTEMPTS,
    MOST_FORGOTTEN,
    MOST_RENEWALS,
    AddAccount,
    Duty,
    LinkPurpose,
    TooManyAttempts,
    find_password_fault,
)
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.csv_files import Column, Problems, Row, read_table, require_unique
from app.kernel.database import Database
from app.kernel.encryption import blind_index
from app.kernel.errors import NotFound, Refused
from app.outbox import service as outbox

ACCOUNTS_FILE = "accounts.csv"
ACCOUNT_COLUMNS = (
    Column("name", ("namn",)),
    Column("title", ("titel",)),
    Column("email", ("epost", "mejl"), max_length=254),
    Column("phone", ("telefon",)),
    Column("role", ("roll",)),
    Column("units", ("skolenheter", "skolenhetskoder"), is_required=False, max_length=2000),
)
ROLES = {
    "personal": Role.STAFF,
    "uppgiftslamnare": Role.RESPONDENT,
    "samordnare": Role.COORDINATOR,
    "utbildningsdirektor": Role.DIRECTOR,
    "administrator": Role.ADMINISTRATOR,
    "granskare": Role.AUDITOR,
}
"""Folded Swedish words for the roles, as they stand in the file."""
FIRST_DAY = date(2000, 1, 1)
"""Memberships of a set-up hold from long ago: the file says who answers, not since when."""

LINKS_KEPT_FOR = timedelta(days=30)
"""Longer than any link can be used, and than a mail with one waits to be sent."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""Argon2id (RFC 9106) with OWASP's least memory: about 50 ms on a small server."""


@cache
def _hash_of_nobody() -> str:
    """Return a hash to verify against when there is no account, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe())


def add_account(session: Session, actor: Actor, command: AddAccount) -> Account:
    """Add an account without a password, which its owner chooses by a link. Raises `Refused("email_is_taken")`."""
    if queries.find_by_email(session, command.email) is not None:
        raise Refused("email_is_taken")
    account = Account(
        municipality_id=actor.municipality_id,
        name=command.name,
        title=command.title,
        email=command.email.strip(),
        phone=command.phone,
        email_index=queries.email_index(command.email),
        role=command.role,
    )
    session.add(account)
    session.flush()
    for unit_id in command.unit_ids:
        session.add(_membership(account, unit_id, command))
    audit.record(session, actor, AuditAction.ACCOUNT_ADDED, account.id, role=command.role.value)
    return account


def _membership(account: Account, unit_id: UUID, command: AddAccount) -> Membership:
    return Membership(
        municipality_id=account.municipality_id,
        account_id=account.id,
        school_unit_id=unit_id,
        duty=Duty.PRINCIPAL if command.role is Role.RESPONDENT else Duty.STAFF,
        starts_on=command.starts_on or clock.today(),
    )


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
    _end_sessions(session, account)
    actor = Actor(account.id, account.municipality_id, account.role)
    if account.activated_at is None:
        account.activated_at = clock.now()
        audit.record(session, actor, AuditAction.ACCOUNT_ACTIVATED, account.id)
    else:
        audit.record(session, actor, AuditAction.PASSWORD_CHANGED, account.id)
    return account


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(_normalized(password))


def _normalized(password: str) -> str:
    """Return the password as every keyboard makes it (NIST SP 800-63B-4, 3.1.1.2): letters with rings and dots vary."""
    return unicodedata.normalize("NFKC", password)


def sign_in(database: Database, email: str, password: str, address: str) -> str | None:
    """Return a new session's token, or None when the account or the password is wrong.

    Opens transactions of its own: an attempt counts even though the page that shows it fails is rolled back.
    Raises `TooManyAttempts` on the sixth try within a minute for the same account from the same address.
    """
    _count_attempt(database, email, address)
    with database.reading() as session:
        account = queries.find_by_email(session, email)
    key = _attempt_key(email, address)
    if not _is_right(account, password) or account is None or not account.is_active:
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


def _is_right(account: Account | None, password: str) -> bool:
    known = account.password_hash if account is not None else None
    try:
        return _hasher.verify(known or _hash_of_nobody(), _normalized(password)) and known is not None
    except VerificationError:
        return False


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


def import_accounts(
    session: Session, actor: Actor, folder: Path, unit_ids_by_code: Mapping[str, UUID]
) -> Sequence[Account]:
    """Add the accounts of `accounts.csv` and return them; all or none. Raises `FilesRefused`."""
    problems = Problems()
    rows = read_table(folder, ACCOUNTS_FILE, ACCOUNT_COLUMNS, problems)
    require_unique(rows, "email")
    commands = [_account_of(row, unit_ids_by_code) for row in rows]
    for row in rows:
        if queries.find_by_email(session, row.text("email")) is not None:
            row.problem("email", "account_exists")
    problems.raise_if_any()
    return [add_account(session, actor, command) for command in commands]


def _account_of(row: Row, unit_ids_by_code: Mapping[str, UUID]) -> AddAccount:
    codes = row.text("units").split()
    if any(code not in unit_ids_by_code for code in codes):
        row.problem("units", "no_such_school_unit")
    role = row.choice("role", ROLES)
    if role in AT_SCHOOL and not codes:
        row.problem("units", "school_unit_is_needed")
    return AddAccount(
        name=row.text("name"),
        title=row.text("title"),
        email=row.email("email"),
        phone=row.phone("phone"),
        role=role,
        unit_ids=tuple(dict.fromkeys(unit_ids_by_code[code] for code in codes if code in unit_ids_by_code)),
        starts_on=FIRST_DAY,
    )


def disable_account(session: Session, actor: Actor, account: Account) -> None:
    """Close an account: it cannot sign in, and its sessions end now. Raises `Refused` for one's own."""
    if account.id == actor.account_id:
        raise Refused("own_account")
    account.is_active = False
    _end_sessions(session, account)
    audit.record(session, actor, AuditAction.ACCOUNT_DISABLED, account.id)


def enable_account(session: Session, actor: Actor, account: Account) -> None:
    """Open a closed account again."""
    account.is_active = True
    audit.record(session, actor, AuditAction.ACCOUNT_ENABLED, account.id)


def dispose_of_old_sessions(session: Session) -> None:
    """Forget sign-in sessions that ended long ago, and links that nobody can use any more.

    An ended session stays for a while: it tells for whom to keep what its browser still had to send.
    """
    at = clock.wall()
    session.execute(delete(SignInSession).where(queries.is_long_ended(at)))
    session.execute(delete(OneTimeLink).where(OneTimeLink.made_at < at - LINKS_KEPT_FOR))


def _end_sessions(session: Session, account: Account) -> None:
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account.id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.wall())
    )
