"""What a queued message may be."""

from enum import StrEnum


class MessageState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENT = "sent"
    DROPPED = "dropped"
    """Its reason was gone when its turn came, such as a reminder to one who had answered meanwhile."""
    DEAD = "dead"
    """Given up after the last try, or uncertain and not allowed to be sent twice: a person decides."""
