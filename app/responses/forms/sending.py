"""Checking and sending."""

from app.responses.forms.figures import NAME_LENGTH
from app.responses.types import SubmitResponse
from app.web.forms import CheckField, Form, TextField, VersionField


class SubmitResponseForm(Form):
    """Who signs, and that what is sent is what the school knows."""

    signed_name = TextField(
        "Ditt namn", max_length=NAME_LENGTH, autocomplete="name", required="Skriv ditt namn. Det är din underskrift."
    )
    declared = CheckField(
        "Jag intygar att svaret är det vi vet i dag, och att varje elev som saknas finns med.",
        required="Kryssa i att du intygar svaret. Är något fel, rätta det först.",
    )
    version = VersionField()

    def to_command(self) -> SubmitResponse:
        """Return the command of a form that holds."""
        return SubmitResponse(signed_name=self.signed_name.data, declared=self.declared.data, version=self.version.data)


class SubmitReportForm(SubmitResponseForm):
    """The same for what asks for no figures."""

    declared = CheckField(
        "Jag intygar att det här är det vi vet i dag.",
        required="Kryssa i att du intygar uppgifterna. Är något fel, rätta det först.",
    )


class ConfirmForm(Form):
    """A question with one button: nothing but the button's own protection is in it."""
