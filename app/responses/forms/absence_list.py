"""Missing pupils pasted from a spreadsheet or handed over as a file: every fault told by row and column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO, ClassVar, Final, cast

from app.kernel import clock
from app.kernel.csv_files import FilesRefused, Problem, Row
from app.kernel.identity_number import (
    IdentityKind,
    IdentityNumber,
    InvalidNumber,
    NumberProblem,
    PersonalIdentityNumber,
    find_number,
)
from app.kernel.tables import SEPARATOR, open_table
from app.responses.forms.identity import OLDEST_PUPIL
from app.responses.types.absence_lists import MOST_ABSENT, AbsentPupils, PreviewAbsenceList, is_same_pupil
from app.responses.types.answers import IdentityAnswers
from app.rosters.types import PUPIL_COLUMNS, says_protected
from app.web.forms import FileField, Form, LongTextField
from app.web.forms.form import tidy

MOST_TOLD: Final = 20
"""Faults told at once: more are put right with the file open beside, not from a page."""

_LENGTHS: Final = {"school_class": 20, "grade": 20}
"""As many characters as the question about who the pupil is takes."""
_WANTED: Final = ("name", "first_name", "last_name", "number", "birth_date", "grade", "school_class", "protected")
COLUMNS: Final = tuple(
    replace(column, max_length=_LENGTHS.get(column.name, column.max_length))
    for column in PUPIL_COLUMNS
    if column.name in _WANTED
)

_COLUMN_WORDS: Final[Mapping[str, str]] = {
    "name": "Namn",
    "first_name": "Förnamn",
    "last_name": "Efternamn",
    "number": "Personnummer",
    "birth_date": "Födelsedatum",
    "grade": "Årskurs",
    "school_class": "Klass",
    "protected": "Skyddade personuppgifter",
}
_PROBLEM_WORDS: Final[Mapping[str, str]] = {
    "value_is_missing": "elevens namn saknas",
    "value_is_too_long": "texten är för lång",
    "control_character": "det finns tecken som inte syns; skriv texten på nytt",
    "formula": "cellen innehåller en formel; skriv texten i stället",
    "given_twice": "eleven står redan på en rad ovanför",
    "too_many_cells": "raden har fler kolumner än rubrikraden",
    "wrong_encoding": "texten går inte att läsa; spara filen som XLSX eller som CSV med UTF-8",
    "column_given_twice": "två kolumner har samma rubrik",
    "quotes_do_not_match": "ett citattecken börjar men slutar inte",
    NumberProblem.SHAPE: "skriv numret med tolv siffror, till exempel 20121212-1212, eller lämna cellen tom",
    NumberProblem.DATE: "numret börjar med en dag som inte finns eller som inte har varit",
    NumberProblem.CHECK_DIGIT: "sista siffran stämmer inte med de andra",
    "too_old": f"numret gäller någon som är äldre än {OLDEST_PUPIL} år",
    "not_a_date": "skriv dagen som 2012-12-31, eller lämna cellen tom",
}
_WHOLE_WORDS: Final[Mapping[str, str]] = {
    "file_is_empty": "Det finns ingenting att läsa. Ta med rubrikraden och en rad för varje elev.",
    "no_rows": "Det finns en rubrikrad men inga elever under den.",
    "header_is_missing": "Första raden ska vara rubriker, till exempel Namn, Personnummer och Klass.",
    "name_is_missing": "Det finns ingen kolumn med elevernas namn. Skriv rubriken Namn på första raden.",
    "too_many_rows": f"Det är fler än {MOST_ABSENT} rader. Ta bara med elever som saknas, inte hela skolan.",
    "several_sheets": "Arbetsboken har flera blad med innehåll. Spara bladet med eleverna för sig.",
    "has_macros": "Arbetsboken innehåller makron. Spara den som XLSX utan makron, eller klistra in listan.",
    "old_or_locked_workbook": "Arbetsboken är låst eller i ett gammalt format. Spara den som XLSX utan lösenord.",
    "file_is_too_large": "Filen är för stor. Ta bara med elever som saknas, inte hela skolan.",
}
_UNREADABLE: Final = "Filen går inte att läsa. Spara den som XLSX eller CSV och försök igen, eller klistra in listan."


class PastedField(LongTextField):
    """Rows copied from a spreadsheet. Tabs at the ends of lines are empty cells, so only empty lines are taken away."""

    def read(self, text: str) -> str:
        """Return the rows as they were copied, without characters that mean nothing."""
        return self.within_length(tidy(f"|{text}|")[1:-1].strip("\n"))  # The bars keep the outermost tabs.


class PreviewAbsenceListForm(Form):
    """An absence list, pasted or as a file. Nothing is on the unit's list before it has been looked at."""

    is_kept: ClassVar[bool] = False

    text = PastedField(
        "Klistra in från ett kalkylblad",
        max_length=100_000,
        hint="Markera rubrikraden och raderna i Excel eller Kalkylark, kopiera och klistra in här.",
    )
    file = FileField("Eller välj en fil", extensions=(".csv", ".xlsx", ".txt"), max_bytes=2_000_000)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._pupils: list[IdentityAnswers] = []
        self._protected_count = 0
        self._unread: tuple[str, ...] = ()
        self._lacks_protection = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the list; whatever is wrong with it is told at the field it came in."""
        if not super().validate(extra_validators):
            return False
        if self.text.is_empty and self.file.data is None:
            self.text.errors = ["Klistra in listan, eller välj en fil."]
            return False
        if not self.text.is_empty and self.file.data is not None:
            self.file.errors = ["Du har både klistrat in en lista och valt en fil. Ta bort det ena."]
            return False
        return self._read()

    def _read(self) -> bool:
        field = self.text if self.file.data is None else self.file
        data = self.text.data.encode() if self.file.data is None else cast(BinaryIO, self.file.data.stream)
        try:
            table = open_table(data, COLUMNS, most_rows=MOST_ABSENT, fewest_columns=1)
            if not any(map(table.has, ("name", "first_name", "last_name"))):
                table.problems.add("", table.header.row, "", "name_is_missing")
            table.problems.raise_if_any()
            for row in table.rows():
                self._take(row)
            table.problems.raise_if_any()
        except FilesRefused as refused:
            field.errors = _told(refused.problems)
            return False
        self._unread, self._lacks_protection = table.header.ignored, not table.has("protected")
        return True

    def _take(self, row: Row) -> None:
        """Take in a row; of one that is marked as protected nothing but that it is there."""
        if any(map(says_protected, row.text("protected").split(SEPARATOR))):
            self._protected_count += 1
            return
        pupil = _read_pupil(row)
        if any(is_same_pupil(pupil, each) for each in self._pupils):
            row.problem("number" if pupil.number else "name", "given_twice")
        self._pupils.append(pupil)

    def to_command(self) -> PreviewAbsenceList:
        """Return the command of a form that holds. A text that names somebody protected is not kept."""
        text = self.text.data if self.file.data is None and not self._protected_count else ""
        absent = AbsentPupils(tuple(self._pupils), text, self._unread, self._lacks_protection)
        return PreviewAbsenceList(absent, self._protected_count)


def _read_pupil(row: Row) -> IdentityAnswers:
    name = row.text("name") or " ".join(filter(None, (row.text("first_name"), row.text("last_name"))))
    if not name:
        row.problem("name", "value_is_missing")
    number, born = _read_number(row)
    return IdentityAnswers(
        kind=number.kind if number else IdentityKind.NONE,
        number=number.unmasked() if number else None,
        name=name,
        birth_date=born or _read_day(row),
        grade=row.text("grade"),
        school_class=row.text("school_class"),
        is_confirmed=False,
    )


def _read_number(row: Row) -> tuple[IdentityNumber | None, date | None]:
    """Return a number of any kind and its day; a day alone is a day, since many lists have no more."""
    text, today = row.text("number"), clock.today()
    if not text or (day := _day(text)) is not None:
        return None, day if text else None
    number = find_number(text, today=today)
    if number is None:
        try:
            PersonalIdentityNumber.parse(text, today=today)
        except InvalidNumber as invalid:
            row.problem("number", invalid.problem)
        return None, None
    if number.birth_date.year < today.year - OLDEST_PUPIL:
        row.problem("number", "too_old")
    return number, number.birth_date


def _read_day(row: Row) -> date | None:
    text = row.text("birth_date")
    day = _day(text)
    if text and day is None:
        row.problem("birth_date", "not_a_date")
    return day


def _day(text: str) -> date | None:
    """Return a day written with eight digits, with hyphens, slashes, dots or nothing between, that has been."""
    digits = "".join(character for character in text[:10] if character.isdigit())
    if len(digits) != 8 or not set(text) <= set("0123456789-/. "):  # noqa: PLR2004 - year, month and day
        return None
    try:
        day = date.fromisoformat(digits)
    except ValueError:
        return None
    return day if day <= clock.today() else None


def _told(problems: Sequence[Problem]) -> list[str]:
    """Return the faults in words, row by row, the first of them if there are many."""
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.row)
    told = list(dict.fromkeys(map(_in_words, ordered)))
    rest = len(told) - MOST_TOLD
    told = [*told[:MOST_TOLD], *([f"Och {rest} fel till. Rätta de här först."] if rest > 0 else [])]
    return [line.rstrip(".") for line in told[:-1]] + told[-1:]  # The page puts full stops between them.


def _in_words(problem: Problem) -> str:
    if problem.code in _WHOLE_WORDS:
        return _WHOLE_WORDS[problem.code]
    words = _PROBLEM_WORDS.get(problem.code)
    if words is None:
        return _UNREADABLE
    column = f", kolumnen {_COLUMN_WORDS.get(problem.column, problem.column)}" if problem.column else ""
    return f"Rad {problem.row}{column}: {words}."
