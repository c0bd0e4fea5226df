"""CSV as people have it: UTF-8, UTF-16 or Windows' letters; cells parted by semicolon, comma or tab."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import Final

from app.kernel.csv_files import FilesRefused
from app.kernel.tables.places import letters, refuse

DELIMITERS: Final = (";", "\t", ",")
LONGEST_CELL: Final = 131_072
"""Characters, as the standard library's reader has it; an unclosed quote swallows no more than this."""
MOST_CELLS: Final = 1_000
"""Cells of a row; a file with more is no list of people."""
LONGEST_RECORD: Final = 400_000
"""Characters of a row. More are not parted: millions of cells take seconds and hundreds of megabytes."""
_MARKS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SAMPLE: Final = 400

Score = Callable[[Sequence[str]], int]
"""How many columns somebody recognises in the cells of a row."""


@dataclass(slots=True)
class CsvSource:
    """A decodable file with its delimiter."""

    content: bytes = field(repr=False)
    encoding: str
    delimiter: str
    first_column: int = 0
    _current: list[str] = field(default_factory=list, repr=False)
    """The lines of the record that is being read, to tell where it breaks."""
    _taken: int = 0
    """Their characters."""

    def filled(self) -> Iterator[tuple[int, bool]]:
        """Yield the number of each record and whether it holds anything; raises as `records` does."""
        return ((number, any(cells)) for number, cells in self.records())

    def records(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield each record with its number; `strict`, because an unclosed quote would otherwise swallow the rest.

        Raises `FilesRefused` at a record that cannot be read.
        """
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            self._current.clear()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                column, code = _find_break("".join(self._current)[:LONGEST_RECORD], self.delimiter)
                raise refuse(code, number, letters(column)) from None
            if len(cells) > MOST_CELLS:
                raise refuse("too_many_columns", number, letters(MOST_CELLS))
            yield number, cells

    def _lines(self) -> Iterator[str]:
        """Yield the lines. Raises `csv.Error` when those of one record are too long together."""
        with TextIOWrapper(BytesIO(self.content), encoding=self.encoding, newline="") as lines:
            for line in lines:
                self._taken = self._taken + len(line) if self._current else len(line)
                self._current.append(line)
                if self._taken > LONGEST_RECORD:
                    raise csv.Error("a record is too long")
                yield line


def open_csv(content: bytes, score: Score, header_within: int) -> CsvSource:
    """Return a file that can be read record by record. Raises `FilesRefused` when it is no text we know."""
    encoding = _find_encoding(content)
    found = (CsvSource(content, encoding, delimiter) for delimiter in DELIMITERS)
    return max(found, key=lambda source: _rank(source, score, header_within))


def _find_encoding(content: bytes) -> str:
    """Return how the file is written: by its mark, by where UTF-16 has its zeros, else UTF-8, else Windows' letters."""
    marked = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), None)
    guesses = [marked] if marked else _guess_utf16(content) or ["utf-8", "cp1252"]
    if guesses[0] in ("utf-8", "utf-8-sig") and b"\x00" in content:
        raise refuse("not_a_table", 1, "A")
    for guess in guesses:
        try:
            content.decode(guess)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(guess, "replace")
            row, column = _place(before)
            if not before.isascii():
                break  # UTF-8 that is broken here: nobody writes so many letters right in another encoding by chance.
        else:
            return guess
    raise refuse("wrong_encoding", row, column)


def _guess_utf16(content: bytes) -> list[str]:
    """Return UTF-16 without a mark when nearly every other byte of the beginning is zero, as Western text has it."""
    even, odd = content[0:_SAMPLE:2], content[1:_SAMPLE:2]
    if len(content) % 2 == 0 and odd.count(0) > 0.8 * len(odd) and even.count(0) == 0:
        return ["utf-16-le"]
    if len(content) % 2 == 0 and even.count(0) > 0.8 * len(even) and odd.count(0) == 0:
        return ["utf-16-be"]
    return []


def _rank(source: CsvSource, score: Score, header_within: int) -> tuple[int, int]:
    """Return how well a delimiter fits: columns recognised in the best row, then cells of the widest."""
    best = widest = 0
    try:
        for _, cells in islice(source.records(), 2 * header_within):
            best, widest = max(best, score(cells)), max(widest, len(cells))
    except FilesRefused as refused:  # What is broken is told when the file is read with the delimiter that fits best.
        if refused.problems[0].code == "too_many_columns":
            widest = MOST_CELLS
    return best, widest


def _place(before: str) -> tuple[int, str]:
    """Return row and column of what follows a text, as well as can be told without reading it."""
    lines = re.split("\r\n|\r|\n", before)
    return len(lines), letters(max(lines[-1].count(delimiter) for delimiter in DELIMITERS))


def _find_break(text: str, delimiter: str) -> tuple[int, str]:
    """Return the column, from 0, at which a record cannot be read, and why."""
    column = at = 0
    while at < len(text):
        if text[at] == '"':
            end = _closing_quote(text, at)
            if end < 0 or text[end + 1 : end + 2] not in ("", delimiter, "\r", "\n"):
                return column, "quotes_do_not_match"
            end += 1
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
        if end - at > LONGEST_CELL:
            return column, "value_is_too_long"
        at, column = end + 1, column + 1
        if column > MOST_CELLS:
            return MOST_CELLS, "too_many_columns"
    return max(column - 1, 0), "quotes_do_not_match"


def _closing_quote(text: str, opening: int) -> int:
    """Return where a quoted cell ends, or -1; two quotes in a row are one that belongs to it."""
    at = text.find('"', opening + 1)
    while at >= 0 and text[at + 1 : at + 2] == '"':
        at = text.find('"', at + 2)
    return at
