"""The forms of the pages about schools: numbers to ring, and school years."""

from app.schools.forms.numbers import (
    LAST_NUMBER,
    NUMBER_ADDED,
    NUMBER_REMOVED,
    NUMBER_SAVED,
    EmergencyNumberForm,
)
from app.schools.forms.school_years import (
    FAULT_WORDS,
    PERIOD_WORDS,
    WEEKDAYS,
    YEAR_ADDED,
    YEAR_REMOVED,
    YEAR_SAVED,
    ChooseUnitForm,
    ConfirmSchoolYearsForm,
    SchoolYearForm,
    UploadSchoolYearsForm,
)

__all__ = [
    "FAULT_WORDS",
    "LAST_NUMBER",
    "NUMBER_ADDED",
    "NUMBER_REMOVED",
    "NUMBER_SAVED",
    "PERIOD_WORDS",
    "WEEKDAYS",
    "YEAR_ADDED",
    "YEAR_REMOVED",
    "YEAR_SAVED",
    "ChooseUnitForm",
    "ConfirmSchoolYearsForm",
    "EmergencyNumberForm",
    "SchoolYearForm",
    "UploadSchoolYearsForm",
]
