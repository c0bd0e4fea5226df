"""Answers in words."""

import re
from typing import Any

from app.web.forms.form import Field, Unacceptable, tidy, tidy_line

_ADDRESS = re.compile(r"[^@\s\"'(),:;<>\[\]\\]{1,64}@[^@\s\"'(),:;<>\[\]\\]+\.[^@\s.\"'(),:;<>\[\]\\]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]*")
_FEWEST_DIGITS = 3
"""As many as 112 has."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
"""What word processors put in place of a hyphen."""


class TextField(Field):
    """One line of text. A text that looks like a formula is kept as it is: escaping is the export's business."""

    data: str

    def __init__(
        self,
        label: str = "",
        *,
        max_length: int = 200,
        autocomplete: str | None = None,
        width: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.max_length = max_length
        self.autocomplete = autocomplete
        self.width = width

    @property
    def nothing(self) -> str:
        """No text."""
        return ""

    def process_data(self, value: Any) -> None:
        """Take over a known text; none is the empty one."""
        self.data = "" if value is None else str(value)

    def read(self, text: str) -> str:
        """Return the text, tidy and not too long."""
        return self.within_length(tidy_line(text))

    def within_length(self, text: str) -> str:
        """Return `text` unless it is too long."""
        if len(text) > self.max_length:
            raise Unacceptable(
                f"Texten är {len(text) - self.max_length} tecken för lång. Skriv högst {self.max_length} tecken."
            )
        return text


class LongTextField(TextField):
    """Several lines of text."""

    spellcheck = True

    def __init__(self, label: str = "", *, max_length: int = 4000, **kwargs: Any) -> None:
        super().__init__(label, max_length=max_length, **kwargs)

    def read(self, text: str) -> str:
        """Return the text with its lines, tidy and not too long."""
        return self.within_length(tidy(text))


class PasswordField(Field):
    """A password: taken exactly as typed, never shown again."""

    data: str
    input_type = "password"
    max_length = 128

    def __init__(self, label: str = "", *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.autocomplete = autocomplete

    @property
    def nothing(self) -> str:
        """No password."""
        return ""

    @property
    def shown(self) -> str:
        """Nothing: a password does not go back to the page."""
        return ""

    def process_data(self, value: Any) -> None:
        """Nothing is known beforehand."""
        self.data = ""

    def read(self, text: str) -> str:
        """Return the password if it can be one."""
        if len(text) > self.max_length:
            raise Unacceptable(f"Lösenordet är för långt. Det har högst {self.max_length} tecken.")
        tidy(text)
        return text


class EmailField(TextField):
    """An e-mail address. Whether anybody reads it shows when a message has been delivered."""

    input_type = "email"
    inputmode = "email"

    def __init__(
        self, label: str = "", *, max_length: int = 254, autocomplete: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, max_length=max_length, autocomplete=autocomplete, **kwargs)

    def read(self, text: str) -> str:
        """Return the address."""
        address = super().read(text)
        if address and not _ADDRESS.fullmatch(address):
            raise Unacceptable("Skriv en e-postadress, till exempel namn@kommunen.se")
        return address


class PhoneField(TextField):
    """A telephone number as people write it, Swedish or foreign."""

    input_type = "tel"
    inputmode = "tel"

    def __init__(
        self,
        label: str = "",
        *,
        max_length: int = 30,
        autocomplete: str | None = None,
        width: int | None = 20,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, max_length=max_length, autocomplete=autocomplete, width=width, **kwargs)

    def read(self, text: str) -> str:
        """Return the number, its hyphens plain."""
        number = super().read(text).translate(_DASHES)
        if number and not (_PHONE.fullmatch(number) and sum(map(str.isdigit, number)) >= _FEWEST_DIGITS):
            raise Unacceptable("Skriv ett telefonnummer med siffror, till exempel 08-465 004 21")
        return number
