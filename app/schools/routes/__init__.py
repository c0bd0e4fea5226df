"""The pages about schools."""

from app.schools.routes import numbers, respondents, school_years, units
from app.schools.routes.blueprint import bp

__all__ = ["bp", "numbers", "respondents", "school_years", "units"]
