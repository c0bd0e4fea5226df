"""The question pages of a report, in their order."""

from enum import StrEnum
from typing import Final


class ReportPage(StrEnum):
    """A question page; its value is the name of its field in `ReportContent`."""

    CHILD = "child"
    DANGER = "danger"
    CONCERN = "concern"
    TOLD = "told"
    BACKGROUND = "background"
    TRAVEL = "travel"
    FAMILY = "family"
    REPORTER = "reporter"

    @property
    def number(self) -> int:
        """The place in the order, from 1."""
        return PAGES.index(self) + 1

    @property
    def following(self) -> "ReportPage | None":
        """The page after this one, None after the last."""
        return PAGES[self.number] if self.number < len(PAGES) else None

    @property
    def preceding(self) -> "ReportPage | None":
        """The page before this one, None before the first."""
        return PAGES[self.number - 2] if self.number > 1 else None


PAGES: Final[tuple[ReportPage, ...]] = tuple(ReportPage)
