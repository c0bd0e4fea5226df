"""The form of a number on the page *Ring nu*."""

from typing import Final

from app.schools.types import AddEmergencyNumber, EditEmergencyNumber
from app.web.forms import CheckField, Form, PhoneField, TextField, VersionField

NUMBER_ADDED: Final = "Numret är tillagt."
NUMBER_SAVED: Final = "Ändringen är sparad."
NUMBER_REMOVED: Final = "Numret är borttaget."
LAST_NUMBER: Final = "Det här är det enda numret. Lägg till ett annat innan du tar bort det."


class EmergencyNumberForm(Form):
    """What the page says about one number."""

    label = TextField("Vem svarar?", required="Skriv vem som svarar", hint="Till exempel Socialjouren", max_length=60)
    number = PhoneField("Telefonnummer", required="Skriv telefonnumret", max_length=40)
    note = TextField("Förklaring", hint="Till exempel Älvhaga, dygnet runt. Kan lämnas tom.", max_length=120)
    is_urgent = CheckField("Numret är för fara just nu", hint="Det visas i rött. Vanligen bara 112.")
    version = VersionField()

    def to_command(self) -> EditEmergencyNumber:
        """Return the change to a number."""
        return EditEmergencyNumber(
            label=self.label.data,
            number=self.number.data,
            note=self.note.data,
            is_urgent=self.is_urgent.data,
            version=self.version.data or 0,
        )

    def to_addition(self) -> AddEmergencyNumber:
        """Return a further number."""
        return AddEmergencyNumber(
            label=self.label.data, number=self.number.data, note=self.note.data, is_urgent=self.is_urgent.data
        )
