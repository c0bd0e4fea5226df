"""An absence list before it is confirmed: who stands on it, and who is on the unit's list already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.csv_files import Problem
from app.kernel.identity_number import IdentityKind
from app.responses.forms.identity import OLDEST_PUPIL
from app.responses.models import AbsenceList
from app.responses.pages.answer import AnswerPage
from app.responses.types.absence_lists import MOST_ABSENT, AbsentPupils, KnownPupils
from app.responses.types.page_answers import IdentityAnswers
from app.rosters.pages.faults import COLUMNS, Faults, tell_faults
from app.web.templating import masked, swedish_date

_WORDS: Final[Mapping[str, str]] = {
    "file_is_empty": "Listan är tom. Ta med en rad för varje elev.",
    "file_is_too_large": "Listan är för stor. Ta bara med elever som saknas, inte hela skolan.",
    "header_is_missing": "Det går inte att se vad kolumnerna innehåller. Ta med rubrikraden, till exempel Namn, "
    "Personnummer och Klass.",
    "name_is_missing": "Det finns ingen kolumn med elevernas namn. Skriv rubriken Namn över den.",
    "no_rows": "Listan har en rubrikrad men inga elever under den.",
    "several_sheets": "Arbetsboken har flera blad med innehåll. Spara bladet med eleverna för sig.",
    "too_many_rows": f"För många rader. Ta bara med elever som saknas, högst {MOST_ABSENT}, inte hela skolan.",
    "too_old": f"numret gäller någon som är äldre än {OLDEST_PUPIL} år",
    "value_is_missing": "elevens namn saknas",
}
"""What is wrong with an absence list, where that is not the same as with a class list."""


@dataclass(frozen=True, slots=True)
class AbsentRow:
    """A row of the list, as it was understood."""

    name: str
    number: str
    """Masked, or the day of birth, or nothing."""
    school_class: str
    is_listed: bool
    """Whether the pupil stands on the unit's list already, so that the row adds nobody."""


@dataclass(frozen=True, slots=True)
class AbsenceListPage:
    """What is about to be put on the unit's list."""

    absence_list: AbsenceList
    rows: Sequence[AbsentRow]
    absent: AbsentPupils

    @property
    def new_count(self) -> int:
        """How many come on the list."""
        return sum(not row.is_listed for row in self.rows)

    @property
    def listed_count(self) -> int:
        """How many stand there already."""
        return len(self.rows) - self.new_count

    @property
    def columns(self) -> Sequence[tuple[str, str]]:
        """The columns that were read: their letters, and what they hold."""
        return [(column.letters, COLUMNS.get(column.name, column.name)) for column in self.absent.read]

    @property
    def protected_count(self) -> int:
        """Rows of pupils with protected personal data, who are only counted."""
        return self.absence_list.protected_count

    @property
    def adds_anybody(self) -> bool:
        """Whether confirming changes anything."""
        return bool(self.new_count or self.protected_count)

    @property
    def button(self) -> str:
        """What the button does."""
        if not self.new_count:
            return "Räkna de skyddade eleverna"
        return f"Lägg in {self.new_count} {'elev' if self.new_count == 1 else 'elever'}"


def make_absence_list_page(answer: AnswerPage, absence_list: AbsenceList) -> AbsenceListPage:
    """Return the page that shows an absence list."""
    absent = AbsentPupils.from_dict(absence_list.content)
    listed = KnownPupils((row.told.identity, row.place) for row in answer.pupils if row.told.identity)
    rows = [_row(who, is_listed=bool(listed.list_same(who))) for who in absent.pupils]
    return AbsenceListPage(absence_list, rows, absent)


def tell_list_faults(problems: Sequence[Problem]) -> Faults | None:
    """Return in words what is wrong with a list; None when nothing is."""
    return tell_faults(problems, _WORDS, "Listan") if problems else None


def find_pasted(absence_list: AbsenceList | None) -> str:
    """Return the text that was pasted, to be corrected; empty when there is none."""
    return "" if absence_list is None else AbsentPupils.from_dict(absence_list.content).text


def _row(who: IdentityAnswers, *, is_listed: bool) -> AbsentRow:
    born = f"född {swedish_date(who.birth_date)}" if who.birth_date else ""
    number = masked(who.number) if who.number and who.kind is not IdentityKind.NONE else born
    school_class = who.school_class or (f"årskurs {who.grade}" if who.grade else "")
    return AbsentRow(who.name, number, school_class, is_listed)
