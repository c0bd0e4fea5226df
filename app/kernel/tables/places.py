"""Places in a table, as a spreadsheet names them, and the refusal of what cannot be read there."""

from app.kernel.csv_files import FilesRefused, Problem


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
