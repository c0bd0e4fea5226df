"""Page b: who the pupil is. Nothing of it is kept when personal data are, or may be, protected."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.kernel import clock
from app.kernel.identity_number import IdentityKind, InvalidNumber, NumberProblem, parse_number
from app.responses.forms.choices import choices_of
from app.responses.types import IdentityAnswers, ProtectedIdentity, SchoolForm
from app.web.forms import ChoiceField, DayField, Form, SelectField, TextField, VersionField

OLDEST_PUPIL: Final = 30
"""Years. A number of somebody older is mistyped, or a guardian's."""

UNKNOWN_MUNICIPALITY: Final = "unknown"

_MESSAGES: Final = {
    NumberProblem.SHAPE: "Skriv numret med tolv siffror, till exempel 20121212-1212.",
    NumberProblem.DATE: "Numret börjar med en dag som inte finns eller som inte har varit. "
    "Kontrollera de första åtta siffrorna.",
    NumberProblem.CHECK_DIGIT: "Sista siffran stämmer inte med de andra. Kontrollera numret siffra för siffra.",
    NumberProblem.IS_COORDINATION_NUMBER: "Det här är ett samordningsnummer. Välj ”Samordningsnummer” i stället.",
    NumberProblem.IS_PERSONAL_IDENTITY_NUMBER: "Det här är ett personnummer. Välj ”Personnummer” i stället.",
}
_TEMPORARY_SHAPE: Final = "Skriv TF-numret med åtta siffror och TF och två siffror, till exempel 20121212-TF01."


def _birth_floor() -> date:
    return date(clock.today().year - OLDEST_PUPIL, 1, 1)


class IdentityForm(Form):
    """Protection is asked first: once a name is typed it is too late to ask."""

    is_protected = ChoiceField(
        "Har eleven skyddade personuppgifter?",
        choices=choices_of(ProtectedIdentity),
        hint="Sekretessmarkering, skyddad folkbokföring eller fingerade personuppgifter. "
        "Då skriver ni ingenting om eleven här.",
        required="Välj om eleven har skyddade personuppgifter, eller ”Vet inte”.",
    )
    kind = ChoiceField("Vilket nummer har eleven?", choices=choices_of(IdentityKind))
    personal = TextField("Personnummer", max_length=40, hint="Till exempel 20121212-1212.")
    coordination = TextField(
        "Samordningsnummer", max_length=40, hint="Som ett personnummer, men 60 är lagt till dagen."
    )
    temporary = TextField("TF-nummer", max_length=40, hint="Till exempel 20121212-TF01.")
    birth_date = DayField(
        "Födelsedag",
        not_in_future=True,
        earliest=_birth_floor,
        hint="Lämna tomt om ni inte vet.",
        name_in_errors="Födelsedagen",
    )
    name = TextField("Elevens namn", max_length=120, hint="Förnamn och efternamn.")
    school_form = SelectField("Skolform", choices=choices_of(SchoolForm))
    grade = TextField("Årskurs", max_length=20, hint="Till exempel 5. Lämna tomt om ni inte vet.")
    school_class = TextField("Klass", max_length=20, hint="Till exempel 5 B. Lämna tomt om ni inte vet.")
    home_municipality = SelectField(
        "Elevens hemkommun",
        choices=[],
        hint="Där eleven är folkbokförd. En orosanmälan går till den kommunens socialnämnd.",
    )
    version = VersionField()

    def offer(self, municipalities: Sequence[tuple[str, str]]) -> None:
        """Let these (code, name) be what the home municipality is chosen among."""
        self.home_municipality.choices = [(UNKNOWN_MUNICIPALITY, "Vet inte"), *municipalities]

    @staticmethod
    def data_of(values: IdentityAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        number = values.number or ""
        return {
            "is_protected": ProtectedIdentity.NO if values.is_confirmed else None,
            "kind": values.kind,
            values.kind.value: f"{number[:8]}-{number[8:]}" if number else "",
            "birth_date": values.birth_date if values.kind is IdentityKind.NONE else None,
            "name": values.name,
            "school_form": values.school_form,
            "grade": values.grade,
            "school_class": values.school_class,
            "home_municipality": values.home_municipality_code or UNKNOWN_MUNICIPALITY,
        }

    @property
    def stops(self) -> bool:
        """Whether personal data are or may be protected, so that nothing else of the form may be used."""
        return self.is_protected.data in (ProtectedIdentity.YES, ProtectedIdentity.UNKNOWN)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the rest only when the pupil's personal data are not protected."""
        valid: bool = super().validate(extra_validators)
        if self.stops:
            return True
        valid = self.need(self.name, "Skriv elevens namn.") and valid
        valid = self.need(self.kind, "Välj vilket nummer eleven har, eller ”Inget nummer, eller okänt”.") and valid
        valid = self.need(self.school_form, "Välj skolform, eller ”Vet inte”.") and valid
        valid = self.need(self.home_municipality, "Välj hemkommun, eller ”Vet inte”.") and valid
        return self._check_number() and valid

    def _number_field(self) -> TextField | None:
        fields = {
            IdentityKind.PERSONAL: self.personal,
            IdentityKind.COORDINATION: self.coordination,
            IdentityKind.TEMPORARY: self.temporary,
        }
        return fields.get(self.kind.data)

    def _check_number(self) -> bool:
        field = self._number_field()
        if field is None:
            return True
        if not self.need(field, f"Skriv elevens {field.label.text[0].lower() + field.label.text[1:]}."):
            return False
        if field.errors:
            return False
        try:
            number = parse_number(self.kind.data, field.data, today=clock.today())
        except InvalidNumber as invalid:
            is_temporary = self.kind.data is IdentityKind.TEMPORARY and invalid.problem is NumberProblem.SHAPE
            field.errors = [_TEMPORARY_SHAPE if is_temporary else _MESSAGES[invalid.problem]]
            return False
        if number.birth_date < _birth_floor():
            field.errors = [
                f"Numret gäller någon som är född {number.birth_date.year}. Kontrollera att det är elevens."
            ]
            return False
        return True

    def to_values(self, _before: IdentityAnswers | None) -> IdentityAnswers:
        """Return the answer of a form that holds and does not stop."""
        kind, field = self.kind.data, self._number_field()
        number = parse_number(kind, field.data, today=clock.today()) if field else None
        code = self.home_municipality.data
        return IdentityAnswers(
            kind=kind,
            number=number.unmasked() if number else None,
            name=self.name.data,
            birth_date=number.birth_date if number else self.birth_date.data,
            school_form=self.school_form.data,
            grade=self.grade.data,
            school_class=self.school_class.data,
            home_municipality_code=None if code == UNKNOWN_MUNICIPALITY else code,
        )
