"""The forms of the plan."""

from typing import Final

from app.surveys.types import MOST_DAYS, EditSurveyPlan, WaveDays
from app.web.forms import CheckField, Form, IntegerField, VersionField

PLAN_SAVED: Final = "Planen är sparad. Den gäller kartläggningar som inte har öppnat."
_HINT: Final = "Skoldagar efter terminens första dag. 0 är den första dagen."


def _first_wave(opens: int, reminds: int, due: int, closes: int) -> WaveDays:
    return WaveDays(opens, (reminds,), due, due + 2, due + 3, closes)


class EditSurveyPlanForm(Form):
    """The days of a plan."""

    open = IntegerField("Öppnar", required="Skriv när kartläggningen öppnar", hint=_HINT, maximum=MOST_DAYS, width=3)
    remind = IntegerField(
        "Påminnelse till dem som inte har svarat", required="Skriv när påminnelsen går", maximum=MOST_DAYS, width=3
    )
    due = IntegerField("Sista svarsdag", required="Skriv sista svarsdag", maximum=MOST_DAYS, width=3)
    close = IntegerField("Stänger", required="Skriv när kartläggningen stänger", maximum=MOST_DAYS, width=3)
    is_active = CheckField("Öppna kartläggningen av sig själv varje år")
    version = VersionField()

    def validate(self, extra_validators: object = None) -> bool:
        """Check that the days come in order."""
        valid: bool = super().validate(extra_validators)
        for earlier, later, message in (
            (self.open, self.remind, "Påminnelsen ska gå efter att kartläggningen har öppnat"),
            (self.remind, self.due, "Sista svarsdag ska komma efter påminnelsen"),
            (self.due, self.close, "Kartläggningen ska stänga efter sista svarsdag"),
        ):
            if (
                earlier.data is not None
                and later.data is not None
                and earlier.data + (3 if later is self.close else 0) >= later.data
            ):
                later.errors = [message]
                valid = False
        return valid

    def to_command(self) -> EditSurveyPlan:
        """Return the change to a plan."""
        days = _first_wave(self.open.data or 0, self.remind.data or 0, self.due.data or 0, self.close.data or 0)
        return EditSurveyPlan(days=days, is_active=self.is_active.data, version=self.version.data or 0)
