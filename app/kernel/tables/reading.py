"""A table whose shape is right, and its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Final, Protocol

from app.kernel.csv_files import Column, Problems, Row
from app.kernel.tables.cells import CellReader, clean
from app.kernel.tables.csv_text import open_csv
from app.kernel.tables.headers import HEADER_WITHIN, Guess, Header, Headers, find_header
from app.kernel.tables.places import letters, refuse
from app.kernel.tables.workbooks import ZIP_SIGNATURE, open_workbook

LARGEST: Final = 12_000_000
"""Bytes of a file; a hundred thousand rows take half of it."""
MOST_PROBLEMS: Final = 1_000
"""Problems after which the rest of a file is not read: it is another kind of file, or the columns are mixed up."""
EMPTY_AFTER: Final = 20_000
"""Rows that may be empty, after the last or between: sheets are often formatted further down than they are filled."""
_BEGINNING: Final = 200
_SIGNATURES: Final = {
    b"\xd0\xcf\x11\xe0": "old_or_locked_workbook",
    b"\x89PNG": "not_a_table",
    b"\xff\xd8\xff": "not_a_table",
    b"GIF8": "not_a_table",
    b"%PDF": "not_a_table",
    b"{\\rtf": "not_a_table",
    b"<": "not_a_table",
}
"""How other kinds of file begin, whatever they are called."""


class TableKind(StrEnum):
    """What a table was read from."""

    CSV = "csv"
    XLSX = "xlsx"


class _Source(Protocol):
    """A file whose rows can be gone through again and again: their number from 1, and their cells."""

    first_column: int

    def records(self) -> Iterator[tuple[int, Sequence[str]]]: ...

    def filled(self) -> Iterator[tuple[int, bool]]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose shape is right; its rows are read one at a time."""

    kind: TableKind
    header: Header
    problems: Problems = field(repr=False)
    _source: _Source = field(repr=False)

    def has(self, column: str) -> bool:
        """Whether the file has a column, by our name for it."""
        return any(each.name == column for each in self.header.places)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are read, by our name: their letters, parted by comma, in the order they stand."""
        first = self._source.first_column
        places = sorted(self.header.places.items(), key=lambda place: place[1][0])
        return {column.name: ", ".join(letters(at + first) for at in found) for column, found in places}

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold anything; what is wrong with their cells is noted in `problems`, up to a point."""
        readers = [CellReader(column, at, self.problems) for column, at in self.header.places.items()]
        problems, header, width = self.problems, self.header, self.header.width
        for number, cells in self._source.records():
            if number <= header.row or not any(cells) or cells == header.cells:
                continue  # Long lists repeat their header on every page.
            if problems.count >= MOST_PROBLEMS:
                return
            values = {reader.name: reader.read(cells, number) for reader in readers}
            if not any(values.values()) and not any(map(clean, cells)):
                continue
            if len(cells) > width and any(map(clean, cells[width:])):
                problems.add("", number, "", "too_many_cells")
            for reader in readers:
                if reader.is_required and not values[reader.name]:
                    problems.add("", number, reader.name, "value_is_missing")
            yield Row("", number, values, problems, cells)


def open_table(
    data: bytes | BinaryIO,
    columns: Sequence[Column],
    *,
    most_rows: int,
    fewest_columns: int = 2,
    guess: Guess | None = None,
) -> Table:
    """Return a file as a table. A header ending in `*` stands for any ending, and its column may occur several times.

    Raises `FilesRefused` when the file is too large, of another kind, unsafe, too long or lacks a required column;
    that takes less than the reading would. Without a header it is refused too, unless `guess` knows its columns.
    """
    content = data if isinstance(data, bytes) else data.read(LARGEST + 1)
    kind, source = _open_source(content, columns, most_rows)
    header = find_header(
        source.records(), columns, first_column=source.first_column, fewest_columns=fewest_columns, guess=guess
    )
    _count_rows(header, source, most_rows)
    return Table(kind, header, Problems(), source)


def _open_source(content: bytes, columns: Sequence[Column], most_rows: int) -> tuple[TableKind, _Source]:
    if len(content) > LARGEST:
        raise refuse("file_is_too_large")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise refuse("file_is_empty", 1, "A")
    if content.startswith(ZIP_SIGNATURE):
        return TableKind.XLSX, open_workbook(content, most_rows=most_rows + EMPTY_AFTER)
    beginning = content[:_BEGINNING].lstrip()
    for signature, code in _SIGNATURES.items():
        if beginning.startswith(signature):
            raise refuse(code, 1, "A")
    known = Headers(columns)
    return TableKind.CSV, open_csv(content, lambda cells: len(known.recognise(cells)), HEADER_WITHIN)


def _count_rows(header: Header, source: _Source, most_rows: int) -> None:
    """Go through the file once before anybody acts on a row of it: here an unclosed quote on the last row shows."""
    filled = 0
    for number, holds_anything in source.filled():
        filled += holds_anything and number > header.row
        if filled > most_rows or number > most_rows + EMPTY_AFTER:
            raise refuse("too_many_rows", number, letters(source.first_column))
    if not filled:
        raise refuse("no_rows", header.row + 1, letters(source.first_column))
