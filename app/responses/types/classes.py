"""A class gone through: who is there, whose absence is known, who is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.kernel.errors import DomainError
from app.rosters.types import Mark


@dataclass(frozen=True, slots=True)
class SaveClass:
    """Keep what was marked in a class; those whose key is not among `marks` stay as they are.

    `removes_described` says that a pupil who is no longer missing may be taken off the absence list even when
    somebody has described the pupil there.
    """

    marks: Mapping[str, Mark | None] = field(repr=False)
    version: int
    removes_described: bool = False


@dataclass(frozen=True, slots=True)
class SaveUnlisted:
    """Keep how many pupils stand on no class list: those with protected personal data, and those who are new."""

    present: int
    known_absence: int
    protected_known_absence: int
    """Of `known_absence`, never beside it."""
    protected_missing: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ClassSums:
    """What the classes of a unit come to, together with those who stand on no list."""

    classes: int
    done: int
    begun: int
    """Those where anybody is marked, the done ones among them."""
    listed: int
    """Pupils on the class lists."""
    present: int
    known_absence: int
    missing: int
    protected: int
    """Pupils who are enrolled and protected, whom the class lists leave out."""

    @property
    def is_done(self) -> bool:
        """Whether every class has been gone through."""
        return self.done == self.classes


class PupilsAreDescribed(DomainError):
    """Somebody has written about pupils marked as no longer missing: taking that away must be asked for."""

    def __init__(self, pupil_ids: Sequence[UUID]) -> None:
        super().__init__(f"{len(pupil_ids)} described")
        self.pupil_ids = tuple(pupil_ids)
