"""Strict reading of the CSV files people hand over: everything wrong is told at once, and nothing is half right.

A file is UTF-8 with or without a byte order mark, its cells parted by semicolon, comma or tab, its first row a header
in any order. Headers are compared without accents, spaces and capitals, so that a hurried one is still understood.
A problem says file, row, column and a code, never what the cell holds, so that it can be printed and logged.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final, TypeVar

from app.kernel.errors import DomainError

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 20_000
"""More school units, accounts or boards than the whole country has: a longer file is another kind of file."""

DELIMITERS: Final = (";", "\t", ",")
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/-]{1,30}")
EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NO_DAY: Final = date(1970, 1, 1)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_YES, _NO = frozenset({"ja", "j", "1", "x"}), frozenset({"nej", "n", "0", ""})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at one place. `row` counts as a spreadsheet does, the header being 1; 0 is the file itself."""

    file: str
    row: int
    column: str
    code: str
    earlier: int = 0
    """The row above that this one repeats, when that is what is wrong."""

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}, column {self.column or '-'}: {self.code}"


class FilesRefused(DomainError):
    """The files cannot be taken in as they are; `problems` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:20]))
        self.problems = tuple(problems)


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that a person can put everything right in one go."""

    _found: dict[Problem, None] = field(default_factory=dict)

    @property
    def found(self) -> Sequence[Problem]:
        """What is wrong, in the order it was met."""
        return tuple(self._found)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._found)

    def add(self, file: str, row: int, column: str, code: str, earlier: int = 0) -> None:
        """Note a problem; the same one is noted once."""
        self._found[Problem(file, row, column, code, earlier)] = None

    def raise_if_any(self) -> None:
        """Raise `FilesRefused` when something was noted."""
        if self._found:
            raise FilesRefused(self.found)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by our name for it and the folded headers it is recognised by."""

    name: str
    headers: tuple[str, ...]
    is_required: bool = True
    """Whether every row must have a value; a column that is not may also be left out of the file."""
    max_length: int = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One row; each reader notes what is wrong with a cell and then gives something harmless."""

    file: str
    number: int
    cells: Mapping[str, str] = field(repr=False)
    problems: Problems = field(repr=False)
    all_cells: Sequence[str] = field(default=(), repr=False)
    """The cells as they came, those of unread columns too, where a reader has to look at them."""

    def problem(self, column: str, code: str, earlier: int = 0) -> None:
        """Note that the cell cannot be taken in."""
        self.problems.add(self.file, self.number, column, code, earlier)

    def text(self, column: str) -> str:
        """Return the cell, trimmed; empty when the column is absent."""
        return self.cells.get(column, "")

    def matching(self, column: str, pattern: re.Pattern[str], code: str) -> str:
        """Return the cell, which must match the whole `pattern` unless it is empty."""
        value = self.text(column)
        if value and not pattern.fullmatch(value):
            self.problem(column, code)
        return value

    def email(self, column: str) -> str:
        """Return an e-mail address in lower case."""
        return self.matching(column, EMAIL, "not_an_email").lower()

    def phone(self, column: str) -> str:
        """Return a telephone number as written."""
        return self.matching(column, PHONE, "not_a_phone_number")

    def day(self, column: str) -> date:
        """Return a day written as 2026-08-19."""
        value = self.matching(column, DAY, "not_a_date")
        if not DAY.fullmatch(value):
            return NO_DAY
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.problem(column, "not_a_date")
            return NO_DAY

    def whole(self, column: str, *, at_most: int) -> int | None:
        """Return a whole number from 0, or None when the cell is empty."""
        value = self.text(column).replace(" ", "")
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(at_most)) and int(value) <= at_most):
            self.problem(column, "not_a_whole_number")
            return None
        return int(value)

    def choice(self, column: str, choices: Mapping[str, T]) -> T:
        """Return what a folded word of a closed list stands for, the list's first when it is none of them."""
        value = fold(self.text(column))
        if value not in choices:
            if value:
                self.problem(column, "not_a_choice")
            return next(iter(choices.values()))
        return choices[value]

    def flag(self, column: str) -> bool:
        """Return whether the cell says yes; empty is no."""
        value = fold(self.text(column))
        if value not in _YES | _NO:
            self.problem(column, "not_yes_or_no")
        return value in _YES


def fold(text: str) -> str:
    """Return `text` in lower case with letters and digits only, accents and rings taken off."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isascii() and character.isalnum())


def read_table(folder: Path, file: str, columns: Sequence[Column], problems: Problems) -> list[Row]:
    """Return the rows of a file whose shape is right; empty when it is not, and then `problems` says why."""
    content = _read_content(folder / file, file, problems)
    return [] if content is None else read_content(content, file, columns, problems)


def read_content(content: bytes, file: str, columns: Sequence[Column], problems: Problems) -> list[Row]:
    """Return the rows of a file that somebody has handed over, as `read_table` does of one in a folder."""
    text = _decode(content, file, problems)
    if text is None:
        return []
    records: list[list[str]] = []
    try:
        for cells in _records(text, columns):
            records.append(cells)
    except csv.Error:
        problems.add(file, len(records) + 1, "", "quotes_do_not_match")
        return []
    return _rows(file, records, columns, problems)


def require_unique(rows: Iterable[Row], *columns: str) -> None:
    """Note every row that repeats the given cells of an earlier one."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = tuple(row.text(column).casefold() for column in columns)
        if key in seen:
            row.problem(columns[-1], "given_twice")
        seen.add(key)


def _read_content(path: Path, file: str, problems: Problems) -> bytes | None:
    try:
        with path.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        problems.add(file, 0, "", "file_is_missing")
    except PermissionError:
        problems.add(file, 0, "", "file_cannot_be_read")
    return None


def _decode(content: bytes, file: str, problems: Problems) -> str | None:
    if len(content) > MAX_BYTES:
        problems.add(file, 0, "", "file_is_too_large")
    elif not content.strip(b"\xef\xbb\xbf \t\r\n"):
        problems.add(file, 0, "", "file_is_empty")
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            problems.add(file, 0, "", "file_is_not_utf8")
    return None


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    known = {header for column in columns for header in column.headers}
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: sum(fold(cell) in known for cell in first.split(mark)))


def _records(text: str, columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield records; `strict` because a quote that is never closed would otherwise swallow the rows after it."""
    return iter(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True))


def _rows(file: str, records: list[list[str]], columns: Sequence[Column], problems: Problems) -> list[Row]:
    numbered = [(number, cells) for number, cells in enumerate(records, 1) if any(cell.strip() for cell in cells)]
    if not numbered:
        problems.add(file, 0, "", "file_is_empty")
        return []
    header, body = numbered[0], numbered[1:]
    places = _places(file, header[0], header[1], columns, problems)
    if places is None:
        return []
    if len(body) > MAX_ROWS:
        problems.add(file, MAX_ROWS + 2, "", "too_many_rows")
        return []
    if not body:
        problems.add(file, 2, "", "no_rows")
    rows = []
    for number, cells in body:
        if len(cells) != len(header[1]):
            problems.add(file, number, "", "wrong_number_of_cells")
            continue
        row = Row(file, number, {c.name: _clean(cells[at]) for c, at in places.items()}, problems)
        _check_cells(row, places)
        rows.append(row)
    return rows


def _places(
    file: str, number: int, header: list[str], columns: Sequence[Column], problems: Problems
) -> dict[Column, int] | None:
    """Return where each column stands, or None when the header cannot be trusted. Unknown headers are not quoted back:
    in a file without a header they would be somebody's data."""
    before = len(problems.found)
    known = {name: column for column in columns for name in column.headers}
    places: dict[Column, int] = {}
    for at, title in enumerate(header):
        column = known.get(fold(title))
        if column is None:
            problems.add(file, number, str(at + 1), "unknown_column")
        elif column in places:
            problems.add(file, number, column.name, "column_given_twice")
        else:
            places[column] = at
    for column in columns:
        if column.is_required and column not in places:
            problems.add(file, number, column.name, "column_is_missing")
    return places if len(problems.found) == before else None


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.replace("\u00a0", " ")).strip(" ")


def _check_cells(row: Row, columns: Iterable[Column]) -> None:
    for column in columns:
        value = row.cells[column.name]
        if column.is_required and not value:
            row.problem(column.name, "value_is_missing")
        elif len(value) > column.max_length:
            row.problem(column.name, "value_is_too_long")
        elif any(unicodedata.category(character) in _INVISIBLE for character in value):
            row.problem(column.name, "control_character")
        elif value.startswith(("=", "+", "-", "@")) and not PHONE.fullmatch(value):
            row.problem(column.name, "formula")
