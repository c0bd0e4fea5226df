"""Tolerant reading of the tables people export and paste: what can be understood is taken, the rest is pointed at.

Unlike `csv_files`, which reads the files an installation is set up with, this reads what a school's register or a
spreadsheet happens to give: CSV in the usual encodings, or one sheet of an XLSX workbook; the header on one of the
first rows and in any order; unknown columns left out and told. A row that cannot be read is never guessed at: it is
refused by row, column and code, never with what the cell holds. Nothing of an unreadable file reaches anybody.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import BinaryIO, Final, Protocol

from app.kernel.csv_files import PHONE, Column, FilesRefused, Problem, Problems, Row, fold
from app.kernel.tables_csv import open_csv
from app.kernel.tables_xlsx import ZIP_SIGNATURE, open_workbook

LARGEST: Final = 12_000_000
"""Bytes of a file; a hundred thousand rows take half of it."""
HEADER_WITHIN: Final = 20
"""Rows in which the header is looked for: exports begin with titles, dates and empty rows."""
EMPTY_WITHIN: Final = 200
"""Rows, empty ones among them, in which it must have begun."""
MOST_COLUMNS: Final = 1_000
MOST_PROBLEMS: Final = 1_000
"""Problems after which the rest of a file is not read: it is another kind of file, or the columns are mixed up."""
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
    header_row: int
    places: Mapping[Column, Sequence[int]] = field(repr=False)
    ignored: tuple[str, ...]
    """Columns that nobody asked for, as a spreadsheet letters them. What they are called may be somebody's name."""
    problems: Problems = field(repr=False)
    _source: _Source = field(repr=False)
    _width: int = 0

    def has(self, column: str) -> bool:
        """Whether the file has a column, by our name for it."""
        return any(each.name == column for each in self.places)

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold anything; what is wrong with their cells is noted in `problems`, up to a point."""
        readers = [_CellReader(column, at, self.problems) for column, at in self.places.items()]
        problems, width = self.problems, self._width
        for number, cells in self._source.records():
            if number <= self.header_row or not any(cells):
                continue
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
            yield Row("", number, values, problems)


class _CellReader:
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


def open_table(data: bytes | BinaryIO, columns: Sequence[Column], *, most_rows: int, fewest_columns: int = 2) -> Table:
    """Return a file as a table. A header ending in `*` stands for any ending, and its column may occur several times.

    Raises `FilesRefused` when the file is too large, of another kind, unsafe, too long or lacks a required column;
    that takes less than the reading would.
    """
    content = data if isinstance(data, bytes) else data.read(LARGEST + 1)
    kind, source = _open_source(content, columns, most_rows)
    table = _find_header(kind, source, columns, fewest_columns)
    _count_rows(table, source, most_rows)
    return table


def read_rows(
    data: bytes | BinaryIO, columns: Sequence[Column], *, most_rows: int, fewest_columns: int = 2
) -> Iterator[Row]:
    """Yield the rows of a file. Raises `FilesRefused` at once when its shape is wrong, and after the last row when
    anything was noted about a cell, by this reader or by whoever reads the rows."""
    table = open_table(data, columns, most_rows=most_rows, fewest_columns=fewest_columns)
    yield from table.rows()
    table.problems.raise_if_any()


def letters(at: int) -> str:
    """Return how a spreadsheet names the column at `at`, from 0."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def refuse(code: str, row: int = 0, column: str = "") -> FilesRefused:
    """Return the refusal of a file for one thing."""
    return FilesRefused([Problem("", row, column, code)])


def _open_source(content: bytes, columns: Sequence[Column], most_rows: int) -> tuple[TableKind, _Source]:
    if len(content) > LARGEST:
        raise refuse("file_is_too_large")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise refuse("file_is_empty", 1, "A")
    if content.startswith(ZIP_SIGNATURE):
        return TableKind.XLSX, open_workbook(content, most_rows=most_rows + HEADER_WITHIN)
    for signature, code in _SIGNATURES.items():
        if content.startswith(signature):
            raise refuse(code, 1, "A")
    known = _Headers(columns)
    return TableKind.CSV, open_csv(content, lambda cells: len(known.recognise(cells)), HEADER_WITHIN)


class _Headers:
    """Recognises columns by their folded headers."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._exact = {header: (column, rank) for column in columns for rank, header in enumerate(column.headers)}
        self._prefixes = [
            (header[:-1], column) for column in columns for header in column.headers if header.endswith("*")
        ]
        self._several = {column for _, column in self._prefixes}

    def find(self, title: str) -> tuple[Column, int] | None:
        folded = fold(title)
        if found := self._exact.get(folded):
            return found
        return next(((column, 0) for prefix, column in self._prefixes if folded.startswith(prefix)), None)

    def recognise(self, cells: Sequence[str]) -> dict[Column, list[int]]:
        """Return where each known column stands; of several words for one column, the first that we list."""
        places: dict[Column, list[int]] = {}
        ranks: dict[Column, int] = {}
        for at, title in enumerate(cells):
            if len(title) > 80 or (found := self.find(title)) is None:  # noqa: PLR2004 - no header is that long
                continue
            column, rank = found
            if column in self._several or ranks.get(column) == rank:
                places.setdefault(column, []).append(at)
            elif column not in ranks or rank < ranks[column]:
                places[column] = [at]
            ranks[column] = min(rank, ranks.get(column, rank))
        return places

    def is_repeated(self, column: Column, places: Sequence[int]) -> bool:
        return len(places) > 1 and column not in self._several


def _find_header(kind: TableKind, source: _Source, columns: Sequence[Column], fewest_columns: int) -> Table:
    known = _Headers(columns)
    begun = islice(source.records(), EMPTY_WITHIN)
    filled = ((number, cells) for number, cells in begun if any(cell.strip() for cell in cells))
    first = list(islice(filled, HEADER_WITHIN))
    if not first:
        raise refuse("file_is_empty", 1, "A")
    number, cells = max(first, key=lambda record: len(known.recognise(record[1])))
    _check_header(number, cells, source.first_column)
    places = known.recognise(cells)
    if max(len(each) for _, each in first) > MOST_COLUMNS:
        raise refuse("too_many_columns", number, letters(MOST_COLUMNS))
    widest = max(len([cell for cell in each if cell.strip()]) for _, each in first)
    if widest < fewest_columns:
        raise refuse("one_column", number, letters(source.first_column))
    if not places:
        raise refuse("header_is_missing", number, letters(source.first_column))
    problems = Problems()
    for column in columns:
        if column in places and known.is_repeated(column, places[column]):
            problems.add("", number, column.name, "column_given_twice")
        if column.is_required and column not in places:
            problems.add("", number, column.name, "column_is_missing")
    problems.raise_if_any()
    used = {at for found in places.values() for at in found}
    ignored = tuple(
        letters(at + source.first_column) for at, cell in enumerate(cells) if at not in used and cell.strip()
    )
    width = 1 + max(at for at, cell in enumerate(cells) if cell.strip())
    return Table(kind, number, places, ignored, problems, source, width)


def _check_header(number: int, cells: Sequence[str], first_column: int) -> None:
    for at, cell in enumerate(cells):
        if looks_misread(cell):
            raise refuse("wrong_encoding", number, letters(at + first_column))


def _count_rows(table: Table, source: _Source, most_rows: int) -> None:
    """Go through the file once before anybody acts on a row of it: here an unclosed quote on the last row shows."""
    filled = 0
    for number, holds_anything in source.filled():
        filled += holds_anything and number > table.header_row
        if filled > most_rows or number > 2 * most_rows + EMPTY_WITHIN:
            raise refuse("too_many_rows", number, letters(source.first_column))
    if not filled:
        raise refuse("no_rows", table.header_row + 1, letters(source.first_column))


def clean(cell: str) -> str:
    """Return a cell on one line, composed, without what cannot be seen at its ends; a lone dash is an empty cell."""
    if not (cell.isascii() and cell.isprintable()):
        cell = unicodedata.normalize("NFC", cell.translate(_MEANINGLESS))
    cell = cell.strip()
    return "" if cell in _PLACEHOLDERS else cell


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


_MISREAD: Final = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|[\u0084\u0086\u0094]|\\w[\u201e\u2020\u2026\u2030\u0152]\\w|\\w\u201d\\w|^[\u2122\u017d\u20ac]\\w"
)
"""What Swedish letters become when UTF-8, code page 850 or a Macintosh's letters are read as Windows'."""


def looks_misread(text: str) -> bool:
    """Whether a text was probably written in another encoding than it was read in."""
    return not text.isascii() and (_UNREADABLE in text or _MISREAD.search(text) is not None)
