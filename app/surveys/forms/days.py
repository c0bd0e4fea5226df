"""The days of a wave, asked for in one way wherever they can be changed."""

from typing import Any, Final

from app.surveys.types import MOST_DAYS, WaveDays
from app.web.forms import Form, IntegerField

DAY_FIELDS: Final = ("open", "remind_1", "remind_2", "remind_3", "due", "escalate", "call", "close")
_IN_ORDER: Final = (
    ("open", "remind_1", "Första påminnelsen ska gå efter att kartläggningen har öppnat"),
    ("remind_1", "remind_2", "Andra påminnelsen ska gå efter den första"),
    ("remind_2", "remind_3", "Tredje påminnelsen ska gå efter den andra"),
    ("open", "due", "Sista svarsdag ska komma efter att kartläggningen har öppnat"),
    ("due", "escalate", "Mejlet till nästa chef ska gå efter sista svarsdag"),
    ("escalate", "call", "Samordnaren ska ringa efter mejlet till nästa chef"),
    ("call", "close", "Kartläggningen ska stänga efter den dag då samordnaren ringer"),
)
REMINDED_TOO_LATE: Final = "Påminnelsen ska gå senast sista svarsdag"


class DaysForm(Form):
    """When a wave does what, in school days after the day it is reckoned from."""

    open = IntegerField("Öppnar", required="Skriv när kartläggningen öppnar", maximum=MOST_DAYS, width=3)
    remind_1 = IntegerField("Påminnelse 1", required="Skriv när första påminnelsen går", maximum=MOST_DAYS, width=3)
    remind_2 = IntegerField("Påminnelse 2", hint="Lämna tomt om det räcker med en.", maximum=MOST_DAYS, width=3)
    remind_3 = IntegerField("Påminnelse 3", hint="Lämna tomt om det räcker med två.", maximum=MOST_DAYS, width=3)
    due = IntegerField("Sista svarsdag", required="Skriv sista svarsdag", maximum=MOST_DAYS, width=3)
    escalate = IntegerField(
        "Mejl till nästa chef", required="Skriv när mejlet till nästa chef går", maximum=MOST_DAYS, width=3
    )
    call = IntegerField("Samordnaren ringer", required="Skriv när samordnaren ringer", maximum=MOST_DAYS, width=3)
    close = IntegerField("Stänger", required="Skriv när kartläggningen stänger", maximum=MOST_DAYS, width=3)

    @property
    def day_fields(self) -> list[IntegerField]:
        """The fields of the days, in the order in which they happen."""
        return [self[name] for name in DAY_FIELDS]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that the days come in order."""
        is_right: bool = super().validate(extra_validators)
        if is_right:
            is_right = self._are_in_order()
        return is_right

    def _are_in_order(self) -> bool:
        if self.remind_2.data is None and self.remind_3.data is not None:
            self.remind_2.errors = ["Fyll i andra påminnelsen före den tredje"]
            return False
        days = {name: self[name].data for name in DAY_FIELDS if self[name].data is not None}
        wrong = {
            later: message
            for earlier, later, message in _IN_ORDER
            if earlier in days and later in days and days[earlier] >= days[later]
        }
        wrong |= {
            name: REMINDED_TOO_LATE for name in ("remind_1", "remind_2", "remind_3") if days.get(name, 0) > days["due"]
        }
        for name, message in wrong.items():
            self[name].errors = [message]
        return not wrong

    def to_days(self) -> WaveDays:
        """Return the days as one value; the form must have been found right."""
        reminders = [field.data for field in (self.remind_1, self.remind_2, self.remind_3) if field.data is not None]
        return WaveDays(
            open=self.open.data or 0,
            reminders=tuple(reminders),
            due=self.due.data or 0,
            escalate=self.escalate.data or 0,
            call=self.call.data or 0,
            close=self.close.data or 0,
        )


def days_as_data(days: WaveDays) -> dict[str, int]:
    """Return days as what a form begins with."""
    known = {"open": days.open, "due": days.due, "escalate": days.escalate, "call": days.call, "close": days.close}
    return known | {f"remind_{number}": day for number, day in enumerate(days.reminders, 1)}
