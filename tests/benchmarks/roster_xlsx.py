"""W5, as a workbook: the same pupils from XLSX, beside calamine's reading of it and COPY."""

from pathlib import Path

import python_calamine
import xlsxwriter  # type: ignore[import-untyped]

from tests.benchmarks import roster_csv
from tests.benchmarks.place import Place, Watch


def prepare(place: Place) -> None:
    """Make the municipality, and its file from the rows of the other."""
    roster_csv.prepare(place)
    lines = roster_csv.path_of(place).read_text(encoding="utf-8-sig").splitlines()
    with xlsxwriter.Workbook(str(path_of(place))) as workbook:
        sheet = workbook.add_worksheet()
        for number, line in enumerate(lines):
            for column, cell in enumerate(line.split(";")):
                sheet.write_string(number, column, cell)


def path_of(place: Place) -> Path:
    """Return where the workbook is."""
    return place.folder / "pupils.xlsx"


def ours(place: Place, watch: Watch) -> None:
    """Hand it over and confirm it."""
    roster_csv.hand_over(place, watch, path_of(place))


def raw(place: Place, watch: Watch) -> None:
    """Read it and write its rows."""
    with watch:
        workbook = python_calamine.load_workbook(str(path_of(place)))
        records = list(workbook.get_sheet_by_index(0).iter_rows())[1:]
    roster_csv.write(place, watch, records)
