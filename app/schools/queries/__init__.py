"""Finding municipalities, schools, their days and the numbers to ring."""

from app.schools.queries.calendars import (
    get_calendar,
    get_organiser_calendar,
    get_school_year,
    list_anchor_years,
    list_calendars,
    list_coming_term_years,
    list_days_by_owner,
    list_school_years,
    list_term_starts,
    list_unit_anchors,
    list_unit_calendars,
)
from app.schools.queries.numbers import (
    get_emergency_number,
    list_emergency_numbers,
)
from app.schools.queries.units import (
    count_enrolled,
    find_municipality,
    find_school_unit,
    get_municipality,
    get_school_unit,
    list_active_units,
    list_municipalities,
    list_organisers,
    list_school_units,
    list_swedish_municipalities,
)

__all__ = [
    "count_enrolled",
    "find_municipality",
    "find_school_unit",
    "get_calendar",
    "get_emergency_number",
    "get_municipality",
    "get_organiser_calendar",
    "get_school_unit",
    "get_school_year",
    "list_active_units",
    "list_anchor_years",
    "list_calendars",
    "list_coming_term_years",
    "list_days_by_owner",
    "list_emergency_numbers",
    "list_municipalities",
    "list_organisers",
    "list_school_units",
    "list_school_years",
    "list_swedish_municipalities",
    "list_term_starts",
    "list_unit_anchors",
    "list_unit_calendars",
]
