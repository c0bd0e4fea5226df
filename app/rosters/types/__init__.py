"""Words, commands and values of class lists that need no database; by kind in the modules of this folder."""

from app.rosters.types.columns import NOT_PROTECTED, PUPIL_COLUMNS, says_protected
from app.rosters.types.pupil_rows import PupilReader, PupilRow
from app.rosters.types.rosters import (
    MOST_PUPILS,
    MOST_PUPILS_OF_UNIT,
    Mark,
    RosterPupil,
    RosterSource,
    RosterState,
    SaveMarks,
    UploadNotes,
    class_order,
)

__all__ = [
    "MOST_PUPILS",
    "MOST_PUPILS_OF_UNIT",
    "NOT_PROTECTED",
    "PUPIL_COLUMNS",
    "Mark",
    "PupilReader",
    "PupilRow",
    "RosterPupil",
    "RosterSource",
    "RosterState",
    "SaveMarks",
    "UploadNotes",
    "class_order",
    "says_protected",
]
