"""Answers in figures."""

import re
from typing import Any

from app.web.forms.form import Field, Unacceptable, tidy_line

_WHOLE = re.compile(r"[0-9]{1,12}")
_LOOKS_NEGATIVE = re.compile("[-\u2212][0-9]+")


class IntegerField(Field):
    """A whole number; spaces between the digits are allowed."""

    data: int | None
    inputmode = "numeric"

    def __init__(
        self, label: str = "", *, minimum: int = 0, maximum: int = 100_000, width: int | None = 5, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.minimum, self.maximum, self.width = minimum, maximum, width

    def read(self, text: str) -> int | None:
        """Return the number, within its limits."""
        digits = tidy_line(text).replace(" ", "")
        if not digits:
            return None
        if _LOOKS_NEGATIVE.fullmatch(digits):
            raise Unacceptable(f"Skriv {self.minimum} eller mer")
        if not digits.isascii() or not digits.isdigit():
            raise Unacceptable("Skriv ett heltal med siffror, till exempel 12")
        if not _WHOLE.fullmatch(digits) or int(digits) > self.maximum:
            raise Unacceptable(f"Talet är för stort. Skriv högst {self.maximum}.")
        if int(digits) < self.minimum:
            raise Unacceptable(f"Skriv {self.minimum} eller mer")
        return int(digits)
