"""Words, commands and values of class lists that need no database; by kind in the modules of this folder."""

from app.rosters.types.rosters import (
    MOST_PUPILS,
    MOST_PUPILS_OF_UNIT,
    PUPIL_COLUMNS,
    Mark,
    RosterPupil,
    RosterSource,
    RosterState,
    SaveMarks,
    UploadNotes,
    class_order,
    says_protected,
)

__all__ = [
    "MOST_PUPILS",
    "MOST_PUPILS_OF_UNIT",
    "PUPIL_COLUMNS",
    "Mark",
    "RosterPupil",
    "RosterSource",
    "RosterState",
    "SaveMarks",
    "UploadNotes",
    "class_order",
    "says_protected",
]
