"""The figures of a school unit, and the nil return."""

from typing import Any

from app.responses.types import ResponseFigures, SaveFigures, SubmitNilReturn
from app.web.forms import CheckField, Form, IntegerField, TextField, VersionField

MOST_PUPILS = 9999
"""More than any Swedish school unit has; a typing mistake is caught where it is made."""

NAME_LENGTH = 120

PROTECTED_MISSING_REQUIRED = "Skriv hur många elever med skyddade personuppgifter som saknas. Är det ingen, skriv 0."
"""Nobody else lists them: a field left empty must never pass for none."""


def _count(label: str, required: str, hint: str | None = None) -> IntegerField:
    return IntegerField(label, minimum=0, maximum=MOST_PUPILS, required=required, hint=hint)


class SaveFiguresForm(Form):
    """Step 1 when pupils are missing. The sum need not be reached yet: the pupils are listed afterwards."""

    enrolled = _count("Hur många elever är inskrivna?", "Skriv hur många elever som är inskrivna.")
    present = _count("Hur många är på plats?", "Skriv hur många elever som är på plats. Är ingen på plats, skriv 0.")
    known_absence = _count(
        "Hur många har känd frånvaro?",
        "Skriv hur många elever som har känd frånvaro. Har ingen det, skriv 0.",
        "Sjuka som ni haft kontakt med den här veckan, och elever med beviljad ledighet som inte har gått ut.",
    )
    protected_known_absence = IntegerField(
        "Hur många av dem med känd frånvaro har skyddade personuppgifter?",
        minimum=0,
        maximum=MOST_PUPILS,
        hint="De räknas redan i känd frånvaro. Lämna tomt om det inte är någon.",
    )
    protected_missing = _count(
        "Hur många elever med skyddade personuppgifter saknas?",
        PROTECTED_MISSING_REQUIRED,
        "De räknas bara. Skriv aldrig deras namn här. Är det ingen, skriv 0.",
    )
    version = VersionField()

    def __init__(self, *args: Any, listed: int = 0, **values: Any) -> None:
        super().__init__(*args, **values)
        self._listed = listed

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse more pupils than are enrolled; that some are still to be listed is no fault."""
        if not super().validate(extra_validators):
            return False
        return _check_protected(self) and self._check_not_too_many()

    def _check_not_too_many(self) -> bool:
        figures = self._figures()
        if figures.difference >= 0:
            return True
        self.enrolled.errors = [
            f"Det är {-figures.difference} fler än de {figures.enrolled} inskrivna: {figures.present} på plats, "
            f"{figures.known_absence} med känd frånvaro och {figures.missing} som saknas. Rätta den siffra som är fel."
        ]
        return False

    def _figures(self) -> ResponseFigures:
        return ResponseFigures(
            enrolled=self.enrolled.data,
            present=self.present.data,
            known_absence=self.known_absence.data,
            protected_known_absence=self.protected_known_absence.data or 0,
            protected_missing=self.protected_missing.data or 0,
            listed=self._listed,
        )

    def to_command(self) -> SaveFigures:
        """Return the command of a form that holds."""
        figures = self._figures()
        return SaveFigures(
            enrolled=figures.enrolled or 0,
            present=figures.present or 0,
            known_absence=figures.known_absence or 0,
            protected_known_absence=figures.protected_known_absence,
            protected_missing=figures.protected_missing,
            version=self.version.data,
        )


class SubmitNilReturnForm(Form):
    """The nil return: nobody is missing, the figures add up, and somebody signs."""

    enrolled = _count("Hur många elever är inskrivna?", "Skriv hur många elever som är inskrivna.")
    present = _count("Hur många är på plats?", "Skriv hur många elever som är på plats.")
    known_absence = _count(
        "Hur många har känd frånvaro?",
        "Skriv hur många elever som har känd frånvaro. Har ingen det, skriv 0.",
        "Sjuka som ni haft kontakt med den här veckan, och elever med beviljad ledighet som inte har gått ut.",
    )
    protected_known_absence = IntegerField(
        "Hur många av dem har skyddade personuppgifter?",
        minimum=0,
        maximum=MOST_PUPILS,
        hint="De räknas redan i känd frånvaro. Lämna tomt om det inte är någon.",
    )
    signed_name = TextField(
        "Ditt namn", max_length=NAME_LENGTH, autocomplete="name", required="Skriv ditt namn. Det är din underskrift."
    )
    declared = CheckField(
        "Jag intygar att ingen elev saknas: varje inskriven elev är på plats eller har känd frånvaro.",
        required="Kryssa i att du intygar svaret. Stämmer det inte, gå tillbaka och lägg in de elever som saknas.",
    )
    version = VersionField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a sum that does not reach the enrolled: somebody would be missing after all.

        The sum is judged as soon as every figure is readable, so that a forgotten tick does not hide a wrong sum.
        """
        valid: bool = super().validate(extra_validators)
        if any(
            field.errors for field in (self.enrolled, self.present, self.known_absence, self.protected_known_absence)
        ):
            return False
        return _check_protected(self) and self._check_sum() and valid

    def _check_sum(self) -> bool:
        figures = self._figures()
        if figures.adds_up:
            return True
        self.enrolled.errors = [
            f"{figures.present} på plats och {figures.known_absence} med känd frånvaro blir {figures.accounted_for}, "
            f"inte {figures.enrolled}. Rätta den siffra som är fel, eller lägg in de elever som saknas."
        ]
        return False

    def _figures(self) -> ResponseFigures:
        return ResponseFigures(
            enrolled=self.enrolled.data,
            present=self.present.data,
            known_absence=self.known_absence.data,
            protected_known_absence=self.protected_known_absence.data or 0,
        )

    def to_command(self) -> SubmitNilReturn:
        """Return the command of a form that holds."""
        figures = self._figures()
        return SubmitNilReturn(
            enrolled=figures.enrolled or 0,
            present=figures.present or 0,
            known_absence=figures.known_absence or 0,
            protected_known_absence=figures.protected_known_absence,
            signed_name=self.signed_name.data,
            declared=self.declared.data,
            version=self.version.data,
        )


def _check_protected(form: SaveFiguresForm | SubmitNilReturnForm) -> bool:
    if (form.protected_known_absence.data or 0) <= (form.known_absence.data or 0):
        return True
    form.protected_known_absence.errors = [
        f"Det kan inte vara fler än de {form.known_absence.data} elever som har känd frånvaro."
    ]
    return False
