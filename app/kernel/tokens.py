"""One-time links: a token is made from a row's id and the installation's keys, so the database holds none of it."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from hashlib import sha256
from uuid import UUID

from app.kernel.encryption import key_ring

_ID_BYTES = 16


def make_token(purpose: str, row_id: UUID) -> str:
    """Return the token of a row: its id and 256 bits that only the keys can make."""
    return urlsafe_b64encode(row_id.bytes + _proof(purpose, row_id)).decode().rstrip("=")


def read_token(purpose: str, token: str) -> UUID | None:
    """Return the id of the row that the token was made for, or None when it was not made here for this purpose."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (BadBase64, UnicodeEncodeError):
        return None
    if len(raw) != _ID_BYTES + sha256().digest_size:
        return None
    row_id = UUID(bytes=raw[:_ID_BYTES])
    # Compared as text: the decoder overlooks strange characters, and a link should have one spelling.
    return row_id if hmac.compare_digest(token, make_token(purpose, row_id)) else None


def _proof(purpose: str, row_id: UUID) -> bytes:
    return hmac.new(key_ring().derive(f"token:{purpose}"), row_id.bytes, sha256).digest()
