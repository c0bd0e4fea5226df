"""Whether the archive of a workbook is small, plain and without anything that acts.

An XLSX file is a zip of XML (ECMA-376). A few hundred kilobytes may unfold to gigabytes, and two cells in opposite
corners to a table of billions; so every part is unfolded here in pieces and looked at before calamine sees any of it.
"""

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from app.kernel.tables.places import refuse
from app.kernel.tables.sheet_sizes import SheetSize

MOST_PARTS: Final = 300
LARGEST_DIRECTORY: Final = 100_000
"""Bytes of the list of parts, of which each takes some hundred."""
LARGEST_UNFOLDED: Final = 72_000_000
"""Bytes of all parts together: twice what a hundred thousand rows of ten columns take."""
MOST_TAGS: Final = 8_000_000
"""Beginnings and ends of elements in all parts: about two million cells and strings."""
LARGEST_TEXT: Final = 64_000_000
"""Bytes of the shared strings of all cells: in the archive cells share them, in memory each has a copy of its own."""
_PIECE: Final = 1 << 20
_RELATIONSHIPS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedstrings.xml"
_TARGET: Final = re.compile(rb"\sTarget\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_STRING: Final = re.compile(rb"<(?:[^\s<>/:]+:)?si[\s>/]")
_VALUE: Final = re.compile(rb"[<:]v(?:\s[^>]*)?>([^<]*)")
_ODD: Final = re.compile(rb"<[^>]*<|<!|<\?(?!xml )|=\s*(?:\"[^\">]*>|'[^'>]*>)")
"""What would make tags be counted wrongly: comments, and brackets in attributes. No spreadsheet program writes them."""

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


def check_archive(content: bytes, most_rows: int) -> None:
    """Look at every byte of every part. Raises `FilesRefused` for anything unsafe, too large or out of the ordinary."""
    parts = _list_parts(content)
    if "xl/workbook.xml" not in parts or "[content_types].xml" not in parts:
        raise refuse("not_a_workbook")
    for name in parts:
        for suspect, code in _ACTS.items():
            if name.startswith(suspect) or name.endswith(suspect):
                raise refuse(code)
    if len(parts) > MOST_PARTS:
        raise refuse("unfolds_too_large")
    left = _Left()
    for name, part in parts.items():
        _check_part(content, part, name, most_rows, left)
    if left.strings.longest * left.cells > LARGEST_TEXT:  # Else there is no need to look at every cell.
        looked_at = (part for name, part in parts.items() if _is_sheet(name) or name == _STRINGS)
        _check_text(content, looked_at, left.strings)


def _list_parts(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by their folded names, after a look at how long the list of them is."""
    if content[-22:-18] != b"PK\x05\x06":  # The end of the list, without a comment.
        raise refuse("not_a_workbook")
    if int.from_bytes(content[-10:-6], "little") > LARGEST_DIRECTORY:
        raise refuse("unfolds_too_large")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise refuse("not_a_workbook") from None
    parts = {part.filename.casefold(): part for part in listed}
    if len(parts) < len(listed):
        raise refuse("not_a_workbook")
    return parts


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
        rest, *strings = _STRING.split(piece)
        if self.lengths:
            self.lengths[-1] += len(rest)
        self.lengths.extend(map(len, strings))


def _check_text(content: bytes, parts: Iterable[zipfile.ZipInfo], strings: _Strings) -> None:
    """Add up the shared strings that cells refer to. A number is counted as if it were a reference too."""
    taken, lengths, longest = 0, strings.lengths, strings.longest
    for part in parts:
        for piece in _whole_tags(_unfold(content, part)):
            if _ODD.search(piece):
                raise refuse("not_a_workbook")
            for value in _VALUE.findall(piece):
                try:
                    at = int(value)
                except ValueError:
                    taken += longest if b"&" in value else 0
                else:
                    taken += lengths[at] if 0 <= at < len(lengths) else 0
            if taken > LARGEST_TEXT:
                raise refuse("unfolds_too_large")


@dataclass(slots=True)
class _Left:
    """What the parts of an archive may still take, and what they hold."""

    size: int = LARGEST_UNFOLDED
    tags: int = MOST_TAGS
    cells: int = 0
    strings: _Strings = field(default_factory=_Strings)


def _check_part(content: bytes, part: zipfile.ZipInfo, name: str, most_rows: int, left: _Left) -> None:
    """Look at every byte of a part; what its header claims is not trusted."""
    sheet = SheetSize(most_rows) if _is_sheet(name) else None
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    pieces = _measured(_unfold(content, part), left, is_xml=is_xml)
    if not is_xml:
        for _ in pieces:
            pass
        return
    for piece in _whole_tags(pieces):
        _check_xml(piece, sheet)
        if sheet is None and b"sheetData" in piece:  # Calamine would find it, wherever it is; we would not measure it.
            raise refuse("not_a_workbook")
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
            raise refuse("unfolds_too_large")
        yield piece


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces in which each tag and each text is whole: what follows the last "<" waits for the next one."""
    kept = b""
    for piece in pieces:
        whole, mark, rest = (kept + piece).rpartition(b"<")
        kept = mark + rest
        if len(kept) > _PIECE:
            raise refuse("value_is_too_long")
        yield whole
    yield kept


def _check_targets(piece: bytes) -> None:
    """Refuse a workbook whose parts are not called XML: they would not be looked at."""
    for target in _TARGET.findall(piece):
        if b"&" in target or not target.lower().endswith(b".xml"):
            raise refuse("not_a_workbook")


def _unfold(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces, reading to the real end of its data as calamine does."""
    at = part.header_offset
    begins = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
    begins += int.from_bytes(content[at + 28 : at + 30], "little")
    raw = memoryview(content)[begins : begins + part.compress_size]
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refuse("not_a_workbook")
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
                raise refuse("not_a_workbook")
            yield piece
    except zlib.error:
        raise refuse("not_a_workbook") from None


def _check_xml(piece: bytes, sheet: SheetSize | None) -> None:
    if b"\x00" in piece:  # Another encoding than UTF-8 would hide what is looked for.
        raise refuse("not_a_workbook")
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise refuse("has_entities")
    if b"macroEnabled" in piece:
        raise refuse("has_macros")
    if sheet is not None:
        sheet.look(piece)
