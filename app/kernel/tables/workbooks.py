"""One sheet of a workbook, opened only when its archive is known to be harmless."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.kernel.tables.archives import check_archive
from app.kernel.tables.places import refuse

ZIP_SIGNATURE: Final = b"PK\x03\x04"
_LARGEST_EXACT: Final = 10**15


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
    check_archive(content, most_rows)
    try:
        return _read_only_sheet(CalamineWorkbook.from_filelike(BytesIO(content)))
    except (CalamineError, ValueError, OSError, UnicodeError):
        raise refuse("not_a_workbook") from None
    except BaseException as error:  # The library's own panics are no `Exception`, and are a damaged file all the same.
        if type(error).__name__ == "PanicException":
            raise refuse("not_a_workbook") from None
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
            raise refuse("several_sheets")
        found = XlsxSource(sheet, sheet.start[1])
    if found is None:
        raise refuse("file_is_empty", 1, "A")
    return found


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
