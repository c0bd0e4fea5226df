"""Pages f, g and i: who was reached, siblings, and whether guardians may be contacted."""

from dataclasses import asdict
from typing import Any

from wtforms import FormField

from app.cases.types import ContactSafety
from app.responses.forms.absence import long_ago
from app.responses.forms.choices import choices_of
from app.responses.forms.rows import MOST_ROWS, RowForm, RowsForm
from app.responses.types import (
    AnyYesNo,
    ContactAttempt,
    ContactsAnswers,
    ContactWay,
    GuardiansAnswers,
    Sibling,
    SiblingPlace,
    SiblingsAnswers,
    SpokenWithChild,
)
from app.web.forms import ChoiceField, DayField, Form, RowsField, SelectField, TextField, VersionField


class ContactAttemptForm(RowForm):
    """One attempt."""

    on = DayField("När?", not_in_future=True, earliest=long_ago)
    way = SelectField("Hur", choices=choices_of(ContactWay))
    with_whom = TextField("Vem försökte ni nå?", max_length=120)
    result = TextField("Vad blev resultatet?", max_length=300)
    made_by = TextField("Vem försökte?", max_length=120, hint="Namn eller uppgift, till exempel klassläraren.")

    def is_enough(self) -> bool:
        """A day and a way tell that something was tried."""
        day = self.need(self.on, "Skriv vilken dag det var. Ungefär räcker.")
        return self.need(self.way, "Välj hur ni försökte.") and day


class ContactsForm(RowsForm):
    """Page f."""

    rows = RowsField(FormField(ContactAttemptForm), max_entries=MOST_ROWS)
    spoken_with_child = ChoiceField(
        "Har skolan talat med eleven själv?",
        choices=choices_of(SpokenWithChild),
        hint="Den som talar för eleven är inte eleven.",
        required="Välj om skolan har talat med eleven själv, eller ”Vet inte”.",
    )
    spoken_on = DayField(
        "När talade ni med eleven?",
        not_in_future=True,
        earliest=long_ago,
        hint="Lämna tomt om ni inte har talat med eleven.",
    )
    version = VersionField()

    @staticmethod
    def data_of(values: ContactsAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {
            "rows": [asdict(attempt) for attempt in values.attempts[:MOST_ROWS]],
            "spoken_with_child": values.spoken_with_child,
            "spoken_on": values.spoken_on,
        }

    def to_values(self, _before: ContactsAnswers | None) -> ContactsAnswers:
        """Return the answer of a form that holds."""
        has_spoken = self.spoken_with_child.data in (SpokenWithChild.ALONE, SpokenWithChild.WITH_OTHERS)
        return ContactsAnswers(
            attempts=tuple(ContactAttempt(**row.data) for row in self.filled_rows()),
            spoken_with_child=self.spoken_with_child.data,
            spoken_on=self.spoken_on.data if has_spoken else None,
        )


class SiblingForm(RowForm):
    """One sibling."""

    name = TextField("Namn, om ni vet", max_length=120)
    age = TextField("Ålder eller årskurs", max_length=40)
    place = SelectField("Var går syskonet?", choices=choices_of(SiblingPlace))
    place_text = TextField("Vilken skola eller förskola?", max_length=120)
    is_missing = SelectField("Saknas syskonet också?", choices=choices_of(AnyYesNo))


class SiblingsForm(RowsForm):
    """Page g."""

    known = ChoiceField(
        "Har eleven syskon?",
        choices=choices_of(AnyYesNo),
        hint="Syskon försvinner ofta samtidigt, från olika skolor. Kommunens samordnare jämför.",
        required="Välj om eleven har syskon, eller ”Vet inte”.",
    )
    rows = RowsField(FormField(SiblingForm), max_entries=MOST_ROWS)
    version = VersionField()

    @staticmethod
    def data_of(values: SiblingsAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {"known": values.known, "rows": [asdict(sibling) for sibling in values.siblings[:MOST_ROWS]]}

    def to_values(self, _before: SiblingsAnswers | None) -> SiblingsAnswers:
        """Return the answer of a form that holds. Siblings that were described exist, whatever was chosen above."""
        siblings = tuple(_sibling(row.data) for row in self.filled_rows())
        return SiblingsAnswers(known=AnyYesNo.YES if siblings else self.known.data, siblings=siblings)


def _sibling(typed: dict[str, Any]) -> Sibling:
    return Sibling(
        **typed
        | {"place": typed["place"] or SiblingPlace.UNKNOWN, "is_missing": typed["is_missing"] or AnyYesNo.UNKNOWN}
    )


class GuardiansForm(Form):
    """Page i."""

    contact = ChoiceField(
        "Får vårdnadshavarna kontaktas?",
        choices=[
            (ContactSafety.MAY, "Ja"),
            (ContactSafety.MAY_NOT, "Nej"),
            (ContactSafety.RAISES_RISK, "Nej, det kan öka risken för eleven"),
            (ContactSafety.UNKNOWN, "Vet inte"),
        ],
        hint="Svaret står överst i ärendet, så att ingen ringer hem av misstag.",
        required="Välj om vårdnadshavarna får kontaktas, eller ”Vet inte”.",
    )
    because = TextField("Varför? (får lämnas tomt)", max_length=500)
    version = VersionField()

    @staticmethod
    def data_of(values: GuardiansAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return asdict(values)

    def to_values(self, _before: GuardiansAnswers | None) -> GuardiansAnswers:
        """Return the answer of a form that holds."""
        return GuardiansAnswers(contact=self.contact.data, because=self.because.data)
