"""Missing pupils pasted from a spreadsheet or handed over as a file: every fault told by row and column."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, BinaryIO, ClassVar, Final, cast

from app.kernel import clock
from app.kernel.csv_files import FilesRefused, Problem, Row
from app.kernel.identity_number import IdentityKind
from app.kernel.tables import open_table
from app.responses.forms.identity import OLDEST_PUPIL
from app.responses.types.absence_lists import (
    MOST_ABSENT,
    AbsentPupils,
    KnownPupils,
    PreviewAbsenceList,
    ReadColumn,
)
from app.responses.types.page_answers import IdentityAnswers
from app.responses.types.unheaded import NameOrder, find_columns
from app.rosters.types import PUPIL_COLUMNS, PupilReader, PupilRow
from app.web.forms import ChoiceField, FileField, Form, LongTextField
from app.web.forms.form import tidy

_LENGTHS: Final = {"school_class": 20, "grade": 20}
"""As many characters as the question about who the pupil is takes."""
_WANTED: Final = ("name", "first_name", "last_name", "number", "birth_date", "grade", "school_class", "protected")
COLUMNS: Final = tuple(
    replace(column, max_length=_LENGTHS.get(column.name, column.max_length))
    for column in PUPIL_COLUMNS
    if column.name in _WANTED
)


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
        hint="Markera raderna i Excel eller Kalkylark, gärna med rubrikraden, kopiera och klistra in här.",
    )
    file = FileField("Eller välj en fil", extensions=(".csv", ".xlsx", ".txt"), max_bytes=2_000_000)
    order = ChoiceField(
        "Vad står i de två kolumnerna med namn?",
        choices=[
            (NameOrder.FIRST_NAME_FIRST, "Förnamn i den första, efternamn i den andra"),
            (NameOrder.LAST_NAME_FIRST, "Efternamn i den första, förnamn i den andra"),
            (NameOrder.FIRST_COLUMN, "Hela namnet i den första", "Den andra läses inte."),
        ],
        hint="Listan har ingen rubrikrad som talar om det.",
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.order.is_left_out = self.order.data is None
        self.problems: Sequence[Problem] = ()
        """What is wrong with the list, for the page to tell by row and column."""

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
        try:
            self._read()
        except FilesRefused as refused:
            self._refuse(refused.problems)
        return not self.errors

    def refuse(self, message: str) -> None:
        """Say at the list what is wrong with it."""
        (self.text if self.file.data is None else self.file).errors = [message]

    def to_command(self) -> PreviewAbsenceList:
        """Return the command of a form that holds. A text that names somebody protected is not kept."""
        pupils, protected = self._reader.finish()
        text = self.text.data if self.file.data is None and not protected else ""
        header = self._table.header
        read = tuple(ReadColumn(at, name) for name, at in self._table.columns.items())
        absent = AbsentPupils(pupils, text, header.ignored, not self._table.has("protected"), read, header.row > 0)
        return PreviewAbsenceList(absent, protected)

    def _read(self) -> None:
        data = self.text.data.encode() if self.file.data is None else cast(BinaryIO, self.file.data.stream)
        guess = partial(find_columns, order=self.order.data)
        table = open_table(data, COLUMNS, most_rows=MOST_ABSENT, fewest_columns=1, guess=guess)
        if not any(map(table.has, ("name", "first_name", "last_name"))):
            table.problems.add("", table.header.row, "", "name_is_missing")
            table.problems.raise_if_any()
        self._table, self._reader = table, _Reader(clock.today())
        for row in table.rows():
            self._reader.take(row)
        table.problems.raise_if_any()

    def _refuse(self, problems: Sequence[Problem]) -> None:
        if problems[0].code == "names_in_two_columns":
            self.order.is_left_out = False
            self.order.errors = ["Välj vad som står i de två kolumnerna med namn."]
        else:
            self.problems = problems
            self.refuse("Det finns fel i listan.")


class _Reader:
    """Takes rows one at a time; of who is protected nothing but how many they are."""

    def __init__(self, today: date) -> None:
        self._reader, self._oldest = PupilReader(today), today.year - OLDEST_PUPIL
        self._pupils: list[IdentityAnswers] = []
        self._listed, self._hidden = KnownPupils[int](), KnownPupils[int]()
        self._protected = 0

    def take(self, row: Row) -> None:
        """Note a row as a pupil, a protected one, or a problem."""
        found = self._reader.read(row)
        who = _identify(found)
        if found.is_protected:
            is_known = bool((who.name or who.number) and self._hidden.list_same(who))
            self._protected += not is_known
            self._hidden.add(who, row.number)
            return
        if found.number and found.number.birth_date.year < self._oldest:
            row.problem("number", "too_old")
        if earlier := self._listed.list_same(who):
            row.problem(
                "number" if who.number else "name", "given_twice" if who.number else "name_given_twice", earlier[0]
            )
        self._listed.add(who, row.number)
        self._pupils.append(who)

    def finish(self) -> tuple[tuple[IdentityAnswers, ...], int]:
        """Return the pupils, and how many are protected. Who is that on one row is it on every row."""
        return tuple(who for who in self._pupils if not self._hidden.list_same(who)), self._protected


def _identify(found: PupilRow) -> IdentityAnswers:
    return IdentityAnswers(
        kind=found.number.kind if found.number else IdentityKind.NONE,
        number=found.number.unmasked() if found.number else None,
        name=found.name,
        birth_date=found.birth_date,
        grade=found.grade,
        school_class=found.school_class,
        is_confirmed=False,
    )
