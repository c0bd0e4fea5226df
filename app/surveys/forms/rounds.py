"""The forms about one round: its days and letter, stopping it and opening it again."""

from typing import Final

from app.kernel import clock
from app.surveys.forms.days import DaysForm
from app.surveys.types import ChangeRoundDays, ReopenRound, StateRound
from app.web.forms import DayField, Form, LongTextField, VersionField

LONGEST_REASON: Final = 500
REASON_HINT: Final = "Skriv inget om enskilda elever."
DONE: Final = {
    "cancel_round": "Kartläggningen är inställd.",
    "change_round_days": "Dagarna är ändrade.",
    "close_round": "Kartläggningen är stängd.",
    "confirm_round": "Kartläggningen är bekräftad.",
    "copy_last_year": "Förra årets dagar och brev är kopierade.",
    "edit_round_letter": "Brevet är sparat.",
    "reopen_round": "Kartläggningen är öppen igen. Inget mejl har gått.",
    "restore_round": "Kartläggningen är tillbaka.",
}


class VersionForm(Form):
    """Nothing but the version of what the person saw: the button says the rest."""

    version = VersionField()


class ChangeRoundDaysForm(DaysForm):
    """Other days for one round."""

    version = VersionField()

    def to_command(self) -> ChangeRoundDays:
        """Return the round's new days."""
        return ChangeRoundDays(days=self.to_days(), version=self.version.data or 0)


class StateRoundForm(Form):
    """Why a round is cancelled, restored or closed."""

    reason = LongTextField("Varför?", required="Skriv varför", hint=REASON_HINT, max_length=LONGEST_REASON)
    version = VersionField()

    def to_command(self) -> StateRound:
        """Return the reason."""
        return StateRound(reason=self.reason.data, version=self.version.data or 0)


class ReopenRoundForm(Form):
    """Why a closed round is opened again, and until when."""

    close_on = DayField(
        "Vilken dag ska den stänga igen?",
        required="Ange vilken dag den ska stänga igen",
        hint="Den stänger kl. 16.00.",
        not_in_past=True,
    )
    reason = LongTextField("Varför?", required="Skriv varför", hint=REASON_HINT, max_length=LONGEST_REASON)
    version = VersionField()

    def to_command(self) -> ReopenRound:
        """Return the reason and the day."""
        day = self.close_on.data or clock.today()
        return ReopenRound(reason=self.reason.data, close_on=day, version=self.version.data or 0)
