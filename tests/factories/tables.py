"""The files that class lists and absence lists come in."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

HEADER = ("Namn", "Personnummer", "Årskurs", "Klass", "Skolenhetskod", "Sekretessmarkering")
ROWS = (
    ("Åsa Ödman", "20150412-2381", "5", "5 B", "12345678", "nej"),
    ("Bo Ek", "150301-2393", "5", "5 B", "12345678", ""),
    ("Cilla Dahl", "", "4", "4 A", "12345678", ""),
)
"""Pupils who do not exist."""


def write_csv(
    rows: Iterable[Sequence[str]] = (HEADER, *ROWS), *, delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    """Return rows as a CSV file."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def write_xlsx(*sheets: Iterable[Sequence[Any]], is_constant_memory: bool = False) -> bytes:
    """Return a workbook with a sheet for each table; text stays text, and numbers are numbers."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "constant_memory": is_constant_memory}) as workbook:
        for rows in sheets or ((HEADER, *ROWS),):
            sheet = workbook.add_worksheet()
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    write = sheet.write_string if isinstance(cell, str) else sheet.write
                    write(number, column, cell)
    return written.getvalue()


def add_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with one more part, or with one replaced."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return written.getvalue()
