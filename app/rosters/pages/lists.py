"""What is shown of class lists: counts and names of classes to the coordinator, names to the unit's own respondents."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.kernel.swedish import swedish_key
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.rosters.pages.faults import COLUMNS
from app.rosters.queries.rosters import takes_rosters
from app.rosters.types import RosterPupil
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound

NO_CLASS: Final = "Utan klass"
MOST_NAMED: Final = 40
"""Classes named in a line; more than any school has."""


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class: its name and how many are in it, and the pupils where they may be shown."""

    name: str
    size: int
    pupils: Sequence[RosterPupil] = ()


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's list: counts only."""

    unit: SchoolUnit
    classes: Sequence[ClassLine]
    pupils: int
    protected: int
    marked: int

    @property
    def total(self) -> int:
        """Everyone on the list, those with protected identity too."""
        return self.pupils + self.protected

    @property
    def class_names(self) -> str:
        """The classes, to recognise the list by."""
        named = ", ".join(each.name for each in self.classes[:MOST_NAMED])
        return f"{named} med flera" if len(self.classes) > MOST_NAMED else named

    @property
    def differs(self) -> int | None:
        """How many more or fewer than the unit has enrolled; None when it agrees or nobody knows."""
        if self.unit.enrolled is None or self.unit.enrolled == self.total:
            return None
        return self.total - self.unit.enrolled


@dataclass(frozen=True, slots=True)
class Preview:
    """Lists that wait to be confirmed, and what to think of before one does."""

    upload: RosterUpload
    lines: Sequence[UnitLine]
    without_list: Sequence[SchoolUnit]
    """Units that have no list at all and have not answered."""
    keeping: Sequence[SchoolUnit]
    """Units that are not on it, and go on with the list they have."""
    answered: Sequence[SchoolUnit]
    started: Sequence[SchoolUnit]
    """Units that have begun to go through the list they have: it cannot be replaced."""

    @property
    def pupils(self) -> int:
        """Pupils by name."""
        return sum(line.pupils for line in self.lines)

    @property
    def protected(self) -> int:
        """Pupils with protected identity, of whom nothing was kept."""
        return sum(line.protected for line in self.lines)

    @property
    def ignored(self) -> str:
        """The columns that were left unread, as a spreadsheet letters them."""
        return ", ".join(self.upload.notes.get("ignored_columns", ()))

    @property
    def understood(self) -> str:
        """The columns that were understood, as a header would call them; empty for what no file brought."""
        return ", ".join(COLUMNS[name] for name in self._read_columns)

    @property
    def lacks_class_column(self) -> bool:
        """Whether no column of the file was understood as the class."""
        return bool(self._read_columns) and "school_class" not in self._read_columns

    @property
    def lacks_number_column(self) -> bool:
        """Whether no column of the file was understood as the personal identity number."""
        return bool(self._read_columns) and "number" not in self._read_columns

    @property
    def _read_columns(self) -> Sequence[str]:
        return tuple(self.upload.notes.get("read_columns", ()))

    @property
    def lacks_protection_column(self) -> bool:
        """Whether the file could not tell who has protected identity."""
        return bool(self.upload.notes.get("lacks_protection_column"))

    @property
    def differing(self) -> Sequence[UnitLine]:
        """The units whose list has another length than their register."""
        return [line for line in self.lines if line.differs is not None]


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The class lists of a round: those the schools work from, and those that wait."""

    survey_round: SurveyRound
    preview: Preview | None
    staged: Sequence[UnitLine]

    @property
    def takes_lists(self) -> bool:
        """Whether lists may be handed over now."""
        return takes_rosters(self.survey_round)

    @property
    def pupils(self) -> int:
        """Pupils on the lists that the schools work from."""
        return sum(line.pupils for line in self.staged)

    @property
    def untouched(self) -> int:
        """Lists that no school has begun to go through."""
        return sum(not line.marked for line in self.staged)


@dataclass(frozen=True, slots=True)
class OwnListPage:
    """A unit's own list for a round."""

    invitation: Invitation
    preview: Preview | None
    classes: Sequence[ClassLine]
    """The classes of the preview, with the pupils' names."""
    staged: UnitLine | None

    @property
    def takes_lists(self) -> bool:
        """Whether the unit may hand over a list now."""
        return takes_rosters(self.invitation.round) and not self.invitation.has_answered


def make_lists_page(
    survey_round: SurveyRound,
    units: Sequence[SchoolUnit],
    staged: Sequence[Roster],
    upload: RosterUpload | None,
    waiting: Sequence[Roster],
    *,
    answered: Collection[UUID],
) -> ListsPage:
    """Return the coordinator's page; `answered` are the units that need no list any more."""
    known = {unit.id: unit for unit in units}
    preview = _preview(upload, waiting, known, staged, answered) if upload else None
    return ListsPage(survey_round, preview, _lines(staged, known))


def make_own_list_page(
    invitation: Invitation, staged: Roster | None, upload: RosterUpload | None, waiting: Sequence[RosterClass]
) -> OwnListPage:
    """Return the page of the unit's respondents."""
    unit = invitation.school_unit
    known = {unit.id: unit}
    rosters = list({each.roster.id: each.roster for each in waiting}.values())
    classes = [ClassLine(each.name or NO_CLASS, each.size, each.pupils) for each in waiting]
    line = [UnitLine(unit, classes, roster.pupils, roster.protected_count, 0) for roster in rosters[:1]]
    in_place = [staged] if staged else []
    started = [unit] if staged and any(each.marked for each in staged.classes) else []
    preview = Preview(upload, line, [], [], [], started) if upload else None
    return OwnListPage(invitation, preview, classes, next(iter(_lines(in_place, known)), None))


def _preview(
    upload: RosterUpload,
    waiting: Sequence[Roster],
    known: Mapping[UUID, SchoolUnit],
    staged: Sequence[Roster],
    answered: Collection[UUID],
) -> Preview:
    left_out = {UUID(unit_id) for unit_id in upload.notes.get("answered_units", ())}
    listed = {roster.school_unit_id for roster in waiting}
    kept = {roster.school_unit_id for roster in staged}
    started = {
        roster.school_unit_id
        for roster in staged
        if roster.school_unit_id in listed and any(each.marked for each in roster.classes)
    }
    lacking = [unit for unit in known.values() if unit.is_active and unit.id not in listed.union(answered)]
    return Preview(
        upload,
        _lines(waiting, known),
        _sorted(unit for unit in lacking if unit.id not in kept),
        _sorted(unit for unit in lacking if unit.id in kept),
        _sorted(known[unit_id] for unit_id in left_out if unit_id in known),
        _sorted(known[unit_id] for unit_id in started if unit_id in known),
    )


def _lines(rosters: Iterable[Roster], known: Mapping[UUID, SchoolUnit]) -> Sequence[UnitLine]:
    lines = [
        UnitLine(
            known[roster.school_unit_id],
            [ClassLine(each.name or NO_CLASS, each.size) for each in roster.classes],
            roster.pupils,
            roster.protected_count,
            sum(each.marked for each in roster.classes),
        )
        for roster in rosters
        if roster.school_unit_id in known
    ]
    return sorted(lines, key=lambda line: swedish_key(line.unit.name))


def _sorted(units: Iterable[SchoolUnit]) -> Sequence[SchoolUnit]:
    return sorted(units, key=lambda unit: swedish_key(unit.name))
