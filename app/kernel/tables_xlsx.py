"""One sheet of a workbook, opened only when the archive is known to be small, plain and without anything that acts.

An XLSX file is a zip of XML (ECMA-376). A few hundred kilobytes may unfold to gigabytes, and two cells in opposite
corners to a table of billions; so every part is unfolded here in pieces and looked at before calamine sees any of it.
"""

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.kernel.csv_files import FilesRefused, Problem

ZIP_SIGNATURE: Final = b"PK\x03\x04"
MOST_PARTS: Final = 300
LARGEST_UNFOLDED: Final = 72_000_000
"""Bytes of all parts together: twice what a hundred thousand rows of ten columns take."""
MOST_TAGS: Final = 8_000_000
"""Beginnings and ends of elements in all parts: about two million cells and strings."""
MOST_CELLS: Final = 4_000_000
"""Of the rectangle around all cells, empty ones included, which is what calamine keeps in memory."""
LARGEST_TEXT: Final = 64_000_000
"""Bytes of the shared strings of all cells: in the archive cells share them, in memory each has a copy of its own."""
_PIECE: Final = 1 << 20
_LETTERS_OF_ALPHABET: Final = 26
_SHAPES: Final = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"A" * 26 + b"0" * 10)
"""Makes AB1234 to AA0000, so that how long references are can be told by searching for plain bytes."""
_REFERENCE: Final = re.compile(rb"c r=\"([A-Z]+)([0-9]+)\"")
_OTHER_CELLS: Final = (b"<c>", b":c>", b"<c\n", b":c\n", b"<c\t", b":c\t", b"<c\r", b":c\r")
"""How cells may begin that have no reference, or one that no spreadsheet program would write so."""
_RELATIONSHIPS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedstrings.xml"
_TARGET: Final = re.compile(rb"\sTarget\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_STRING: Final = re.compile(rb"<(?:[^\s<>/:]+:)?si[\s>/]")
_VALUE: Final = re.compile(rb"[<:]v(?:\s[^>]*)?>([^<]*)")
_ODD: Final = re.compile(rb"<[^>]*<|<!|<\?(?!xml )|=\s*(?:\"[^\">]*>|'[^'>]*>)")
"""What would make tags be counted wrongly: comments, and brackets in attributes. No spreadsheet program writes them."""
_LARGEST_EXACT: Final = 10**15

_ACTS: Final = {
    "vbaproject.bin": "has_macros",
    "xl/macrosheets/": "has_macros",
    "xl/dialogsheets/": "has_macros",
    "xl/externallinks/": "has_external_links",
    "xl/connections.xml": "has_external_links",
    "xl/querytables/": "has_external_links",
    "xl/embeddings/": "has_external_links",
    "xl/activex/": "has_macros",
}
"""Parts that a list of pupils has no use for."""


def _refused(code: str, row: int = 0, column: str = "") -> FilesRefused:
    return FilesRefused([Problem("", row, column, code)])


@dataclass(slots=True)
class XlsxSource:
    """A sheet that has been read."""

    sheet: CalamineSheet
    first_column: int

    def filled(self) -> Iterator[tuple[int, bool]]:
        """Yield the number of each row and whether it holds anything."""
        return ((number, any(cells)) for number, cells in enumerate(self.sheet.iter_rows(), 1))

    def records(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield each row with its number, every cell as text."""
        for number, cells in enumerate(self.sheet.iter_rows(), 1):
            yield number, [cell if type(cell) is str else _as_text(cell) for cell in cells]


def open_workbook(content: bytes, *, most_rows: int) -> XlsxSource:
    """Return the one sheet of a workbook that holds anything. Raises `FilesRefused` for anything unsafe or unclear."""
    _check_archive(content, most_rows)
    try:
        return _read_only_sheet(CalamineWorkbook.from_filelike(BytesIO(content)))
    except (CalamineError, ValueError, OSError, UnicodeError):
        raise _refused("not_a_workbook") from None
    except BaseException as error:  # The library's own panics are no `Exception`, and are a damaged file all the same.
        if type(error).__name__ == "PanicException":
            raise _refused("not_a_workbook") from None
        raise


def _read_only_sheet(workbook: CalamineWorkbook) -> XlsxSource:
    found: XlsxSource | None = None
    for at, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_index(at)
        if sheet.start is None:
            continue
        if found is not None:
            raise _refused("several_sheets")
        found = XlsxSource(sheet, sheet.start[1])
    if found is None:
        raise _refused("file_is_empty", 1, "A")
    return found


def _check_archive(content: bytes, most_rows: int) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts, comment = archive.infolist(), archive.comment
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise _refused("not_a_workbook") from None
    names = [part.filename.casefold() for part in parts]
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names or comment:
        raise _refused("not_a_workbook")
    if len(set(names)) < len(names):
        raise _refused("not_a_workbook")
    for name in names:
        for suspect, code in _ACTS.items():
            if name.startswith(suspect) or name.endswith(suspect):
                raise _refused(code)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise _refused("unfolds_too_large")
    left = _Left()
    for part, name in zip(parts, names, strict=True):
        _check_part(content, part, name, most_rows, left)
    if left.strings.longest * left.cells > LARGEST_TEXT:  # Else there is no need to look at every cell.
        looked_at = (part for part, name in zip(parts, names, strict=True) if _is_sheet(name) or name == _STRINGS)
        _check_text(content, looked_at, left.strings)


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


class _Strings:
    """How long each of the shared strings is, with its tags."""

    def __init__(self) -> None:
        self.lengths = array("L")

    @property
    def longest(self) -> int:
        return max(self.lengths, default=0)

    def look(self, piece: bytes) -> None:
        """Take in some whole tags; what comes before the first string of a piece belongs to the one before."""
        begins = [found.start() for found in _STRING.finditer(piece)]
        if self.lengths:
            self.lengths[-1] += begins[0] if begins else len(piece)
        self.lengths.extend(end - at for at, end in pairwise([*begins, len(piece)]))


def _check_text(content: bytes, parts: Iterable[zipfile.ZipInfo], strings: _Strings) -> None:
    """Add up the shared strings that cells refer to. A number is counted as if it were a reference too."""
    taken, lengths, longest = 0, strings.lengths, strings.longest
    for part in parts:
        for piece in _whole_tags(_unfold(content, part)):
            if _ODD.search(piece):
                raise _refused("not_a_workbook")
            for value in _VALUE.findall(piece):
                try:
                    at = int(value)
                except ValueError:
                    taken += longest if b"&" in value else 0
                else:
                    taken += lengths[at] if 0 <= at < len(lengths) else 0
            if taken > LARGEST_TEXT:
                raise _refused("unfolds_too_large")


@dataclass(slots=True)
class _Left:
    """What the parts of an archive may still take, and what they hold."""

    size: int = LARGEST_UNFOLDED
    tags: int = MOST_TAGS
    cells: int = 0
    strings: _Strings = field(default_factory=_Strings)


def _check_part(content: bytes, part: zipfile.ZipInfo, name: str, most_rows: int, left: _Left) -> None:
    """Look at every byte of a part; what its header claims is not trusted."""
    sheet = _SheetSize(most_rows) if _is_sheet(name) else None
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    pieces = _measured(_unfold(content, part), left, is_xml=is_xml)
    if not is_xml:
        for _ in pieces:
            pass
        return
    for piece in _whole_tags(pieces):
        _check_xml(piece, sheet)
        if sheet is None and b"sheetData" in piece:  # Calamine would find it, wherever it is; we would not measure it.
            raise _refused("not_a_workbook")
        if name == _RELATIONSHIPS:
            _check_targets(piece)
        if name == _STRINGS:
            left.strings.look(piece)
    left.cells += sheet.cells if sheet else 0


def _measured(pieces: Iterator[bytes], left: _Left, *, is_xml: bool) -> Iterator[bytes]:
    for piece in pieces:
        left.size -= len(piece)
        left.tags -= piece.count(b"<") if is_xml else 0
        if left.size < 0 or left.tags < 0:
            raise _refused("unfolds_too_large")
        yield piece


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces in which each tag and each text is whole: what follows the last "<" waits for the next one."""
    kept = b""
    for piece in pieces:
        whole, mark, rest = (kept + piece).rpartition(b"<")
        kept = mark + rest
        if len(kept) > _PIECE:
            raise _refused("value_is_too_long")
        yield whole
    yield kept


def _check_targets(piece: bytes) -> None:
    """Refuse a workbook whose parts are not called XML: they would not be looked at."""
    for target in _TARGET.findall(piece):
        if b"&" in target or not target.lower().endswith(b".xml"):
            raise _refused("not_a_workbook")


def _unfold(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces, reading to the real end of its data as calamine does."""
    at = part.header_offset
    begins = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
    begins += int.from_bytes(content[at + 28 : at + 30], "little")
    raw = memoryview(content)[begins : begins + part.compress_size]
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused("not_a_workbook")
    if part.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(raw), _PIECE):
            yield bytes(raw[start : start + _PIECE])
        return
    unfolding, waiting = zlib.decompressobj(-zlib.MAX_WBITS), bytes(raw)
    try:
        while not unfolding.eof:
            piece = unfolding.decompress(waiting, _PIECE)
            waiting = unfolding.unconsumed_tail
            if not piece and not waiting and not unfolding.eof:
                raise _refused("not_a_workbook")
            yield piece
    except zlib.error:
        raise _refused("not_a_workbook") from None


def _check_xml(piece: bytes, sheet: "_SheetSize | None") -> None:
    if b"\x00" in piece:  # Another encoding than UTF-8 would hide what is looked for.
        raise _refused("not_a_workbook")
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise _refused("has_entities")
    if b"macroEnabled" in piece:
        raise _refused("has_macros")
    if sheet is not None:
        sheet.look(piece)


class _SheetSize:
    """Tells how large a table the cells of a sheet span, from their references, without reading them."""

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
            raise _refused("not_a_workbook")
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
            raise _refused("too_many_rows", self._most_rows + 1, "A")
        if self._width * self._height > MOST_CELLS:
            raise _refused("too_many_columns", 1, "A")


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name[:4]:
        number = number * _LETTERS_OF_ALPHABET + letter - ord("A") + 1
    return number


def _as_text(cell: Any) -> str:
    """Return a number, date or truth as a person would have typed it: 200801012384, not 200801012384.0."""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _LARGEST_EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
