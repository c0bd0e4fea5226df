"""One result for one form: a double click, the back button and a retry all meet what the first sending gave."""

import hmac
from hashlib import sha256
from uuid import UUID, uuid4

from flask import request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.kernel import clock
from app.kernel.encryption import key_ring
from app.kernel.submitted_forms import LONGEST_LOCATION, SubmittedForm, find_submitted

__all__ = [
    "LONGEST_LOCATION",
    "Repeated",
    "Reused",
    "SubmittedForm",
    "claim_form",
    "is_claimed",
    "is_key_of",
    "is_stored",
    "make_key",
    "stored_key",
]

FIELD = "form_key"
_IGNORED = {FIELD, "csrf_token"}
_KEY_LENGTH = 32
"""Of the key itself, and of its mark."""


def make_key(account_id: UUID | None) -> str:
    """Return the key of a form that is drawn now. It says for whom, in a way that only this installation can."""
    key = uuid4().hex
    return key + _mark(key, account_id)


def is_key_of(account_id: UUID, key: str) -> bool:
    """Tell whether a form was drawn for an account: an old window may be sent by whoever has signed in since."""
    made, mark = key[:_KEY_LENGTH], key[_KEY_LENGTH:].encode(errors="replace")
    return hmac.compare_digest(mark, _mark(made, account_id).encode())


def _mark(key: str, account_id: UUID | None) -> str:
    made = f"{key}:{account_id}".encode(errors="replace")
    return hmac.new(key_ring().derive("form-owner"), made, sha256).hexdigest()[:_KEY_LENGTH]


class Repeated(Exception):
    """The form was carried out before, with the same content, and led to `location`, or to a page of its own."""

    def __init__(self, location: str | None) -> None:
        super().__init__()
        self.location = location


class Reused(Exception):
    """The form's key comes back with other content: nothing is done, and the person is told."""


def claim_form(session: Session, account_id: UUID | None) -> SubmittedForm | None:
    """Claim the key of the form in this request for its transaction; None when the form carries no key.

    Raises `Repeated` or `Reused` when the key has been carried out before. Another request with the same key that has
    not ended is waited for by the unique constraint.
    """
    key = request.form.get(FIELD, "")
    if not key:
        return None
    key = stored_key(account_id, key)
    submitted = SubmittedForm(key=key, content_hash=_content_hash(), submitted_at=clock.wall(), location=None)
    if (earlier := find_submitted(session, key)) is None:
        try:
            with session.begin_nested():
                session.add(submitted)
            return submitted
        except IntegrityError:
            earlier = find_submitted(session, key)
    if earlier is None or earlier.content_hash != submitted.content_hash:
        raise Reused
    raise Repeated(earlier.location)


def stored_key(account_id: UUID | None, key: str) -> str:
    """Return what is stored of a form's key: the same key of two people is two keys. No key is the empty text."""
    return sha256(f"{account_id}:{key}".encode(errors="surrogatepass")).hexdigest() if key else ""


def is_claimed(session: Session, account_id: UUID) -> bool:
    """Tell whether the form in this request has been carried out before."""
    return is_stored(session, stored_key(account_id, request.form.get(FIELD, "")))


def is_stored(session: Session, key: str) -> bool:
    """Tell whether the form with this stored key has been carried out."""
    return bool(key) and find_submitted(session, key) is not None


def _content_hash() -> str:
    pairs = sorted((name, value) for name, value in request.form.items(multi=True) if name not in _IGNORED)
    files = sorted((name, file.filename or "", _hash_of(file)) for name, file in request.files.items(multi=True))
    return sha256(repr((request.path, pairs, files)).encode(errors="surrogatepass")).hexdigest()


def _hash_of(file: FileStorage) -> str:
    found = sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return found
