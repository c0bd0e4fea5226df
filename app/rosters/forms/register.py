"""Where the municipality's register is, and what is ordered from it."""

from typing import TYPE_CHECKING, Any, Final

from app.rosters.types.fetching import AddressProblem, SaveConnection, find_address_problem
from app.web.forms import CheckField, Form, PasswordField, TextField, VersionField
from app.web.forms.form import Unacceptable

if TYPE_CHECKING:
    from app.rosters.models import RegisterConnection

ADDRESS_PROBLEMS: Final = {
    AddressProblem.SHAPE: "Skriv hela adressen, till exempel https://elevregister.kommunen.se/ss12000/v2.0",
    AddressProblem.NOT_ENCRYPTED: "Adressen måste börja med https, annars kan andra läsa det som skickas.",
    AddressProblem.HAS_PASSWORD: "Skriv adressen utan användarnamn och lösenord. De har egna fält.",
}
SECRET_REQUIRED: Final = "Skriv hemligheten. Den skickas bara till de adresser som den skrevs in för."  # noqa: S105
REFUSALS: Final = {
    "register_is_here": ("base_url", "Bara i en övning får adresserna leda till den här datorn."),
    "secret_required": ("password", SECRET_REQUIRED),
}
"""What is said beside which field when the connection is refused."""


class AddressField(TextField):
    """The address of a register."""

    input_type = "url"
    inputmode = "url"

    def read(self, text: str) -> str:
        """Return the address, which must be safe to send a secret to."""
        address = super().read(text)
        if address and (problem := find_address_problem(address)) is not None:
            raise Unacceptable(ADDRESS_PROBLEMS[problem])
        return address


class SecretField(PasswordField):
    """A secret that a machine made: long, and never shown again."""

    max_length = 4000

    def read(self, text: str) -> str:
        """Return the secret if it can be one."""
        if len(text) > self.max_length:
            raise Unacceptable(f"Hemligheten är för lång. Den har högst {self.max_length} tecken.")
        secret = text.strip()
        if not secret.isprintable():
            raise Unacceptable("Hemligheten har tecken som inte syns. Kopiera den på nytt.")
        return secret


class SaveConnectionForm(Form):
    """The connection of a register that speaks SS 12000."""

    base_url = AddressField(
        "Registrets adress",
        max_length=300,
        required="Skriv registrets adress.",
        hint="Den adress som organisations, persons och groups finns under.",
    )
    token_url = AddressField(
        "Adress för inloggning",
        max_length=300,
        hint="Där registret lämnar ut en token (OAuth 2). Lämna tomt om ni har fått en färdig token.",
    )
    client_id = TextField("Klient-id", max_length=200, hint="Lämna tomt om ni har fått en färdig token.")
    # Called so, since what has a password among its fields is never parked; and no browser fills in a new one.
    password = SecretField(
        "Hemlighet eller färdig token",
        hint="Visas aldrig igen. Lämna tomt för att behålla den som finns.",
        autocomplete="new-password",
    )
    scope = TextField("Scope", max_length=200, hint="Om leverantören har sagt att det behövs.")
    omits_unmarked = CheckField(
        "Registret utelämnar skyddsmarkeringen för den som inte har någon",
        hint="Kryssa bara i om leverantören har sagt det. Annars räknas den som saknar uppgift som skyddad.",
    )
    version = VersionField()

    @staticmethod
    def data_of(connection: "RegisterConnection | None") -> dict[str, Any]:
        """Return what the form shows of a connection: never the secret."""
        names = ("base_url", "token_url", "client_id", "scope", "omits_unmarked", "version")
        return {name: getattr(connection, name) for name in names} if connection else {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the secret of a new connection, and for the id that goes with an address to sign in at."""
        valid = super().validate(extra_validators)
        if self.version.data is None:
            valid = self.need(self.password, SECRET_REQUIRED) and valid
        if self.token_url.data:
            valid = self.need(self.client_id, "Skriv klient-id. Det hör till adressen för inloggning.") and valid
        return bool(valid)

    def to_command(self) -> SaveConnection:
        """Return the command of a form that holds."""
        return SaveConnection(
            base_url=self.base_url.data,
            token_url=self.token_url.data,
            client_id=self.client_id.data,
            scope=self.scope.data,
            secret=self.password.data or None,
            omits_unmarked=self.omits_unmarked.data,
            version=self.version.data,
        )


class RemoveConnectionForm(Form):
    """Nothing but the version of the connection that the person saw: the button says the rest."""

    version = VersionField()


class OrderFetchForm(Form):
    """Whether what is ordered is only a trial."""

    is_dry_run = CheckField()
