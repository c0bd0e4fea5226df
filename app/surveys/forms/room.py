"""The forms of the control room: finding units, reminding them, ringing them, giving one more time."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.schools.types import CorrectAddresses
from app.surveys.forms.rounds import LONGEST_REASON, REASON_HINT
from app.surveys.types import AddPhoneNote, ExtendInvitation
from app.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    EmailField,
    Form,
    HiddenTextField,
    LongTextField,
    Option,
    QueryForm,
    SelectField,
    TextField,
    VersionField,
)

NOTE_SAVED: Final = "Samtalet är sparat."
NEVER: Final = datetime(1, 1, 2, tzinfo=UTC)
ADDRESS_CORRECTED: Final = "Adressen är rättad."
EXTENDED: Final = "Skolan har fått en ny sista svarsdag."


class FindUnitsForm(QueryForm):
    """What narrows the rows down, as it stands in the address; the organisers are set when the page is made."""

    school = TextField("Skolans namn", max_length=120, name="skola")
    organiser = SelectField("Huvudman", blank="Alla huvudmän", name="huvudman")


class RemindUnitsForm(Form):
    """Which of the units that may be reminded are; they are set when the page is made."""

    invitation_ids = ChoicesField("Skolor", required="Välj minst en skola i listan.")

    def offer(self, reminded: Sequence[UUID], others: Sequence[UUID], wanted: UUID | None) -> None:
        """Say which units there are to choose; all that may be reminded, or the one wanted, are chosen from the start.

        The others are taken too: they could be chosen when the page was made, and it is told that they were spared.
        """
        self.invitation_ids.choices = [(each, "") for each in (*reminded, *others)]
        if self.invitation_ids.raw_data is None:
            self.invitation_ids.data = tuple(each for each in reminded if wanted in (None, each))

    @property
    def boxes(self) -> Mapping[str, Option]:
        """The box of each unit, by its id as text."""
        return {option.key: option for option in self.invitation_ids.options}


class AddPhoneNoteForm(Form):
    """Whether anybody was reached, and what was said."""

    reached = ChoiceField(
        "Nådde du någon?",
        [
            ("ja", "Ja", "Skolan tas bort från listan över dem som ska ringas."),
            ("nej", "Nej", "Skolan står kvar på listan."),
        ],
        required="Välj om du nådde någon",
    )
    text = LongTextField(
        "Vad sades?",
        required="Skriv vem du talade med och vad ni kom överens om, eller vem du sökte",
        hint="Vem du talade med och när svaret kommer. Skriv inget om enskilda elever.",
        max_length=1000,
    )

    def to_command(self) -> AddPhoneNote:
        """Return the note."""
        return AddPhoneNote(text=self.text.data, reached=self.reached.data == "ja")


class CorrectAddressesForm(Form):
    """Where the mails about a school go."""

    email = EmailField("E-post till rektorn", required="Ange rektorns e-postadress")
    head_email = EmailField(
        "E-post till nästa chef",
        hint="Får veta om skolan inte svarar. Lämna tomt om du inte vet: då ringer du i stället.",
    )
    version = VersionField()

    def to_command(self) -> CorrectAddresses:
        """Return the addresses."""
        return CorrectAddresses(self.email.data, self.head_email.data or None, self.version.data or 0)


class ExtendInvitationForm(Form):
    """A later due day for one unit, and why; the page carries along the due day that the person saw."""

    due_on = DayField(
        "Ny sista svarsdag",
        required="Ange ny sista svarsdag",
        hint="En skoldag. Svaret ska vara inne kl. 16.00.",
        not_in_past=True,
    )
    reason = LongTextField("Varför?", required="Skriv varför", hint=REASON_HINT, max_length=LONGEST_REASON)
    seen_due_at = HiddenTextField(max_length=40)

    def to_command(self) -> ExtendInvitation:
        """Return the reason, the day, and when it was due before; what is no moment is one that nobody saw."""
        try:
            seen_due_at = datetime.fromisoformat(self.seen_due_at.data).astimezone(UTC)
        except (ValueError, OverflowError):
            seen_due_at = NEVER
        return ExtendInvitation(self.reason.data, self.due_on.data or clock.today(), seen_due_at)
