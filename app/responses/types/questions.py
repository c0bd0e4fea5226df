"""The ten question pages about a pupil, in their order."""

from enum import StrEnum
from typing import Final


class PupilPage(StrEnum):
    """A question page; its value is the name of its field in `PupilAnswers`."""

    URGENT = "urgent"
    IDENTITY = "identity"
    LAST_SEEN = "last_seen"
    WHEREABOUTS = "whereabouts"
    LEAVE = "leave"
    CONTACTS = "contacts"
    SIBLINGS = "siblings"
    CONCERN = "concern"
    GUARDIANS = "guardians"
    OWN_WORDS = "own_words"

    @property
    def number(self) -> int:
        """The place in the order, from 1."""
        return PAGES.index(self) + 1

    @property
    def following(self) -> "PupilPage | None":
        """The page after this one, None after the last."""
        return PAGES[self.number] if self.number < len(PAGES) else None

    @property
    def preceding(self) -> "PupilPage | None":
        """The page before this one, None before the first."""
        return PAGES[self.number - 2] if self.number > 1 else None


PAGES: Final[tuple[PupilPage, ...]] = tuple(PupilPage)

REQUIRED_PAGES: Final[frozenset[PupilPage]] = frozenset(
    {
        PupilPage.URGENT,
        PupilPage.IDENTITY,
        PupilPage.LAST_SEEN,
        PupilPage.WHEREABOUTS,
        PupilPage.CONCERN,
        PupilPage.GUARDIANS,
    }
)
"""What the coordinator cannot begin without. The rest may be sent unanswered: an answer in time is worth more."""
