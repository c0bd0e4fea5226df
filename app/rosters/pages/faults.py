"""What is wrong with a file, told by row and column and never by what a cell holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.csv_files import Problem
from app.kernel.tables import MOST_PROBLEMS
from app.rosters.types import MOST_PUPILS

MOST_TOLD: Final = 50

COLUMNS: Final[Mapping[str, str]] = {
    "name": "Namn",
    "first_name": "Förnamn",
    "last_name": "Efternamn",
    "number": "Personnummer",
    "birth_date": "Födelsedatum",
    "grade": "Årskurs",
    "school_class": "Klass",
    "unit_code": "Skolenhetskod",
    "unit_name": "Skolenhet",
    "protected": "Skyddade personuppgifter",
}

WHOLE_FILE: Final[Mapping[str, str]] = {
    "file_is_empty": "Filen är tom.",
    "file_is_too_large": "Filen är för stor. Dela den i flera, eller ta bort kolumner som inte behövs.",
    "header_is_missing": "Ingen rubrikrad går att känna igen. Skriv rubriker som Namn, Personnummer och Klass överst.",
    "has_entities": "Arbetsboken innehåller sådant som en lista inte behöver. Spara bladet på nytt som XLSX eller CSV.",
    "has_external_links": "Arbetsboken hämtar uppgifter från andra filer. Kopiera bladet till en ny arbetsbok.",
    "has_macros": "Arbetsboken innehåller makron. Spara den som XLSX utan makron, eller som CSV.",
    "no_rows": "Filen har en rubrikrad men inga elever under den.",
    "not_a_table": "Filen är ingen tabell, vad den än heter. Spara listan som XLSX eller CSV.",
    "not_a_workbook": "Arbetsboken är skadad eller i ett okänt format. Spara den på nytt som XLSX eller CSV.",
    "old_or_locked_workbook": "Arbetsboken är låst eller i ett gammalt format. Spara den som XLSX utan lösenord.",
    "one_column": "Filen har bara en kolumn. Den behöver minst namn och klass i var sin kolumn.",
    "quotes_do_not_match": "Ett citattecken börjar men slutar inte, så resten av filen går inte att läsa.",
    "several_sheets": "Arbetsboken har flera blad med innehåll. Spara ett blad med alla elever.",
    "too_many_columns": "Bladet är för brett. Kopiera bara kolumnerna som behövs till ett nytt blad.",
    "too_many_rows": f"För många rader. En fil kan ha {MOST_PUPILS // 1000} 000 elever, en skolas egen lista 5 000.",
    "unfolds_too_large": "Arbetsboken blir orimligt stor när den packas upp. Kopiera eleverna till en ny arbetsbok.",
}

CELLS: Final[Mapping[str, str]] = {
    "column_given_twice": "rubriken finns två gånger",
    "column_is_missing": "kolumnen finns inte i filen",
    "control_character": "det finns tecken som inte syns",
    "formula": "cellen börjar som en formel",
    "name_given_twice": "samma namn och klass som på rad {earlier}; ta bort den ena, eller skilj namnar åt med "
    "personnummer eller födelsedatum",
    "not_a_date": "skriv dagen som 2012-12-31, eller lämna cellen tom",
    "not_a_date_of_birth": "dagen finns inte eller ligger framåt i tiden",
    "not_a_name": "det här är inget namn",
    "not_a_number": "skriv numret med tolv siffror, bara födelsedatum, eller lämna cellen tom",
    "given_twice": "eleven står redan på rad {earlier}; ta bort den ena raden",
    "other_unit": "raden gäller en annan skolenhet",
    "too_many_cells": "raden har fler celler än rubrikraden",
    "unit_is_ambiguous": "flera skolenheter heter så; ta med skolenhetskoden",
    "unknown_unit": "kommunen har ingen sådan skolenhet",
    "value_is_missing": "cellen är tom",
    "value_is_too_long": "texten är för lång",
    "wrong_check_digit": "sista siffran stämmer inte med de andra",
    "wrong_encoding": "texten går inte att läsa; spara filen som XLSX eller som CSV med UTF-8",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where, and what to do."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Faults:
    """The first faults of a list, and how many more there are."""

    told: Sequence[Fault]
    rest: int
    what: str = "Filen"

    @property
    def at_least(self) -> str:
        """What stands before a number: so many faults that the rest of the list was not read."""
        return "minst " if len(self.told) + self.rest >= MOST_PROBLEMS else ""

    @property
    def summary(self) -> str:
        """What stands at the list, and in the error summary."""
        count = len(self.told) + self.rest
        if count == 1:
            return f"{self.what} har ett fel, så ingenting är inläst."
        return f"{self.what} har {self.at_least}{count} fel, så ingenting är inläst."


def tell_faults(problems: Sequence[Problem], words: Mapping[str, str] | None = None, what: str = "Filen") -> Faults:
    """Return the faults in words, row by row; `words` are those of another kind of list, before ours."""
    known = {**WHOLE_FILE, **CELLS, **(words or {})}
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.row)
    told = [_tell(problem, known) for problem in ordered[:MOST_TOLD]]
    return Faults(told, max(0, len(ordered) - MOST_TOLD), what)


def _tell(problem: Problem, known: Mapping[str, str]) -> Fault:
    words = known.get(problem.code, WHOLE_FILE["not_a_workbook"])
    column = COLUMNS.get(problem.column) or (f"Kolumn {problem.column}" if problem.column else "")
    return Fault(problem.row, column, words.format(earlier=problem.earlier))
