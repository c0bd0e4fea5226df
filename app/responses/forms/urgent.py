"""Page a, *Är något akut?*, and the page *Ring nu*."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from app.kernel import clock
from app.responses.forms.choices import choices_of
from app.responses.types import CallAnswers, SaveCalls, UrgentAnswers, UrgentSign
from app.web.forms import ChoicesField, ClockField, Form, TextField, VersionField

NONE: Final = "none"
UNKNOWN: Final = "unknown"


class UrgentForm(Form):
    """What cannot wait. It is the first question, so that nobody types names while a child is taken away."""

    signs = ChoicesField(
        "Stämmer något av detta?",
        choices=[*choices_of(UrgentSign), (NONE, "Nej, inget av detta"), (UNKNOWN, "Vet inte")],
        exclusive=(NONE, UNKNOWN),
        hint="Välj allt som stämmer, även om du bara misstänker det.",
        required="Välj det som stämmer, ”Nej, inget av detta” eller ”Vet inte”.",
    )
    version = VersionField()

    @staticmethod
    def data_of(values: UrgentAnswers) -> dict[str, Any]:
        """Return what the form shows for an answer given before."""
        return {"signs": values.signs or (UNKNOWN if values.is_unknown else NONE,)}

    def to_values(self, before: UrgentAnswers | None) -> UrgentAnswers:
        """Return the answer; who was phoned before stays noted."""
        chosen = self.signs.data
        return UrgentAnswers(
            signs=tuple(sign for sign in chosen if isinstance(sign, UrgentSign)),
            is_unknown=UNKNOWN in chosen,
            calls=before.calls if before else None,
        )


class Number(Protocol):
    """A telephone number of the municipality's own list."""

    label: str
    number: str
    is_urgent: bool


class SaveCallsForm(Form):
    """Who was phoned from *Ring nu*. Nothing here is required: going on is always possible."""

    called = ChoicesField(
        "Vem har du ringt?",
        choices=[],
        exclusive=(NONE,),
        hint="Samordnaren ser svaret och ringer inte dubbelt.",
    )
    called_at = ClockField("När ringde du?")
    answered_by = TextField("Vem svarade? (om du vet)", max_length=120)

    def offer(self, numbers: Sequence[Number]) -> None:
        """Let the municipality's numbers be what can be ticked."""
        names = [number.number if number.is_urgent else number.label for number in numbers]
        self.called.choices = [*((name, name) for name in names), (NONE, "Ingen ännu")]

    @staticmethod
    def data_of(values: CallAnswers | None) -> dict[str, Any]:
        """Return what the form shows for calls noted before."""
        if values is None:
            return {}
        at = values.called_at
        return {
            "called": values.called,
            "called_at": clock.local(at).time().replace(second=0, microsecond=0) if at else None,
            "answered_by": values.answered_by,
        }

    def to_command(self) -> SaveCalls:
        """Return the command; a time of day later than now was yesterday's, since nobody has phoned tomorrow."""
        called = tuple(label for label in self.called.data if label != NONE)
        return SaveCalls(
            CallAnswers(called=called, called_at=self._moment() if called else None, answered_by=self.answered_by.data)
        )

    def _moment(self) -> datetime | None:
        if self.called_at.data is None:
            return None
        moment = clock.at(clock.today(), self.called_at.data)
        return moment if moment <= clock.now() else clock.at(clock.today() - timedelta(days=1), self.called_at.data)
