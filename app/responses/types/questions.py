"""The question pages about a pupil, in their order, by what the school is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.surveys.types import Asks


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
    OBSERVED = "observed"
    SAID = "said"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Questions:
    """Which pages are asked, in their order, and which of them cannot be left out."""

    pages: tuple[PupilPage, ...]
    required: frozenset[PupilPage]

    def number(self, page: PupilPage) -> int:
        """Return the place of a page in the order, from 1."""
        return self.pages.index(page) + 1

    def following(self, page: PupilPage) -> PupilPage | None:
        """Return the page after this one, None after the last."""
        number = self.number(page)
        return self.pages[number] if number < len(self.pages) else None

    def preceding(self, page: PupilPage) -> PupilPage | None:
        """Return the page before this one, None before the first."""
        number = self.number(page)
        return self.pages[number - 2] if number > 1 else None


ALL_PAGES: Final[tuple[PupilPage, ...]] = tuple(PupilPage)

PAGES: Final[tuple[PupilPage, ...]] = ALL_PAGES[: ALL_PAGES.index(PupilPage.OBSERVED)]
"""The ten about a pupil who is missing."""

WORRY_PAGES: Final[tuple[PupilPage, ...]] = (
    PupilPage.URGENT,
    PupilPage.IDENTITY,
    PupilPage.OBSERVED,
    PupilPage.SAID,
    PupilPage.SIBLINGS,
    PupilPage.TRAVEL,
    PupilPage.GUARDIANS,
    PupilPage.OWN_WORDS,
)
"""Those about a pupil who is still here, and whom somebody worries about before a break."""

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

_ABOUT_MISSING: Final = Questions(PAGES, REQUIRED_PAGES)

QUESTIONS: Final[Mapping[Asks, Questions]] = {
    Asks.RETURN: _ABOUT_MISSING,
    Asks.REPORT: _ABOUT_MISSING,
    Asks.WORRY: Questions(
        WORRY_PAGES,
        frozenset({PupilPage.URGENT, PupilPage.IDENTITY, PupilPage.OBSERVED, PupilPage.GUARDIANS}),
    ),
}
