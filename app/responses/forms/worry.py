"""What is asked before a break alone: what somebody has seen, what the child has said, and a journey."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from wtforms import FormField

from app.kernel import clock
from app.responses.forms.absence import long_ago
from app.responses.forms.choices import choices_of
from app.responses.forms.concern import ObservedSignForm
from app.responses.forms.rows import MOST_ROWS, RowsForm
from app.responses.types import AnyYesNo, ObservedAnswers, ObservedSign, SaidAnswers, TravelAnswers
from app.web.forms import ChoiceField, DayField, Form, LongTextField, RowsField, TextField, VersionField

_YEARS_AHEAD: Final = 2


def journeys_end() -> date:
    """Return the latest day of a journey that is not a slip of the pen."""
    return clock.today() + timedelta(days=366 * _YEARS_AHEAD)


class ObservedForm(RowsForm):
    """What was done and said, with a day and a witness if known. Nothing is added up: the judgement is a person's."""

    rows = RowsField(FormField(ObservedSignForm), max_entries=MOST_ROWS)
    suspects = ChoiceField(
        "Misstänker ni att eleven ska föras bort, giftas bort eller könsstympas?",
        choices=choices_of(AnyYesNo),
        hint="Er egen bedömning. Svarar ni ja får samordnaren veta det direkt.",
        required="Välj hur ni bedömer det, eller ”Vet inte”.",
    )
    version = VersionField()

    @staticmethod
    def data_of(values: ObservedAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {"rows": [asdict(sign) for sign in values.signs[:MOST_ROWS]], "suspects": values.suspects}

    def to_values(self, _before: ObservedAnswers | None) -> ObservedAnswers:
        """Return the answer of a form that holds."""
        signs = tuple(ObservedSign(**row.data) for row in self.filled_rows())
        return ObservedAnswers(suspects=self.suspects.data, signs=signs)


class SaidForm(Form):
    """The child's own words, and who heard them."""

    quote = LongTextField(
        "Vad har eleven sagt?",
        max_length=4000,
        hint="Så ordagrant ni kan, som ett citat. Får lämnas tomt. Fråga inte ut eleven.",
    )
    said_to = TextField("Till vem sade eleven det?", max_length=120, hint="Skriv ”vet inte” om ni inte vet.")
    on = DayField("När?", not_in_future=True, earliest=long_ago, hint="Ungefär räcker.")
    version = VersionField()

    @staticmethod
    def data_of(values: SaidAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return asdict(values)

    def validate(self, extra_validators: Any = None) -> bool:
        """A quotation has somebody who heard it."""
        valid: bool = super().validate(extra_validators)
        if self.quote.data:
            valid = self.need(self.said_to, "Skriv vem som hörde det, eller ”vet inte”.") and valid
        return valid

    def to_values(self, _before: SaidAnswers | None) -> SaidAnswers:
        """Return the answer of a form that holds; without words there is nothing to have heard."""
        if not self.quote.data:
            return SaidAnswers()
        return SaidAnswers(quote=self.quote.data, said_to=self.said_to.data, on=self.on.data)


class TravelForm(Form):
    """What is known of a journey. The school asks nobody at home to find out."""

    known = ChoiceField(
        "Känner ni till en planerad resa?",
        choices=choices_of(AnyYesNo),
        hint="Fråga inte hem för att få veta.",
        required="Välj om ni känner till en resa, eller ”Vet inte”.",
    )
    where = TextField("Vart?", max_length=120, hint="Land, och ort om ni vet.")
    leaves_on = DayField("Vilken dag reser eleven?", earliest=long_ago, latest=journeys_end, hint="Om ni vet.")
    back_on = DayField("Vilken dag väntas eleven hem?", earliest=long_ago, latest=journeys_end, hint="Om ni vet.")
    with_whom = TextField("Med vem?", max_length=120)
    told_by = TextField("Vem har berättat om resan?", max_length=120)
    version = VersionField()

    @staticmethod
    def data_of(values: TravelAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return asdict(values)

    def to_values(self, _before: TravelAnswers | None) -> TravelAnswers:
        """Return the answer of a form that holds, without details of a journey that is not known."""
        if self.known.data is not AnyYesNo.YES:
            return TravelAnswers(known=self.known.data)
        return TravelAnswers(
            known=AnyYesNo.YES,
            where=self.where.data,
            leaves_on=self.leaves_on.data,
            back_on=self.back_on.data,
            with_whom=self.with_whom.data,
            told_by=self.told_by.data,
        )
