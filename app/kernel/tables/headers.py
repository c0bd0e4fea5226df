"""The header of a table: the row that names most of the columns we know, or, without one, what the cells look like."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from app.kernel.csv_files import Column, Problems, fold
from app.kernel.tables.cells import clean, looks_misread
from app.kernel.tables.places import letters, refuse

HEADER_WITHIN: Final = 20
"""Rows in which the header is looked for: exports begin with titles, dates and empty rows."""
EMPTY_WITHIN: Final = 200
"""Rows, empty ones among them, in which it must have begun."""
MOST_COLUMNS: Final = 1_000
_LONGEST_TITLE: Final = 80

Record = tuple[int, Sequence[str]]
"""A row with its number from 1."""
Guess = Callable[[Sequence[Sequence[str]]], Mapping[str, Sequence[int]]]
"""Tells by the first rows, cleaned, where our columns stand in a table without a header; nothing when it cannot."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand, from 0. Without a header `row` is 0."""

    row: int
    cells: Sequence[str] = field(repr=False)
    places: Mapping[Column, Sequence[int]]
    ignored: tuple[str, ...]
    """Columns that nobody asked for, as a spreadsheet letters them. What they are called may be somebody's name."""
    width: int


class Headers:
    """Recognises columns by their folded headers."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._exact = {header: (column, rank) for column in columns for rank, header in enumerate(column.headers)}
        self._prefixes = [
            (header[:-1], column) for column in columns for header in column.headers if header.endswith("*")
        ]
        self._several = {column for _, column in self._prefixes}

    def _find(self, title: str) -> tuple[Column, int] | None:
        folded = fold(title)
        if found := self._exact.get(folded):
            return found
        return next(((column, 0) for prefix, column in self._prefixes if folded.startswith(prefix)), None)

    def recognise(self, cells: Sequence[str]) -> dict[Column, list[int]]:
        """Return where each known column stands; of several words for one column, the first that we list."""
        places: dict[Column, list[int]] = {}
        ranks: dict[Column, int] = {}
        for at, title in enumerate(cells):
            if len(title) > _LONGEST_TITLE or (found := self._find(title)) is None:
                continue
            column, rank = found
            if column in self._several or ranks.get(column) == rank:
                places.setdefault(column, []).append(at)
            elif column not in ranks or rank < ranks[column]:
                places[column] = [at]
            ranks[column] = min(rank, ranks.get(column, rank))
        return places

    def check(self, row: int, places: Mapping[Column, Sequence[int]]) -> None:
        """Refuse a header that lacks a column, or names one twice that may stand there once."""
        problems = Problems()
        for column in self.columns:
            if len(places.get(column, ())) > 1 and column not in self._several:
                problems.add("", row, column.name, "column_given_twice")
            if column.is_required and column not in places:
                problems.add("", row, column.name, "column_is_missing")
        problems.raise_if_any()


def find_header(
    records: Iterable[Record], columns: Sequence[Column], *, first_column: int, fewest_columns: int, guess: Guess | None
) -> Header:
    """Return the header of a table. Raises `FilesRefused` when its shape is wrong or a required column is missing."""
    known = Headers(columns)
    filled = (record for record in islice(records, EMPTY_WITHIN) if any(cell.strip() for cell in record[1]))
    first = list(islice(filled, HEADER_WITHIN))
    if not first:
        raise refuse("file_is_empty", 1, "A")
    number, cells = max(first, key=lambda record: len(known.recognise(record[1])))
    _check_shape(number, cells, first, first_column, fewest_columns)
    places: Mapping[Column, Sequence[int]] = known.recognise(cells)
    if not places and guess is not None:
        number, cells, places = 0, (), _guess(guess, first, columns)
    if not places:
        raise refuse("header_is_missing", first[0][0], letters(first_column))
    known.check(number, places)
    titles = [at for at, cell in enumerate(cells) if cell.strip()]
    below = {at for row, each in first if row > number for at, cell in enumerate(each) if cell.strip()}
    width = 1 + max(titles or below)
    used = {at for found in places.values() for at in found}
    unread = sorted(at for at in below.union(titles) - used if at < width)
    return Header(number, cells, places, tuple(letters(at + first_column) for at in unread), width)


def _check_shape(
    number: int, cells: Sequence[str], first: Sequence[Record], first_column: int, fewest_columns: int
) -> None:
    for at, cell in enumerate(cells):
        if looks_misread(cell):
            raise refuse("wrong_encoding", number, letters(at + first_column))
    if max(len(each) for _, each in first) > MOST_COLUMNS:
        raise refuse("too_many_columns", number, letters(MOST_COLUMNS))
    widest = max(len([cell for cell in each if cell.strip()]) for _, each in first)
    if widest < fewest_columns:
        raise refuse("one_column", number, letters(first_column))


def _guess(guess: Guess, first: Sequence[Record], columns: Sequence[Column]) -> dict[Column, Sequence[int]]:
    found = guess([[clean(cell) for cell in cells] for _, cells in first])
    return {column: found[column.name] for column in columns if column.name in found}
