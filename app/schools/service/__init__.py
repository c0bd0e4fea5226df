"""What is done with municipalities and schools."""

from app.schools.service.numbers import add_number, edit_number, remove_number
from app.schools.service.school_years import (
    add_school_year,
    edit_school_year,
    import_school_years,
    plan_school_years,
    remove_school_year,
)
from app.schools.service.set_up import import_schools
from app.schools.service.units import correct_addresses, replace_principal

__all__ = [
    "add_number",
    "add_school_year",
    "correct_addresses",
    "edit_number",
    "edit_school_year",
    "import_school_years",
    "import_schools",
    "plan_school_years",
    "remove_number",
    "remove_school_year",
    "replace_principal",
]
