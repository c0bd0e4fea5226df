"""What the columns of a list hold when nobody took its header along: told by the cells, or asked, and never guessed.

Who marks rows in a spreadsheet seldom marks the first one. A number, a day of birth, a class and a year look like
nothing else; one column of words is the names. Of two, only the person who copied them knows which is which.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from app.kernel.csv_files import FilesRefused, Problem, fold
from app.kernel.tables import letters
from app.rosters.types import NOT_PROTECTED

_DAY: Final = r"(19|20)[0-9]{2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{2}"
_NUMBER: Final = r"([0-9]{2})?[0-9]{6} ?[-+]? ?([0-9]{4}|TF[0-9]{2}|T[0-9]{3})|[0-9]{9}"
_KINDS: Final = {
    "birth_date": re.compile(_DAY),
    "number": re.compile(f"{_NUMBER}|{_DAY}"),
    "grade": re.compile(r"(\u00e5k|\u00e5rskurs)? ?(f|[1-9])", re.IGNORECASE),
    "school_class": re.compile(r"(?=.*[0-9])(?=.*[^\W\d_])[\w .:/-]{2,12}"),
    "name": re.compile(r"[^\W\d_][^\d_:;=@/]*"),
}
"""By our name of the column, the first that fits: how most of its cells look."""
_UNCLEAR: Final = ("skydd", "sekret", "kvarskr", "fingera")
_ANSWERS: Final = (NOT_PROTECTED - {""}) | {"ja", "j", "x", "1", "sant", "yes", "y", "true"}
"""Folded. What has neither letter nor digit is one too: a tick, an asterisk, a question mark."""


class NameOrder(StrEnum):
    """What two columns of words hold."""

    FIRST_NAME_FIRST = "first_name_first"
    LAST_NAME_FIRST = "last_name_first"
    FIRST_COLUMN = "first_column"
    """The whole name stands in the first of them; the other is left unread."""


def find_columns(rows: Sequence[Sequence[str]], order: NameOrder | None) -> dict[str, Sequence[int]]:
    """Return where the columns we know stand, by the first rows of a list; nothing when that cannot be told.

    A list that may say something of protection cannot be read without its header. Raises `FilesRefused` with
    "names_in_two_columns" when the `order` of the names has to be asked for.
    """
    width = max(map(len, rows))
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(width)]
    if any(map(_may_tell_of_protection, columns)):
        return {}
    places: dict[str, list[int]] = {}
    for at, cells in enumerate(columns):
        if (kind := _find_kind(cells)) is not None:
            places.setdefault(kind, []).append(at)
    names = places.pop("name", [])
    if any(len(found) > 1 for found in places.values()) or not names:
        return {}
    if len(names) == 1:
        tells_itself = places or all(len(cell.split()) > 1 for cell in columns[names[0]])
        return {**places, "name": names} if tells_itself else {}
    return {**places, **_part_names(*names, order=order)} if len(names) == 2 else {}  # noqa: PLR2004 - a pair


def _part_names(one: int, other: int, *, order: NameOrder | None) -> dict[str, Sequence[int]]:
    if order is None:
        raise FilesRefused([Problem("", 1, letters(one), "names_in_two_columns")])
    if order is NameOrder.FIRST_COLUMN:
        return {"name": [one]}
    first, last = (one, other) if order is NameOrder.FIRST_NAME_FIRST else (other, one)
    return {"first_name": [first], "last_name": [last]}


def _find_kind(cells: Sequence[str]) -> str | None:
    if cells == [str(number) for number in range(1, len(cells) + 1)]:
        return None  # The rows are numbered.
    for kind, pattern in _KINDS.items():
        if cells and 2 * sum(pattern.fullmatch(cell) is not None for cell in cells) > len(cells):
            return kind
    return None


def _may_tell_of_protection(cells: Sequence[str]) -> bool:
    if any(fold(cell).startswith(_UNCLEAR) for cell in cells):
        return True
    return bool(cells) and all(fold(cell) in _ANSWERS or not any(map(str.isalnum, cell)) for cell in cells)
