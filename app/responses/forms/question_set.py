"""How a question page is asked: the form that changes it, and a question form made to ask that way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import wtforms

from app.responses.documents import words
from app.responses.forms.absence import LastSeenForm, LeaveForm, WhereaboutsForm
from app.responses.forms.concern import ConcernForm, OwnWordsForm
from app.responses.forms.family import ContactsForm, GuardiansForm, SiblingsForm
from app.responses.forms.identity import IdentityForm
from app.responses.forms.urgent import UrgentForm
from app.responses.forms.worry import ObservedForm, SaidForm, TravelForm
from app.responses.types import AdoptQuestions, PupilPage, QuestionSet
from app.responses.types.question_set import (
    LISTS,
    LONGEST_HINT,
    OPTIONAL_FIELDS,
    OPTIONAL_PAGES,
    list_retirable,
)
from app.web.forms import CheckField, ChoiceField, ChoicesField, Field, Form, LongTextField, VersionField

FORMS: Final[Mapping[PupilPage, type[Form]]] = {
    PupilPage.URGENT: UrgentForm,
    PupilPage.IDENTITY: IdentityForm,
    PupilPage.LAST_SEEN: LastSeenForm,
    PupilPage.WHEREABOUTS: WhereaboutsForm,
    PupilPage.LEAVE: LeaveForm,
    PupilPage.CONTACTS: ContactsForm,
    PupilPage.SIBLINGS: SiblingsForm,
    PupilPage.CONCERN: ConcernForm,
    PupilPage.GUARDIANS: GuardiansForm,
    PupilPage.OWN_WORDS: OwnWordsForm,
    PupilPage.OBSERVED: ObservedForm,
    PupilPage.SAID: SaidForm,
    PupilPage.TRAVEL: TravelForm,
}
LIST_WORDS: Final = {
    "AbsenceStart": "När eleven började saknas",
    "ContactWay": "Sätt att nå någon",
    "Evidence": "Det någon har sett",
    "Explanation": "Förklaringar",
    "Sign": "Tecken att ha sett eller hört",
    "Source": "De som kan ha sagt det",
}


@dataclass(frozen=True, slots=True)
class Single:
    """A single question of a page: its field, its words and its help text as it comes with the product."""

    name: str
    label: str
    hint: str


def list_singles(page: PupilPage) -> list[Single]:
    """Return the single questions of a page that have a help text or may be left out."""
    form = FORMS[page](formdata=None)
    optional = OPTIONAL_FIELDS.get(page, ())
    return [
        Single(name, field.label.text, field.description)
        for name, field in form._fields.items()
        if isinstance(field, Field) and not field.is_hidden and (field.description or name in optional)
    ]


def apply(form: Form, page: PupilPage, question_set: QuestionSet) -> None:
    """Make a question form ask as the municipality does. An option once chosen stays, retired or not."""
    for name, field in form._fields.items():
        if text := question_set.hints.get(f"{page.value}.{name}"):
            field.description = text
        if not question_set.asks_field(page, name):
            field.leave_out()
        for control in _controls(field):
            _offer(control, question_set)


def _controls(field: wtforms.Field) -> Iterator[wtforms.Field]:
    if isinstance(field, wtforms.FieldList):
        for entry in field.entries:
            yield from _controls(entry)
    elif isinstance(field, wtforms.FormField):
        yield from field.form
    else:
        yield field


def _offer(field: wtforms.Field, question_set: QuestionSet) -> None:
    if not isinstance(field, ChoiceField | ChoicesField):
        return
    known = field.object_data if isinstance(field, ChoicesField) else (field.object_data,)
    kept = [choice for choice in field.choices if question_set.offers(choice[0]) or choice[0] in (known or ())]
    if len(kept) < len(field.choices):
        field.choices = kept


class EditQuestionForm(Form):
    """What every such form has; the rest depends on the page, see `make_edit_form`."""

    page: PupilPage

    def to_command(self) -> AdoptQuestions:
        """Return the change of a form that holds."""
        optional = OPTIONAL_FIELDS.get(self.page, ())
        return AdoptQuestions(
            page=self.page,
            is_asked="is_asked" not in self or bool(self["is_asked"].data),
            fields_off=frozenset(name for name in optional if not self[f"asks_{name}"].data),
            hints={single.name: self._hint(single) for single in list_singles(self.page)},
            retired={
                kind.__name__: frozenset(member.value for member in list_retirable(kind))
                - {member.value for member in self[_offers(kind)].data}
                for kind in LISTS.get(self.page, ())
            },
            number=self["version"].data or 0,
        )

    def _hint(self, single: Single) -> str:
        """A help text as it comes with the product is no text of one's own, and follows the product."""
        text = str(self[f"hint_{single.name}"].data)
        return "" if text == single.hint else text


def make_edit_form(page: PupilPage, question_set: QuestionSet, number: int) -> EditQuestionForm:
    """Return the form that changes how a page is asked, filled in with how it is."""
    fields: dict[str, Any] = {"version": VersionField(), "page": page}
    known: dict[str, Any] = {"version": number}
    if page in OPTIONAL_PAGES:
        fields["is_asked"] = CheckField("Ställ frågan", hint="Kryssa ur för att hoppa över hela frågan.")
        known["is_asked"] = page not in question_set.pages_off
    for single in list_singles(page):
        if single.name in OPTIONAL_FIELDS.get(page, ()):
            fields[f"asks_{single.name}"] = CheckField(f"Fråga ”{single.label}”")
            known[f"asks_{single.name}"] = question_set.asks_field(page, single.name)
        fields[f"hint_{single.name}"] = LongTextField(f"Hjälptext till ”{single.label}”", max_length=LONGEST_HINT)
        known[f"hint_{single.name}"] = question_set.hints.get(f"{page.value}.{single.name}", single.hint)
    for kind in LISTS.get(page, ()):
        members = list_retirable(kind)
        fields[_offers(kind)] = ChoicesField(
            LIST_WORDS[kind.__name__],
            choices=[(member, words(kind)[member.value]) for member in members],
            hint="Det som inte är kryssat går inte att välja i nya svar. Svar som har det visas som förut.",
        )
        known[_offers(kind)] = [member for member in members if question_set.offers(member)]
    return type("EditQuestionPageForm", (EditQuestionForm,), fields)(data=known)  # type: ignore[no-any-return]


def _offers(kind: type[StrEnum]) -> str:
    return f"offers_{kind.__name__.lower()}"
