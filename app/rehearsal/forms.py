"""Moving the clock of a rehearsal."""

from app.kernel import clock
from app.rehearsal.types import MoveClock
from app.web.forms import Form, MomentField

MOVED = "Klockan är flyttad. Det som borde ha hänt tidigare är gjort nu."


class MoveClockForm(Form):
    """When the clock should show."""

    to = MomentField("Flytta klockan till", required="Skriv dag och klockslag", hint="Till exempel 19 8 2026 och 08.00")

    def validate(self, extra_validators: object = None) -> bool:
        """Check that time goes forward."""
        valid: bool = super().validate(extra_validators)
        if valid and self.to.data is not None and self.to.data < clock.now():
            self.to.errors = ["Klockan går bara framåt. Skriv en senare tid."]
            return False
        return valid

    def to_command(self) -> MoveClock:
        """Return the command."""
        assert self.to.data is not None  # noqa: S101 - the field is required
        return MoveClock(to=self.to.data)
