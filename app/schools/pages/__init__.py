"""The pages about schools, where a template would need logic."""

from app.schools.pages.respondents import UnitRespondents, list_colleagues, list_substitutes, make_respondents
from app.schools.pages.school_years import (
    make_calendar_page,
    make_planned_rows,
    make_problem_rows,
    taken_in,
)

__all__ = [
    "UnitRespondents",
    "list_colleagues",
    "list_substitutes",
    "make_calendar_page",
    "make_planned_rows",
    "make_problem_rows",
    "make_respondents",
    "taken_in",
]
