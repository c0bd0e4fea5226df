"""The forms of the plan: whether it is on, its waves, and the director's letter."""

import re
from typing import Any, Final

from app.surveys.forms.days import DaysForm
from app.surveys.mails import PLACES
from app.surveys.types import LONGEST_LETTER, MOST_DAYS, EditLetter, EditSurveyPlan, EditWave, MessageKind
from app.web.forms import CheckField, Form, IntegerField, LongTextField, QueryForm, SelectField, TextField, VersionField

FEWEST_LEAD_DAYS: Final = 5
PLAN_DONE: Final = {
    "add_wave": "Uppföljningen är tillagd.",
    "edit_plan": "Planen är sparad. Den gäller kartläggningar som inte har öppnat.",
    "edit_plan_letter": "Brevet är sparat.",
    "edit_wave": "Dagarna är sparade. De gäller kartläggningar som inte har öppnat.",
    "remove_wave": "Uppföljningen är borttagen ur planen.",
}
_PLACE: Final = re.compile(r"\[[^\[\]\n]{0,80}\]")


class EditSurveyPlanForm(Form):
    """Whether a plan opens rounds, and how long before a break."""

    is_active = CheckField("Öppna av sig själv varje år")
    lead_days = IntegerField(
        "Så många skoldagar före lovet räknas dag 0", minimum=FEWEST_LEAD_DAYS, maximum=MOST_DAYS, width=3
    )
    version = VersionField()

    def ask_lead_days(self, *, is_asked: bool) -> None:
        """Ask how long before the break only where a break is what the round hangs on."""
        if is_asked:
            self.lead_days.required = "Skriv hur många skoldagar före lovet"
        else:
            del self.lead_days

    def to_command(self) -> EditSurveyPlan:
        """Return the change to a plan."""
        lead_days = self.lead_days.data or 0 if "lead_days" in self else 0
        return EditSurveyPlan(is_active=self.is_active.data, lead_days=lead_days, version=self.version.data or 0)


class EditWaveForm(DaysForm):
    """The days of one wave of a plan."""

    version = VersionField()

    def to_command(self) -> EditWave:
        """Return the wave's days."""
        return EditWave(days=self.to_days(), version=self.version.data or 0)


class EditLetterForm(Form):
    """The letter in the director's words."""

    letter = LongTextField(
        "Brevet",
        required="Skriv brevet, eller använd exemplet",
        hint=f"Det som står inom hakparentes byts ut för varje skola: {', '.join(PLACES)}.",
        max_length=LONGEST_LETTER,
    )
    version = VersionField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that everything in brackets is something that can be filled in."""
        is_right: bool = super().validate(extra_validators)
        unknown = [place for place in _PLACE.findall(self.letter.data or "") if place not in PLACES]
        if is_right and unknown:
            self.letter.errors = [f"{unknown[0]} kan inte bytas ut. Skriv {', '.join(PLACES[:-1])} eller {PLACES[-1]}."]
            return False
        return is_right

    def to_command(self) -> EditLetter:
        """Return the letter."""
        return EditLetter(letter=self.letter.data, version=self.version.data or 0)


class FindMessagesForm(QueryForm):
    """What narrows the list of a dry run down, as it stands in the address."""

    school = TextField("Skolans namn", max_length=120, name="skola")
    kind = SelectField(
        "Vad",
        [
            (MessageKind.INVITATION, "Inbjudan"),
            (MessageKind.REMINDER, "Påminnelse"),
            (MessageKind.ESCALATION, "Mejl till nästa chef"),
            (MessageKind.CALL, "Samtal"),
            (MessageKind.CLOSING, "Besked när den stänger"),
        ],
        blank="Allt",
        name="vad",
    )
