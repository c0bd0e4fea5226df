"""Signing in and choosing a password."""

from typing import Final
from uuid import UUID

from app.accounts.types import SHORTEST_PASSWORD, PasswordFault
from app.web.forms import EmailField, Form, PasswordField, QueryForm, TextField

FAULTS: Final = {
    PasswordFault.SHORT: f"Lösenordet är för kort. Använd minst {SHORTEST_PASSWORD} tecken, till exempel fyra ord.",
    PasswordFault.LONG: "Lösenordet är för långt. Använd högst 128 tecken.",
    PasswordFault.COMMON: "Lösenordet är för lätt att gissa. Välj till exempel fyra ord som inte hör ihop.",
    PasswordFault.NAME: "Lösenordet liknar ditt namn eller din e-postadress. Välj något annat.",
}


class SignInForm(Form):
    """Who signs in."""

    email = EmailField("E-postadress", required="Skriv din e-postadress", autocomplete="username")
    password = PasswordField("Lösenord", required="Skriv ditt lösenord")

    def refuse(self) -> None:
        """Show that the two do not belong together; which of them is wrong is nobody's business."""
        self.form_errors.append("E-postadressen eller lösenordet stämmer inte. Försök igen.")

    def ask_to_wait(self) -> None:
        """Show that there were too many tries."""
        self.form_errors.append("För många försök. Vänta en minut och försök igen.")


class RequestRenewalForm(Form):
    """Who wants a new password."""

    email = EmailField("E-postadress", required="Skriv din e-postadress", autocomplete="username")


class ChoosePasswordForm(Form):
    """A new password, typed twice so that a slip does not lock its owner out."""

    password = PasswordField(
        "Nytt lösenord",
        required="Skriv ett lösenord",
        hint=f"Minst {SHORTEST_PASSWORD} tecken. Fyra ord som inte hör ihop är bra och lätt att minnas.",
        autocomplete="new-password",
    )
    again = PasswordField(
        "Samma lösenord en gång till", required="Skriv lösenordet en gång till", autocomplete="new-password"
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Check that both are the same."""
        valid: bool = super().validate(extra_validators)
        if valid and self.password.data != self.again.data:
            self.again.errors = ["Lösenorden är inte lika. Skriv samma i båda fälten."]
            return False
        return valid

    def refuse(self, reason: str) -> None:
        """Show why the password is not accepted."""
        self.password.errors = [FAULTS[PasswordFault(reason)]]


class EmptyForm(Form):
    """A button: nothing but the token against forgery."""


class FilterAuditForm(QueryForm):
    """Which rows of the audit to show."""

    object_id = TextField("Ärendets, elevens eller anmälans id", max_length=36)

    @property
    def wanted_id(self) -> UUID | None:
        """The id, when there is one."""
        try:
            return UUID(self.object_id.data)
        except ValueError:
            return None

    def validate(self, extra_validators: object = None) -> bool:
        """Check that what was asked for is an id: a slip must not pass for the whole log."""
        valid: bool = super().validate(extra_validators)
        if valid and self.object_id.data and self.wanted_id is None:
            self.object_id.errors = ["Klistra in hela id:t. Det har 32 tecken och bindestreck emellan."]
            return False
        return valid
