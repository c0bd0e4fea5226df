"""The figures of a school unit, which must add up: nobody may fall between two counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResponseFigures:
    """How many are enrolled, and where they are. None is a figure nobody has given yet.

    `listed` are the missing pupils described by name; `protected_missing` are those who are only counted.
    """

    enrolled: int | None = None
    present: int | None = None
    known_absence: int | None = None
    protected_known_absence: int = 0
    """Of `known_absence`, never beside it."""
    protected_missing: int = 0
    listed: int = 0

    @property
    def missing(self) -> int:
        """All who are missing, with names or only counted."""
        return self.listed + self.protected_missing

    @property
    def is_given(self) -> bool:
        """Whether every figure has been given."""
        return None not in (self.enrolled, self.present, self.known_absence)

    @property
    def accounted_for(self) -> int:
        """The sum that must equal the enrolled."""
        return (self.present or 0) + (self.known_absence or 0) + self.missing

    @property
    def difference(self) -> int:
        """Enrolled pupils nobody has accounted for; negative when more are accounted for than enrolled."""
        return (self.enrolled or 0) - self.accounted_for

    @property
    def adds_up(self) -> bool:
        """Whether every enrolled pupil is counted once."""
        return self.is_given and self.difference == 0 and self.protected_known_absence <= (self.known_absence or 0)
