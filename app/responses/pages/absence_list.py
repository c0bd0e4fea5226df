"""An absence list before it is confirmed: who stands on it, and who is on the unit's list already."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.identity_number import IdentityKind
from app.responses.models import AbsenceList
from app.responses.pages.answer import AnswerPage
from app.responses.types.absence_lists import AbsentPupils, is_same_pupil
from app.responses.types.answers import IdentityAnswers
from app.web.templating import masked, swedish_date


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
    is_pasted: bool
    unread: Sequence[str]
    """Columns that were not understood, by their letters."""
    lacks_protection: bool
    """Whether the list cannot say who is protected."""

    @property
    def new_count(self) -> int:
        """How many come on the list."""
        return sum(not row.is_listed for row in self.rows)

    @property
    def listed_count(self) -> int:
        """How many stand there already."""
        return len(self.rows) - self.new_count

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
    listed = [row.told.identity for row in answer.pupils if row.told.identity]
    rows = [_row(who, is_listed=any(is_same_pupil(who, each) for each in listed)) for who in absent.pupils]
    return AbsenceListPage(absence_list, rows, bool(absent.text), absent.unread, absent.lacks_protection)


def find_pasted(absence_list: AbsenceList | None) -> str:
    """Return the text that was pasted, to be corrected; empty when there is none."""
    return "" if absence_list is None else AbsentPupils.from_dict(absence_list.content).text


def _row(who: IdentityAnswers, *, is_listed: bool) -> AbsentRow:
    born = f"född {swedish_date(who.birth_date)}" if who.birth_date else ""
    number = masked(who.number) if who.number and who.kind is not IdentityKind.NONE else born
    school_class = who.school_class or (f"årskurs {who.grade}" if who.grade else "")
    return AbsentRow(who.name, number, school_class, is_listed)
