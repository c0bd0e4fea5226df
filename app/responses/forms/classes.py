"""A class, with a choice for each pupil, and those who stand in no class."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from app.responses.forms.figures import MOST_PUPILS, PROTECTED_MISSING_REQUIRED
from app.responses.types.classes import SaveClass, SaveUnlisted
from app.rosters.types import Mark, RosterPupil
from app.web.forms import CheckField, ChoiceField, Form, IntegerField, VersionField

MARKS: Final = ((Mark.PRESENT, "På plats"), (Mark.KNOWN, "Känd frånvaro"), (Mark.MISSING, "Saknas"))
PREFIX: Final = "mark_"
"""What the name of a pupil's choice begins with; the pupil's key in the class follows."""


class SaveClassForm(Form):
    """A class. Its choices are added by `make_class_form`, one for each pupil."""

    version = VersionField()
    removes_described = CheckField("Ja, ta bort det vi har skrivit om dem")

    @property
    def marks(self) -> dict[str, Mark | None]:
        """What is marked, by the pupils' keys."""
        return {name.removeprefix(PREFIX): field.data for name, field in self._choices.items()}

    @property
    def _choices(self) -> dict[str, ChoiceField]:
        return {name: cast(ChoiceField, field) for name, field in self._fields.items() if name.startswith(PREFIX)}

    def choice(self, key: str) -> ChoiceField:
        """Return the choice of a pupil."""
        return self._choices[PREFIX + key]

    def mark_rest_present(self) -> None:
        """Mark those without a mark as present; the exceptions somebody has marked already stay."""
        for field in self._choices.values():
            if field.data is None:
                field.data, field.raw_data, field.process_errors = Mark.PRESENT, None, []

    def require_all(self) -> bool:
        """See that nobody is left without a mark; the fault leads to the first who is."""
        unmarked = [field for field in self._choices.values() if field.data is None]
        if not unmarked:
            return True
        count = len(unmarked)
        who = "En elev är inte markerad" if count == 1 else f"{count} elever är inte markerade"
        unmarked[0].errors = [f"{who}. {'Det är' if count == 1 else 'Den första är'} {unmarked[0].label.text}."]
        return False

    def ask_about_described(self, names: Sequence[str]) -> None:
        """Ask whether what somebody has written about pupils who are no longer missing may go."""
        self.removes_described.errors = [
            f"Ni har skrivit om {_listed(names)} i frånvarolistan. Sparar ni klassen så här försvinner det. "
            "Kryssa i rutan om det är rätt, eller markera Saknas igen."
        ]

    def to_command(self) -> SaveClass:
        """Return the command of a form that holds."""
        return SaveClass(self.marks, self.version.data or 0, self.removes_described.data)


def make_class_form(pupils: Sequence[RosterPupil], version: int) -> SaveClassForm:
    """Return the form of a class, with what is marked now."""
    choices = {PREFIX + pupil.key: ChoiceField(pupil.name, choices=MARKS) for pupil in pupils}
    form_class = cast(type[SaveClassForm], type("ClassForm", (SaveClassForm,), choices))
    return form_class(data={"version": version, **{PREFIX + pupil.key: pupil.mark for pupil in pupils}})


def _count(label: str, hint: str, required: str | None = None) -> IntegerField:
    return IntegerField(label, minimum=0, maximum=MOST_PUPILS, required=required, hint=hint)


class SaveUnlistedForm(Form):
    """How many stand in no class: with protected personal data, or new since the lists were made."""

    present = _count(
        "Hur många av dem är på plats?",
        "Är det ingen, skriv 0.",
        "Skriv hur många som är på plats. Är det ingen, skriv 0.",
    )
    known_absence = _count(
        "Hur många av dem har känd frånvaro?",
        "Sjuka som ni haft kontakt med den här veckan, och elever med beviljad ledighet som inte har gått ut.",
        "Skriv hur många som har känd frånvaro. Är det ingen, skriv 0.",
    )
    protected_known_absence = _count(
        "Hur många elever med skyddade personuppgifter har känd frånvaro?",
        "De räknas redan i känd frånvaro. Lämna tomt om det inte är någon.",
    )
    protected_missing = _count(
        "Hur många elever med skyddade personuppgifter saknas?",
        "De räknas bara. Skriv aldrig deras namn här. Är det ingen, skriv 0.",
        PROTECTED_MISSING_REQUIRED,
    )
    version = VersionField()

    def __init__(self, *args: Any, protected: int = 0, **values: Any) -> None:
        super().__init__(*args, **values)
        self._protected = protected

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse fewer than the register says are protected: one of them would be counted nowhere."""
        if not super().validate(extra_validators):
            return False
        told = self._told()
        if told["protected_known_absence"] > told["known_absence"]:
            self.protected_known_absence.errors = [
                f"Det kan inte vara fler än de {told['known_absence']} elever som har känd frånvaro."
            ]
            return False
        counted = told["present"] + told["known_absence"] + told["protected_missing"]
        if counted < self._protected:
            self.present.errors = [
                f"{self._protected} elever har skyddade personuppgifter, men här är bara {counted} räknade. "
                "Rätta den siffra som är fel."
            ]
            return False
        return True

    def _told(self) -> Mapping[str, int]:
        return {
            name: self[name].data or 0
            for name in ("present", "known_absence", "protected_known_absence", "protected_missing")
        }

    def to_command(self) -> SaveUnlisted:
        """Return the command of a form that holds."""
        return SaveUnlisted(**self._told(), version=self.version.data)


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} och {last}" if first else last
