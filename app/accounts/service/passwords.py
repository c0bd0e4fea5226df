"""What is stored of a password, and whether one is right."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.accounts.models import Account

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""Argon2id (RFC 9106) with OWASP's least memory: about 50 ms on a small server."""


@cache
def _hash_of_nobody() -> str:
    """Return a hash to verify against when there is no account, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(_normalized(password))


def _normalized(password: str) -> str:
    """Return the password as every keyboard makes it (NIST SP 800-63B-4, 3.1.1.2): letters with rings and dots vary."""
    return unicodedata.normalize("NFKC", password)


def is_right(account: Account | None, password: str) -> bool:
    """Tell whether the password is the account's; it takes as long when there is no such account."""
    known = account.password_hash if account is not None else None
    try:
        return _hasher.verify(known or _hash_of_nobody(), _normalized(password)) and known is not None
    except VerificationError:
        return False
