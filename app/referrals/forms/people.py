"""Guardians and siblings, then who reports to whom."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from wtforms import FormField

from app.referrals.documents import words
from app.referrals.forms.child import YES_NO
from app.referrals.types import (
    FamilyPart,
    GuardianInformed,
    GuardianPart,
    ReporterPart,
    TypedReceiver,
)
from app.responses.forms.rows import RowForm, RowsForm
from app.web.forms import (
    ChoiceField,
    EmailField,
    Form,
    LongTextField,
    PhoneField,
    RowsField,
    SelectField,
    TextField,
    VersionField,
)

MOST_GUARDIANS: Final = 4
NOT_LISTED: Final = "not_listed"


class GuardianForm(RowForm):
    """One guardian. That the guardian has not been told is so from the beginning, and says nothing by itself."""

    name = TextField("Namn", max_length=120)
    identity_number = TextField("Personnummer, om du vet", max_length=40)
    address = TextField("Adress", max_length=200)
    phone = PhoneField("Telefon")
    email = EmailField("E-post")
    language = TextField("Språk", max_length=120)
    interpreter = ChoiceField("Behövs tolk?", choices=YES_NO)
    informed = ChoiceField(
        "Har du berättat att du anmäler?",
        choices=[(member, words(GuardianInformed)[member.value]) for member in GuardianInformed],
        hint="Vid misstanke om heder eller bortförande: berätta inte.",
        default=GuardianInformed.NO,
    )
    informed_because = TextField("Varför? Vem berättade, eller varför ska ingen göra det?", max_length=300)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said beyond what is so from the beginning."""
        others: list[Any] = [field for field in self if field.name != self.informed.name]
        is_untold = self.informed.data in (None, GuardianInformed.NO) and not self.informed.process_errors
        return is_untold and all(field.is_empty and not field.process_errors for field in others)


class FamilyForm(RowsForm):
    """Guardians and siblings."""

    rows = RowsField(FormField(GuardianForm), max_entries=MOST_GUARDIANS)
    siblings = LongTextField(
        "Syskon och andra barn i familjen",
        max_length=2000,
        hint="Ett barn på varje rad: namn, ålder och skola. Varje barn som du är orolig för behöver en egen anmälan.",
    )
    version = VersionField()

    @staticmethod
    def data_of(part: FamilyPart) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        names = (
            *("name", "identity_number", "address", "phone", "email"),
            *("language", "interpreter", "informed", "informed_because"),
        )
        rows = [{name: getattr(each, name) for name in names} for each in part.guardians]
        return {"rows": rows, "siblings": part.siblings}

    def to_part(self, _before: FamilyPart | None) -> FamilyPart:
        """Return what the page says."""
        guardians = tuple(
            GuardianPart(**row.data | {"informed": row.informed.data or GuardianInformed.NO})
            for row in self.filled_rows()
        )
        return FamilyPart(guardians, self.siblings.data)


class ReporterForm(Form):
    """Who reports is who is signed in; the receiver is the board of the child's home municipality."""

    title = TextField("Din titel", max_length=120, required="Skriv din titel, till exempel lärare.")
    workplace = TextField("Din arbetsplats", max_length=120, required="Skriv var du arbetar.")
    phone = PhoneField("Telefon där du nås", required="Skriv ett telefonnummer där socialtjänsten når dig.")
    email = EmailField("E-post")
    principal_name = TextField("Rektor eller närmaste chef", max_length=120)
    receiver = SelectField("Nämnd som tar emot anmälan", choices=[])
    board_name = TextField("Nämndens namn", max_length=120, hint="Till exempel Socialnämnden.")
    municipality_name = TextField("Kommun", max_length=120)
    address = TextField("Postadress", max_length=200)
    receiver_phone = PhoneField("Telefon till nämnden")
    wants_feedback = ChoiceField(
        "Vill du veta om socialtjänsten inleder en utredning?",
        choices=[("yes", "Ja"), ("no", "Nej")],
        hint="Du får veta om en utredning inleds, inte inleds eller redan pågår. Inget mer.",
        required="Välj om du vill ha återkoppling.",
    )
    joins_meeting = ChoiceField("Kan du vara med på ett möte?", choices=YES_NO)
    kept_in = TextField(
        "Var finns skolans exemplar?",
        max_length=200,
        hint="Till exempel diarienummer. Anmälan ska förvaras så att bara behöriga kommer åt den.",
    )
    version = VersionField()

    def offer(self, receivers: Sequence[tuple[UUID, str]]) -> None:
        """Let these (id, name) be the boards to choose among."""
        self.receiver.choices = [*receivers, (NOT_LISTED, "Nämnden finns inte i listan")]

    @staticmethod
    def data_of(part: ReporterPart, receiver_id: UUID | None) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        typed = part.receiver or TypedReceiver()
        names = ("title", "workplace", "phone", "email", "principal_name", "joins_meeting", "kept_in")
        return {name: getattr(part, name) for name in names} | {
            "receiver": receiver_id or (NOT_LISTED if part.receiver else None),
            "board_name": typed.board_name,
            "municipality_name": typed.municipality_name,
            "address": typed.address,
            "receiver_phone": typed.phone,
            "wants_feedback": "yes" if part.wants_feedback else "no",
        }

    @property
    def is_typed(self) -> bool:
        """Whether the board is typed by hand."""
        return bool(self.receiver.data == NOT_LISTED)

    @property
    def receiver_id(self) -> UUID | None:
        """The board chosen from the register."""
        return self.receiver.data if isinstance(self.receiver.data, UUID) else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that there is a board to send to."""
        valid = super().validate(extra_validators)
        if not self.is_typed:
            return self.need(self.receiver, "Välj nämnd, eller ”Nämnden finns inte i listan”.") and valid
        valid = self.need(self.board_name, "Skriv nämndens namn.") and valid
        return self.need(self.municipality_name, "Skriv vilken kommun nämnden finns i.") and valid

    def to_part(self, _before: ReporterPart | None) -> ReporterPart:
        """Return what the page says; the service puts in the name of who is signed in."""
        typed = TypedReceiver(
            municipality_name=self.municipality_name.data,
            board_name=self.board_name.data,
            address=self.address.data,
            phone=self.receiver_phone.data,
        )
        return ReporterPart(
            title=self.title.data,
            workplace=self.workplace.data,
            phone=self.phone.data,
            email=self.email.data,
            principal_name=self.principal_name.data,
            receiver=typed if self.is_typed else None,
            wants_feedback=self.wants_feedback.data == "yes",
            joins_meeting=self.joins_meeting.data,
            kept_in=self.kept_in.data,
        )
