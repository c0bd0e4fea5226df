"""Finding municipalities, schools, their days and the numbers to ring."""

from app.schools.queries.calendars import (
    get_calendar,
    get_calendar_owner,
    get_school_year,
    get_unit_calendar,
    list_calendar_owners,
    list_days_by_owner,
    list_school_years,
    list_unit_calendars,
)
from app.schools.queries.numbers import (
    get_emergency_number,
    list_emergency_numbers,
)
from app.schools.queries.respondents import LedUnit, get_led_unit, list_led_units
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
    list_unit_ids_by_code,
)

__all__ = [
    "LedUnit",
    "count_enrolled",
    "find_municipality",
    "find_school_unit",
    "get_calendar",
    "get_calendar_owner",
    "get_emergency_number",
    "get_led_unit",
    "get_municipality",
    "get_school_unit",
    "get_school_year",
    "get_unit_calendar",
    "list_active_units",
    "list_calendar_owners",
    "list_days_by_owner",
    "list_emergency_numbers",
    "list_led_units",
    "list_municipalities",
    "list_organisers",
    "list_school_units",
    "list_school_years",
    "list_swedish_municipalities",
    "list_unit_calendars",
    "list_unit_ids_by_code",
]
