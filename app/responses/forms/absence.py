"""Pages c, d and e: when the pupil was last there, what is said about where, and leave."""

from datetime import date, timedelta
from typing import Any, Final

from app.kernel import clock
from app.responses.forms.choices import choices_of
from app.responses.types import (
    AbsenceStart,
    DayPrecision,
    Evidence,
    Explanation,
    LastSeenAnswers,
    LeaveAnswers,
    LeaveStatus,
    Place,
    Source,
    WhereaboutsAnswers,
)
from app.web.forms import ChoiceField, ChoicesField, DayField, Form, LongTextField, SelectField, TextField, VersionField

YEARS_BACK: Final = 3
YEARS_AHEAD: Final = 3


def long_ago() -> date:
    """Return the earliest day that is not a slip of the pen."""
    return clock.today() - timedelta(days=366 * YEARS_BACK)


def far_ahead() -> date:
    """Return the latest day that is not a slip of the pen."""
    return clock.today() + timedelta(days=366 * YEARS_AHEAD)


class LastSeenForm(Form):
    """Page c."""

    precision = ChoiceField(
        "Hur säkra är ni på dagen?",
        choices=choices_of(DayPrecision),
        required="Välj hur säkra ni är på dagen, eller ”Vet inte”.",
    )
    last_present_on = DayField(
        "Vilken dag var eleven senast i skolan?",
        not_in_future=True,
        earliest=long_ago,
        hint="Till exempel 10 6 2026. Titta i närvaron.",
    )
    absence_start = ChoiceField(
        "När började eleven saknas?",
        choices=choices_of(AbsenceStart),
        required="Välj när eleven började saknas, eller ”Vet inte”.",
    )
    version = VersionField()

    @staticmethod
    def data_of(values: LastSeenAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {
            "precision": values.precision,
            "last_present_on": values.last_present_on,
            "absence_start": values.absence_start,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """A day is needed unless nobody knows it."""
        valid: bool = super().validate(extra_validators)
        if self.precision.data in (DayPrecision.EXACT, DayPrecision.APPROXIMATE):
            valid = self.need(self.last_present_on, "Skriv dagen, eller välj ”Vet inte”.") and valid
        return valid

    def to_values(self, _before: LastSeenAnswers | None) -> LastSeenAnswers:
        """Return the answer of a form that holds."""
        is_unknown = self.precision.data is DayPrecision.UNKNOWN
        return LastSeenAnswers(
            precision=self.precision.data,
            last_present_on=None if is_unknown else self.last_present_on.data,
            absence_start=self.absence_start.data,
        )


class WhereaboutsForm(Form):
    """Page d: claim, source and evidence as three questions, because a claim is not a fact."""

    place = ChoiceField(
        "Var sägs eleven vara?",
        choices=choices_of(Place),
        required="Välj var eleven sägs vara, eller ”Vet inte”.",
    )
    country = TextField("Land, och ort om ni vet", max_length=120, hint="Skriv ”vet inte” om landet är okänt.")
    explanation = SelectField(
        "Vilken förklaring har ni fått?",
        choices=choices_of(Explanation),
        required="Välj förklaring, eller ”Vet inte”.",
    )
    explanation_text = LongTextField(
        "Vad har sagts, med några ord?", max_length=500, hint="Så nära det som sades som möjligt. Får lämnas tomt."
    )
    source = ChoiceField(
        "Vem har sagt det?", choices=choices_of(Source), required="Välj vem som har sagt det, eller ”Vet inte”."
    )
    said_on = DayField(
        "När sades det?",
        not_in_future=True,
        earliest=long_ago,
        hint="Till exempel 10 6 2026. Ungefär räcker. Lämna tomt om ni inte vet.",
        name_in_errors="Dagen för uppgiften",
    )
    evidence = ChoicesField(
        "Vad har någon på skolan sett?",
        choices=choices_of(Evidence),
        exclusive=(Evidence.NOTHING, Evidence.UNKNOWN),
        hint="Välj allt som stämmer.",
        required="Välj vad någon på skolan har sett, ”Inget, vi har bara hört det” eller ”Vet inte”.",
    )
    evidence_text = TextField("Vad har ni sett?", max_length=500)
    version = VersionField()

    @staticmethod
    def data_of(values: WhereaboutsAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {
            "place": values.place,
            "country": values.country,
            "explanation": values.explanation,
            "explanation_text": values.explanation_text,
            "source": values.source,
            "said_on": values.said_on,
            "evidence": values.evidence,
            "evidence_text": values.evidence_text,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what an answer leads to."""
        valid: bool = super().validate(extra_validators)
        if self.place.data is Place.ABROAD:
            valid = self.need(self.country, "Skriv land, eller ”vet inte”.") and valid
        if self.explanation.data is Explanation.OTHER:
            valid = self.need(self.explanation_text, "Skriv vilken förklaring ni har fått.") and valid
        if Evidence.OTHER in self.evidence.data:
            valid = self.need(self.evidence_text, "Skriv vad ni har sett.") and valid
        return valid

    def to_values(self, _before: WhereaboutsAnswers | None) -> WhereaboutsAnswers:
        """Return the answer of a form that holds."""
        return WhereaboutsAnswers(
            place=self.place.data,
            country=self.country.data if self.place.data is Place.ABROAD else "",
            explanation=self.explanation.data,
            explanation_text=self.explanation_text.data,
            source=self.source.data,
            said_on=self.said_on.data,
            evidence=self.evidence.data,
            evidence_text=self.evidence_text.data if Evidence.OTHER in self.evidence.data else "",
        )


class LeaveForm(Form):
    """Page e."""

    status = ChoiceField(
        "Är ledighet från skolan sökt?",
        choices=choices_of(LeaveStatus),
        required="Välj vad som gäller för ledighet, eller ”Vet inte”.",
    )
    granted_until = DayField(
        "Till och med vilken dag är ledigheten beviljad?", earliest=long_ago, latest=far_ahead, name_in_errors="Dagen"
    )
    expected_return_on = DayField(
        "Vilken dag väntas eleven tillbaka?",
        earliest=long_ago,
        latest=far_ahead,
        hint="Lämna tomt om ni inte vet.",
    )
    version = VersionField()

    @staticmethod
    def data_of(values: LeaveAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {
            "status": values.status,
            "granted_until": values.granted_until,
            "expected_return_on": values.expected_return_on,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Granted leave has a last day."""
        valid: bool = super().validate(extra_validators)
        if self.status.data is LeaveStatus.GRANTED:
            valid = self.need(self.granted_until, "Skriv den sista dagen som är beviljad.") and valid
        return valid

    def to_values(self, _before: LeaveAnswers | None) -> LeaveAnswers:
        """Return the answer of a form that holds."""
        is_granted = self.status.data is LeaveStatus.GRANTED
        return LeaveAnswers(
            status=self.status.data,
            granted_until=self.granted_until.data if is_granted else None,
            expected_return_on=self.expected_return_on.data,
        )
