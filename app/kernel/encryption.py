"""Encryption of what says something about a person, with keys that live outside the database and its backups.

Fields: AES-256-GCM (NIST SP 800-38D) with table, column and row id as associated data, so that a value moved to another
row cannot be read, and a key id in front, so that keys can change. Look-up of an exact number: HMAC-SHA-256 (RFC 2104)
with a key of its own per municipality, since every Swedish number can be hashed in minutes.
"""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from app.kernel.database import Model

RING_FILE = "ring.json"
_KEY_BYTES = 32
"""256 bits, for AES and for what others derive from."""
_NONCE_BYTES = 12


class WrongKey(Exception):
    """The keys are missing, unreadable or not those the database was written with."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys of one installation: those that open fields, by key id, and the secret that others derive from."""

    current: str
    field_keys: Mapping[str, bytes]
    root: bytes
    ciphers: Mapping[str, AESGCM] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ciphers", {key_id: AESGCM(key) for key_id, key in self.field_keys.items()})

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt `plain` for one place; the result begins with the key id's length and the key id."""
        nonce = os.urandom(_NONCE_BYTES)
        name = self.current.encode()
        return bytes([len(name)]) + name + nonce + self.ciphers[self.current].encrypt(nonce, plain, place.encode())

    def open(self, token: bytes, place: str) -> bytes:
        """Decrypt what `seal` made for the same place.

        Raises `WrongKey` when the key is not in the ring, or the value was altered or belongs to another place.
        """
        column = place.split(":", maxsplit=1)[0]
        end = 1 + token[0] if token else 0
        name, rest = token[1:end].decode(errors="replace"), token[end:]
        if name not in self.ciphers:
            raise WrongKey(f"no key {name!r} in the ring, which {column} asks for")
        try:
            return self.ciphers[name].decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):  # ValueError: what is left is too short to be anything.
            raise WrongKey(f"the value at {column} cannot be opened with key {name!r}") from None

    def derive(self, purpose: str, length: int = 32) -> bytes:
        """Return a key for one purpose (HKDF, RFC 5869); the same purpose always gives the same key."""
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode()).derive(self.root)


def new_key_ring() -> KeyRing:
    """Return fresh keys."""
    field_key, root = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES)
    return KeyRing(current="k1", field_keys={"k1": field_key}, root=root)


def read_key_ring(folder: Path) -> KeyRing | None:
    """Return the keys kept in `folder`, or None when there are none. Raises `WrongKey` when they cannot be read."""
    path = folder / RING_FILE
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        keys = {key_id: b64decode(key, validate=True) for key_id, key in kept["fields"].items()}
        ring = KeyRing(current=str(kept["current"]), field_keys=keys, root=b64decode(kept["root"], validate=True))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongKey(f"{path} is damaged ({type(error).__name__})") from None
    if ring.current not in keys or {len(key) for key in (ring.root, *keys.values())} != {_KEY_BYTES}:
        raise WrongKey(f"{path} is damaged")
    return ring


def write_key_ring(folder: Path, ring: KeyRing) -> None:
    """Keep the keys in `folder`, readable by the owner only. Raises `FileExistsError`: keys are never written over.

    The file is whole or not there, and stays: rows sealed with keys that a power cut took would be lost for good.
    """
    for each in (folder.parent, folder):  # With `parents` the mode would be the last one's only.
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {
        "current": ring.current,
        "fields": {key_id: b64encode(key).decode() for key_id, key in ring.field_keys.items()},
        "root": b64encode(ring.root).decode(),
    }
    descriptor, unfinished = mkstemp(dir=folder, prefix=f"{RING_FILE}.")  # Made with mode 0600.
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(kept, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, folder / RING_FILE)  # Unlike a rename it refuses to take another's place.
    finally:
        os.unlink(unfinished)
    _keep_names(folder)
    _keep_names(folder.parent)


def _keep_names(folder: Path) -> None:
    """Have the names in a folder written to disk, as fsync does with a file's contents."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_ring: KeyRing | None = None


def use_key_ring(ring: KeyRing) -> None:
    """Let this process seal and open with `ring`; an installation has one."""
    global _ring  # noqa: PLW0603 - one installation a process; descriptors on models have nowhere else to look
    _ring = ring


def key_ring() -> KeyRing:
    """Return the process's keys. Raises `WrongKey` before `use_key_ring`."""
    if _ring is None:
        raise WrongKey("no keys in use")
    return _ring


def blind_index(scope: UUID | None, purpose: str, value: str) -> bytes:
    """Return what an exact look-up of `value` compares; `scope` is the municipality, None for the installation.

    Equal values give equal bytes within a scope and purpose only.
    """
    key = key_ring().derive(f"blind-index:{scope or 'installation'}:{purpose}")
    return hmac.new(key, value.encode(), sha256).digest()


class Sealed:
    """A text attribute of a model that is stored encrypted in the column named."""

    def __init__(self, column: str) -> None:
        self._column = column

    def _place(self, row: "Model") -> str:
        return f"{row.__tablename__}.{self._column}:{row.id}"

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        token = getattr(row, self._column)
        return None if token is None else self._decode(key_ring().open(token, self._place(row)))

    def __set__(self, row: Any, value: Any) -> None:
        token = None if value is None else key_ring().seal(self._encode(value), self._place(row))
        setattr(row, self._column, token)

    def _encode(self, value: Any) -> bytes:
        return str(value).encode()

    def _decode(self, plain: bytes) -> Any:
        return plain.decode()


class SealedJson(Sealed):
    """A structure of plain values stored encrypted; assign a new one to change it."""

    def _encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    def _decode(self, plain: bytes) -> Any:
        return json.loads(plain)


class SealedBytes(Sealed):
    """A file stored encrypted."""

    def _encode(self, value: Any) -> bytes:
        return bytes(value)

    def _decode(self, plain: bytes) -> Any:
        return plain
