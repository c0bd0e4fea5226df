"""The pages about schools."""

from app.schools.routes import numbers, school_years, units
from app.schools.routes.blueprint import bp

__all__ = ["bp", "numbers", "school_years", "units"]
