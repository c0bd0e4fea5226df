"""A board in the receivers' register."""

import re
from typing import TYPE_CHECKING, Any, Final

from app.referrals.types import EditReceiver
from app.web.forms import CheckField, EmailField, Form, PhoneField, TextField, VersionField

if TYPE_CHECKING:
    from app.referrals.models import Receiver

_CODE: Final = re.compile("[0-9]{4}")
EXISTS: Final = "Nämnden finns redan i registret. Ändra den i stället."


class EditReceiverForm(Form):
    """How a board is reached."""

    municipality_code = TextField(
        "Kommunkod", max_length=4, width=4, hint="Fyra siffror, till exempel 0180.", required="Skriv kommunkoden."
    )
    municipality_name = TextField("Kommun", max_length=120, required="Skriv kommunens namn.")
    board_name = TextField("Nämnd", max_length=120, hint="Till exempel Socialnämnden.", required="Skriv nämndens namn.")
    email = EmailField(
        "Funktionsadress",
        hint="Aldrig en persons adress. Lämna tomt om nämnden inte tar emot mejl.",
    )
    phone = PhoneField("Telefon till mottagningen")
    address = TextField("Postadress", max_length=200)
    is_active = CheckField("Kan väljas som mottagare")
    version = VersionField()

    @staticmethod
    def data_of(receiver: "Receiver") -> dict[str, Any]:
        """Return what the form shows of a board."""
        names = ("municipality_code", "municipality_name", "board_name", "email", "phone", "address", "is_active")
        return {name: getattr(receiver, name) for name in names} | {"version": receiver.version}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape of the code."""
        valid = super().validate(extra_validators)
        if not self.municipality_code.errors and not _CODE.fullmatch(self.municipality_code.data):
            self.municipality_code.errors = ["Skriv kommunkoden med fyra siffror, till exempel 0180."]
            return False
        return bool(valid)

    def to_command(self) -> EditReceiver:
        """Return the command of a form that holds."""
        return EditReceiver(
            municipality_code=self.municipality_code.data,
            municipality_name=self.municipality_name.data,
            board_name=self.board_name.data,
            email=self.email.data.lower(),
            phone=self.phone.data,
            address=self.address.data,
            is_active=self.is_active.data,
            version=self.version.data,
        )
