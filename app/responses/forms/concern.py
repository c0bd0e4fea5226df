"""Pages h and j: the judgement and what it rests on, and own words."""

from dataclasses import asdict
from typing import Any

from wtforms import FormField

from app.responses.forms.absence import long_ago
from app.responses.forms.choices import choices_of
from app.responses.forms.rows import MOST_ROWS, RowForm, RowsForm
from app.responses.types import (
    AnyYesNo,
    Concern,
    ConcernAnswers,
    ObservedSign,
    OwnWordsAnswers,
    ReportMade,
    Sign,
)
from app.web.forms import ChoiceField, DayField, Form, LongTextField, RowsField, SelectField, TextField, VersionField


class ObservedSignForm(RowForm):
    """One thing that somebody has seen or heard."""

    sign = SelectField("Vad har någon sett eller hört?", choices=choices_of(Sign))
    text = TextField("Med några ord", max_length=500, hint="Vad eleven gjorde eller sade, så ordagrant ni kan.")
    on = DayField("När?", not_in_future=True, earliest=long_ago, hint="Ungefär räcker. Lämna tomt om ni inte vet.")
    seen_by = TextField("Vem såg eller hörde det?", max_length=120, hint="Lämna tomt om ni inte vet.")

    def is_enough(self) -> bool:
        """A sign is something seen or heard; the day and the witness may be unknown."""
        sign = self.need(self.sign, "Välj vad någon har sett eller hört.")
        text = self.sign.data is not Sign.OTHER or self.need(self.text, "Skriv vad någon har sett eller hört.")
        return sign and text


class ConcernForm(RowsForm):
    """Page h. Nothing is added up: the judgement is a person's."""

    concern = ChoiceField(
        "Är ni oroliga för att eleven har förts bort?",
        choices=choices_of(Concern),
        hint="Er egen bedömning. Väljer ni misstänkt eller bekräftat får samordnaren veta det direkt.",
        required="Välj hur ni bedömer det, eller ”Oklart, vi vet inte”.",
    )
    rows = RowsField(FormField(ObservedSignForm), max_entries=MOST_ROWS)
    earlier_concern = ChoiceField(
        "Har skolan varit orolig för eleven tidigare?",
        choices=choices_of(AnyYesNo),
        required="Välj om skolan varit orolig tidigare, eller ”Vet inte”.",
    )
    earlier_text = TextField(
        "När, och vad gällde det?", max_length=500, hint="Att en anmälan gjorts och när, inte vad som stod i den."
    )
    report = ChoiceField("Är orosanmälan gjord?", choices=choices_of(ReportMade))
    reported_on = DayField("Vilken dag?", not_in_future=True, earliest=long_ago)
    reported_to = TextField("Till vilken nämnd eller kommun?", max_length=120)
    registration_number = TextField("Diarienummer, om ni har fått ett", max_length=60)
    not_reported_because = TextField(
        "Varför inte?", max_length=500, hint="Den som misstänker att ett barn far illa ska anmäla genast."
    )
    version = VersionField()

    @staticmethod
    def data_of(values: ConcernAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {
            "concern": values.concern,
            "rows": [asdict(sign) for sign in values.signs[:MOST_ROWS]],
            "earlier_concern": values.earlier_concern,
            "earlier_text": values.earlier_text,
            "report": values.report,
            "reported_on": values.reported_on,
            "reported_to": values.reported_to,
            "registration_number": values.registration_number,
            "not_reported_because": values.not_reported_because,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever is worried says whether it was reported, and if not, why."""
        valid: bool = super().validate(extra_validators)
        if self.concern.data in (None, Concern.NONE):
            return valid
        valid = self.need(self.report, "Välj om orosanmälan är gjord.") and valid
        if self.report.data is ReportMade.NOT_MADE:
            valid = self.need(self.not_reported_because, "Skriv varför ingen anmälan är gjord.") and valid
        return valid

    def to_values(self, _before: ConcernAnswers | None) -> ConcernAnswers:
        """Return the answer of a form that holds, without what an answer above it made beside the point."""
        made, not_made = self.report.data is ReportMade.MADE, self.report.data is ReportMade.NOT_MADE
        return ConcernAnswers(
            concern=self.concern.data,
            signs=tuple(ObservedSign(**row.data) for row in self.filled_rows()),
            earlier_concern=self.earlier_concern.data,
            earlier_text=self.earlier_text.data if self.earlier_concern.data is AnyYesNo.YES else "",
            report=self.report.data,
            reported_on=self.reported_on.data if made else None,
            reported_to=self.reported_to.data if made else "",
            registration_number=self.registration_number.data if made else "",
            not_reported_because=self.not_reported_because.data if not_made else "",
        )


class OwnWordsForm(Form):
    """Page j."""

    text = LongTextField(
        "Vad har ni sett och hört?",
        max_length=4000,
        hint="Skriv det ni sett och hört, inte slutsatser. Får lämnas tomt.",
    )
    version = VersionField()

    @staticmethod
    def data_of(values: OwnWordsAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {"text": values.text}

    def to_values(self, _before: OwnWordsAnswers | None) -> OwnWordsAnswers:
        """Return the answer of a form that holds."""
        return OwnWordsAnswers(text=self.text.data)
