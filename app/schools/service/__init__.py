"""What is done with municipalities and schools."""

from app.schools.service.numbers import add_number, edit_number, remove_number
from app.schools.service.set_up import import_schools

__all__ = ["add_number", "edit_number", "import_schools", "remove_number"]
