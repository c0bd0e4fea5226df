"""How a register is reached, what one will bear from it, and how it fails."""

from dataclasses import dataclass
from datetime import timedelta

from app.rosters.types.fetching import FetchFailure


class RegisterFailed(Exception):
    """Nothing can be had from the register now; says why, and never what it answered."""

    def __init__(self, failure: FetchFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True, slots=True, repr=False)
class Connection:
    """Where a register is and how to sign in to it. Without a `token_url` the secret is itself the token."""

    base_url: str
    token_url: str
    client_id: str
    scope: str
    secret: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What is borne before giving up. The defaults have room for the country's largest municipality."""

    connect: float = 10
    """Seconds; as `read`, which is the longest silence."""
    read: float = 30
    answer: float = 100
    """One answer, from its first byte to its last, however steadily they come."""
    whole: timedelta = timedelta(minutes=15)
    """All of it, however well each answer goes."""
    waits: tuple[float, ...] = (1, 5, 20)
    """Seconds before each new attempt at one answer; there are no more attempts than these and the first."""
    longest_wait: float = 60
    """Seconds that a server may ask for by `Retry-After`; asked for more, we come back sooner."""
    page_size: int = 200
    most_bytes: int = 8_000_000
    """In one answer. Parsed, the worst of them takes some twenty times as much memory."""
    most_pages: int = 5_000
    """Of one kind of thing."""
