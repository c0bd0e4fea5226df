"""How large a table the cells of a sheet span: what calamine would keep in memory, told without reading them."""

import re
from typing import Final

from app.kernel.tables.places import refuse

MOST_CELLS: Final = 4_000_000
"""Of the rectangle around all cells, empty ones included, which is what calamine keeps in memory."""
_LETTERS_OF_ALPHABET: Final = 26
_SHAPES: Final = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"A" * 26 + b"0" * 10)
"""Makes AB1234 to AA0000, so that how long references are can be told by searching for plain bytes."""
_REFERENCE: Final = re.compile(rb"c r=\"([A-Z]+)([0-9]+)\"")
_OTHER_CELLS: Final = (b"<c>", b":c>", b"<c\n", b":c\n", b"<c\t", b":c\t", b"<c\r", b":c\r")
"""How cells may begin that have no reference, or one that no spreadsheet program would write so."""


class SheetSize:
    """Takes in a sheet's tags and looks at the references of its cells."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._rows = self.cells = 0
        self._width, self._height = _LETTERS_OF_ALPHABET, 999

    def look(self, piece: bytes) -> None:
        """Take in some whole tags. Raises `FilesRefused` as soon as they are too many or reach too far."""
        shapes = piece.translate(_SHAPES)
        self._rows += sum(piece.count(start) for start in (b"<row ", b"<row>", b":row ", b":row>"))
        cells, plain = piece.count(b"<c ") + piece.count(b":c "), shapes.count(b'c r="A')
        self.cells += cells
        if cells != plain or any(start in piece for start in _OTHER_CELLS):
            raise refuse("not_a_workbook")
        if b'c r="AA' in shapes or b'c r="A000000' in shapes:
            self._measure(piece)
        elif b'c r="A00000' in shapes:
            self._height = max(self._height, 99_999)
        elif b'c r="A0000' in shapes:
            self._height = max(self._height, 9_999)
        self._check()

    def _measure(self, piece: bytes) -> None:
        for column, row in _REFERENCE.findall(piece):
            self._width = max(self._width, _column_number(column))
            self._height = max(self._height, int(row[:9]))

    def _check(self) -> None:
        if self._rows > self._most_rows or self._height > max(self._most_rows, 99_999):
            raise refuse("too_many_rows", self._most_rows + 1, "A")
        if self._width * self._height > MOST_CELLS:
            raise refuse("too_many_columns", 1, "A")


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name[:4]:
        number = number * _LETTERS_OF_ALPHABET + letter - ord("A") + 1
    return number
