"""Tolerant reading of the tables people export and paste: what can be understood is taken, the rest is pointed at.

Unlike `csv_files`, which reads the files an installation is set up with, this reads what a school's register or a
spreadsheet happens to give: CSV in the usual encodings, or one sheet of an XLSX workbook; the header on one of the
first rows and in any order; unknown columns left out and told. A row that cannot be read is never guessed at: it is
refused by row, column and code, never with what the cell holds. Nothing of an unreadable file reaches anybody.
"""

from app.kernel.tables.cells import SEPARATOR, clean
from app.kernel.tables.headers import Guess
from app.kernel.tables.places import letters
from app.kernel.tables.reading import MOST_PROBLEMS, Table, TableKind, open_table

__all__ = [
    "MOST_PROBLEMS",
    "SEPARATOR",
    "Guess",
    "Table",
    "TableKind",
    "clean",
    "letters",
    "open_table",
]
