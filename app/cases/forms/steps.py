"""Taking a case along the routine."""

from datetime import date, timedelta
from typing import Any

from app.cases.forms.words import BRANCHES, CONTACT
from app.cases.types import AssessCase, Branch, CompleteStep, ContactSafety, SetContactSafety, WaitForOthers
from app.kernel import clock
from app.web.forms import (
    ChoiceField,
    DayField,
    Form,
    HiddenTextField,
    LongTextField,
    SelectField,
    TextField,
    VersionField,
)


def tomorrow() -> date:
    """Return the first day that is to come."""
    return clock.today() + timedelta(days=1)


class AssessCaseForm(Form):
    """Which way, and why if it is not the one that the evidence points to."""

    branch = ChoiceField(
        "Vad vet ni om var barnet är?",
        [(branch, label, hint) for branch, (label, hint) in BRANCHES.items()],
        required="Välj vad ni vet om var barnet är.",
    )
    motivation = LongTextField(
        "Motivering",
        hint="Behövs när du väljer en annan väg än den underlaget pekar på. Skriv det ni sett och hört.",
        max_length=2000,
    )
    version = VersionField()

    def __init__(self, *, recommended: Branch, **values: Any) -> None:
        super().__init__(**values)
        self.recommended = recommended

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a motivation where the way departs from the evidence."""
        is_right: bool = super().validate(extra_validators)
        if self.branch.data not in (None, self.recommended):
            is_right = self.need(self.motivation, "Skriv varför du väljer en annan väg.") and is_right
        return is_right

    def to_command(self) -> AssessCase:
        """Return the command."""
        return AssessCase(self.branch.data, self.version.data or 0, self.motivation.data)


class CompleteStepForm(Form):
    """What was done."""

    text = LongTextField(
        "Vad har gjorts, och vad kom fram?",
        required="Skriv vad som har gjorts.",
        hint="Skriv det ni sett och hört, inte slutsatser. Skriv vem som sagt vad.",
    )
    step_key = HiddenTextField(max_length=40)
    version = VersionField()

    def to_command(self) -> CompleteStep:
        """Return the command."""
        return CompleteStep(self.step_key.data, self.version.data or 0, self.text.data)


class DepartFromStepForm(Form):
    """Why a step is left out."""

    text = LongTextField("Varför görs inte steget?", required="Skriv varför steget inte görs.")
    step_key = HiddenTextField(max_length=40)
    version = VersionField()

    def to_command(self) -> CompleteStep:
        """Return the command."""
        return CompleteStep(self.step_key.data, self.version.data or 0, self.text.data, departs=True)


class WaitForOthersForm(Form):
    """Whom the case waits for, and until when."""

    waiting_for = TextField(
        "Vem väntar ni på?", required="Skriv vem ni väntar på.", hint="Till exempel hemkommunen.", max_length=80
    )
    until = DayField(
        "Vilken dag frågar ni igen?",
        required="Skriv vilken dag ni frågar igen.",
        earliest=tomorrow,
        name_in_errors="Dagen",
        hint="Ärendet kommer överst i kön den dagen.",
    )
    text = LongTextField("Vad är frågat?", hint="Får lämnas tomt.", max_length=2000)
    version = VersionField()

    def to_command(self) -> WaitForOthers:
        """Return the command."""
        return WaitForOthers(
            self.until.data or tomorrow(), self.version.data or 0, self.waiting_for.data, self.text.data
        )


class ResumeCaseForm(Form):
    """What came."""

    text = LongTextField("Vad har kommit?", required="Skriv vad som har kommit, eller varför ni inte väntar längre.")


class SetContactSafetyForm(Form):
    """Whether guardians may be contacted, and who judged it."""

    contact_safety = ChoiceField(
        "Får vårdnadshavare kontaktas?",
        [(safety, label, hint) for safety, (label, hint) in CONTACT.items()],
        required="Välj om vårdnadshavare får kontaktas.",
    )
    judged_by = TextField("Vem har bedömt det?", hint="Namn och roll.", max_length=120)
    version = VersionField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask who judged it, unless nobody has."""
        is_right: bool = super().validate(extra_validators)
        if self.contact_safety.data not in (None, ContactSafety.UNKNOWN):
            is_right = self.need(self.judged_by, "Skriv vem som har bedömt det.") and is_right
        return is_right

    def to_command(self) -> SetContactSafety:
        """Return the command."""
        return SetContactSafety(self.contact_safety.data, self.version.data or 0, self.judged_by.data)


class AssignCaseForm(Form):
    """Whose the case is; the coordinators are set when the page is made."""

    assignee_id = SelectField("Ansvarig", required="Välj vem som ska ha ärendet.")
