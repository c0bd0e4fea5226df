"""Single values of a register, read the way they really come; what cannot be read is nothing and fails nothing."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from app.kernel import clock
from app.kernel.identity_number import check_digit, find_number

LONGEST_TEXT: Final = 120
LONGEST_ID: Final = 200
UNMARKED: Final = "ingen"
"""The one word of `securityMarking` that means that nothing is protected; no other word is guessed at."""
_CODE: Final = re.compile("[0-9]{5,8}")
_CODE_DIGITS: Final = 8


def read_text(value: Any) -> str:
    """Return a short text as one line; empty when it is none."""
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value[: 10 * LONGEST_TEXT])
    if not text.isprintable():
        text = "".join(each if unicodedata.category(each)[0] != "C" else " " for each in text)
    return " ".join(text.split())[:LONGEST_TEXT].strip()


def read_id(value: Any) -> str | None:
    """Return an id, or that of a reference, so that two ways of writing it are equal; None when there is none."""
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > LONGEST_ID:
        return None
    return value.strip().lower() or None


def read_school_unit_code(value: Any) -> str | None:
    """Return eight digits, with the zeros in front that a number has lost; None when it is no code."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text.zfill(_CODE_DIGITS) if _CODE.fullmatch(text) else None


def read_day(value: Any) -> date | None:
    """Return a Swedish day of a date, or of a moment with or without zone; None when it cannot be read."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        moment = datetime.fromisoformat(text)
        return moment.date() if moment.tzinfo is None else clock.local(moment).date()
    except OverflowError:  # The first or the last moment there is: an end that never comes.
        return None
    except ValueError:
        return _date_alone(text)


def _date_alone(text: str) -> date | None:
    """Return the date that a text of another kind begins with."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def read_marking(value: Any) -> bool | None:
    """Return whether personal data are protected, None when nothing is said. A word nobody knows means protected.

    The standard has a word; some servers say true or false, or wrap it as they wrap a number.
    """
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    if value is None or value == "":
        return None
    return not (value is False or (isinstance(value, str) and value.strip().lower() == UNMARKED))


def read_identity(value: Any, today: date) -> tuple[str, date | None]:
    """Return an identity number in twelve positions, whatever it was written in, and the day of birth that it states.

    A number with a wrong check digit is none, but its day of birth may well be right.
    """
    text = _written(value).strip()
    if (number := find_number(text, today=today)) is not None:
        return number.unmasked(), number.birth_date
    nine = re.sub("[^0-9]", "", text)[-10:-1]
    nearest = find_number(text[:-1] + str(check_digit(nine)), today=today)
    return "", nearest.birth_date if nearest else None


def _written(number: Any) -> str:
    """Return the text of a number, which stands by itself or with the country that gave it."""
    if isinstance(number, Mapping):
        number = number.get("value")
    return number if isinstance(number, str) else ""


def read_grade(value: Any) -> str:
    """Return a grade as people write it; the year before the first is F."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return "F" if value == 0 else str(int(value)) if 0 < value < LONGEST_TEXT else ""
    text = read_text(value)[:20]
    return "F" if text == "0" else text
