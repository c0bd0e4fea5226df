"""The cells of a table: cleaned, and judged once for as long as a column repeats them."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from app.kernel.csv_files import PHONE, Column, Problems

SEPARATOR: Final = "\n"
"""Parts the cells of columns that may occur several times; no cleaned cell holds it."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MEANINGLESS: Final = {
    **dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff")),
    **dict.fromkeys(map(ord, "\u00a0\u202f\t\n\r\v\f"), " "),
}
_REMEMBERED: Final = 2_000
"""Different cells of a column that are remembered: as many as a municipality has classes."""
_PLACEHOLDERS: Final = frozenset({"-", "\u2013", "\u2014"})
"""What people write in a cell to say that it is empty."""
_UNREADABLE: Final = "\ufffd"
_MISREAD: Final = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|[\u0084\u0086\u0094]|\\w[\u201e\u2020\u2026\u2030\u0152]\\w|\\w\u201d\\w|^[\u2122\u017d\u20ac]\\w"
)
"""What Swedish letters become when UTF-8, code page 850 or a Macintosh's letters are read as Windows'."""


class CellReader:
    """Reads the cells of one column. What has been read once need not be judged again: most columns repeat a few."""

    def __init__(self, column: Column, at: Sequence[int], problems: Problems) -> None:
        self.name, self.is_required = column.name, column.is_required
        self._column, self._problems = column, problems
        self._at, self._first, self._is_one = at, at[0], len(at) == 1
        self._known: dict[str, tuple[str, str | None]] = {}

    def read(self, cells: Sequence[str], number: int) -> str:
        """Return the cell, cleaned, after noting what is wrong with it."""
        if not self._is_one:
            cell = SEPARATOR.join(filter(None, (clean(cells[place]) for place in self._at if place < len(cells))))
            value, code = cell, _find_fault(cell, self._column)
        elif self._first >= len(cells):
            return ""
        elif (known := self._known.get(cell := cells[self._first])) is not None:
            value, code = known
        else:
            value = clean(cell)
            code = _find_fault(value, self._column)
            if len(self._known) < _REMEMBERED:
                self._known[cell] = (value, code)
        if code:
            self._problems.add("", number, self.name, code)
        return value


def clean(cell: str) -> str:
    """Return a cell on one line, composed, without what cannot be seen at its ends; a lone dash is an empty cell."""
    if not (cell.isascii() and cell.isprintable()):
        cell = unicodedata.normalize("NFC", cell.translate(_MEANINGLESS))
    cell = cell.strip()
    return "" if cell in _PLACEHOLDERS else cell


def looks_misread(text: str) -> bool:
    """Whether a text was probably written in another encoding than it was read in."""
    return not text.isascii() and (_UNREADABLE in text or _MISREAD.search(text) is not None)


def _find_fault(value: str, column: Column) -> str | None:
    if not value:
        return None
    if len(value) > column.max_length:
        return "value_is_too_long"
    if value[0] in "=+-@" and not PHONE.fullmatch(value):
        return "formula"
    if value.isascii() and value.isprintable():
        return None
    if looks_misread(value):
        return "wrong_encoding"
    unseen = (unicodedata.category(character) in _UNSEEN for character in value if character != SEPARATOR)
    return "control_character" if any(unseen) else None
