"""Narrowing the queue, searching it, and giving cases away."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.cases.forms.words import STATES
from app.cases.types import CaseState, QueueFilter, QueueTab, QueueTime
from app.web.forms import ChoicesField, Form, HiddenTextField, QueryForm, SelectField, TextField

TAB_WORDS = {
    QueueTab.TO_ASSESS: ("att-bedoma", "Att bedöma"),
    QueueTab.MINE: ("mina", "Mina"),
    QueueTab.WAITING: ("vantar", "Väntar på andra"),
    QueueTab.RETURNING: ("kommer-tillbaka", "Kommer tillbaka"),
    QueueTab.ALL: ("alla", "Alla"),
    QueueTab.CLOSED: ("avslutade", "Avslutade"),
}
TIME_WORDS = {QueueTime.LATE: "forsenade", QueueTime.TODAY: "i-dag", QueueTime.REVIEW: "folj-upp"}


def read_tab(word: str | None) -> QueueTab:
    """Return the tab of a word in the address; a word that is none leads to all."""
    return next((tab for tab, (known, _) in TAB_WORDS.items() if known == word), QueueTab.ALL)


_STATES = [(state, words) for state, words in STATES.items() if state is not CaseState.CLOSED]
_TIMES = [
    (TIME_WORDS[QueueTime.LATE], "Försenade"),
    (TIME_WORDS[QueueTime.TODAY], "Senare i dag"),
    (TIME_WORDS[QueueTime.REVIEW], "Ska följas upp"),
]


class ListCasesForm(QueryForm):
    """What narrows a tab down, as it stands in the address; the school units are set when the page is made."""

    skola = SelectField("Skola", blank="Alla skolor")
    lage = SelectField("Läge", _STATES, blank="Alla lägen")
    tid = SelectField("Tid", _TIMES, blank="Alla tider")

    def to_filter(self) -> QueueFilter:
        """Return what to narrow down to; what cannot be read narrows nothing."""
        time = next((time for time, word in TIME_WORDS.items() if word == self.tid.data), None)
        return QueueFilter(self.skola.data, self.lage.data, time)


class SearchCasesForm(Form):
    """A reference, an identity number or words of a name; or nothing of the kind, and what narrows the list down.

    It is posted, so that a name never stands in an address. A posted choice of list is answered with its address.
    """

    words = TextField("Sök på referens, namn eller personnummer", max_length=100)
    skola = SelectField("Skola", blank="Alla skolor")
    lage = SelectField("Läge", _STATES, blank="Alla lägen")
    tid = SelectField("Tid", _TIMES, blank="Alla tider")
    flik = HiddenTextField(max_length=40)


def address_of(form: ListCasesForm | SearchCasesForm) -> dict[str, Any]:
    """Return what narrows a list down as it stands in an address."""
    return {field.name: key for field in (form.skola, form.lage, form.tid) for key in sorted(field.chosen_keys)}


class AssignCasesForm(Form):
    """Some rows and who gets them; rows and coordinators are set when the page is made."""

    case_ids = ChoicesField("Ärenden", required="Välj minst ett ärende i listan.")
    assignee_id = SelectField("Ge till", required="Välj vem som ska ha ärendena.", blank="Välj person")

    def offer(self, case_ids: Sequence[tuple[UUID, str]], coordinators: Sequence[tuple[UUID, str]]) -> None:
        """Say which rows and people there are to choose."""
        self.case_ids.choices, self.assignee_id.choices = case_ids, coordinators
