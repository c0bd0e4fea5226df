"""What a queued message may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

MESSAGE_DOMAIN: Final = "aterkomst.invalid"
"""What the `Message-ID` of every mail ends with: nobody's domain (RFC 2606), so that it tells nothing."""


class MessageState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENT = "sent"
    DROPPED = "dropped"
    """Its reason was gone when its turn came, such as a reminder to one who had answered meanwhile."""
    DEAD = "dead"
    """It did not arrive: given up after the last try, come back after it was sent, or uncertain and not allowed to be
    sent twice. A person decides."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to queue; a second one with the same key is the same message."""

    municipality_id: UUID
    kind: str
    dedupe_key: str
    payload: Mapping[str, str]
    is_repeatable: bool = True
    """False when a second copy would do harm: after an uncertain attempt such a message dies instead."""
