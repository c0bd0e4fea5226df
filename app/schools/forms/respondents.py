"""The forms of who answers for a school unit."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.accounts.types import Duty, GrantDuty, SendInvitation
from app.kernel import clock
from app.kernel.errors import Refused
from app.schools.types import ReplacePrincipal, add_months
from app.web.forms import CheckField, ChoicesField, DayField, EmailField, Form, SelectField, TextField

NOW_ANSWERS: Final = "Klart. Personen svarar för skolan och har fått ett mejl."
INVITATION_SENT: Final = "Inbjudan är skickad."
DUTY_WITHDRAWN: Final = "Klart. Personen svarar inte längre för skolan."
INVITATION_WITHDRAWN: Final = "Inbjudan är återtagen. Länken fungerar inte längre."
INVITATION_IS_OVER: Final = "Inbjudan är redan använd, återtagen eller skickad på nytt. Så här ser det ut nu."
SOMEBODY_ELSE: Final = "new"
LONGEST_MONTHS: Final = 12
REFUSALS: Final = {
    "already_answers": "Personen svarar redan för skolan den tiden.",
    "cannot_answer": "Adressen hör till ett konto som inte kan svara för en skola. Ange en annan.",
    "duty_is_past": "Sista dagen har redan varit.",
    "longer_than_own": "Så länge svarar du inte själv för skolan. Välj en tidigare dag.",
    "too_many_invitations": "Det har redan gått flera inbjudningar till adressen i dag. Försök igen i morgon.",
}


def _in_a_year() -> date:
    return add_months(clock.today(), LONGEST_MONTHS)


class _RefusableForm(Form):
    """A form whose command can be refused for a reason to show."""

    def refuse(self, refusal: Refused) -> None:
        """Show why it was not done."""
        self.form_errors.append(REFUSALS[refusal.reason])


class DelegateForm(_RefusableForm):
    """Who is to answer in the principal's place, and until when."""

    person = SelectField("Vem ska svara?", required="Välj vem som ska svara")
    name = TextField("Namn", hint="Fyll i namn och e-postadress bara när du bjuder in någon annan.", max_length=120)
    email = EmailField("E-postadress", hint="Personens egen. En adress som flera läser går inte att använda.")
    ends_on = DayField(
        "Till och med vilken dag?",
        required="Skriv den sista dagen",
        hint="Högst ett år. Du kan ta tillbaka det tidigare.",
        not_in_past=True,
        latest=_in_a_year,
    )
    duty = Duty.DELEGATE

    def __init__(self, candidates: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = [
            *((str(account_id), words) for account_id, words in candidates),
            (SOMEBODY_ELSE, "Någon annan, som jag bjuder in med e-post"),
        ]

    def validate(self, extra_validators: object = None) -> bool:
        """Check that somebody who is invited can be written to."""
        valid: bool = super().validate(extra_validators)
        if self.is_invitation:
            has_name = self.need(self.name, "Skriv personens namn")
            has_email = self.need(self.email, "Skriv personens e-postadress")
            valid = valid and has_name and has_email
        return valid

    @property
    def is_invitation(self) -> bool:
        """Whether somebody without an account is to be invited."""
        return bool(self.person.data == SOMEBODY_ELSE)

    @property
    def account_id(self) -> UUID:
        """The account that was chosen."""
        return UUID(self.person.data)

    @property
    def first_day(self) -> date:
        """From when it holds."""
        return clock.today()

    def to_duty(self, unit_id: UUID) -> GrantDuty:
        """Return what the person is to be."""
        return GrantDuty(self.duty, (unit_id,), self.first_day, self.ends_on.data)

    def to_invitation(self, unit_id: UUID) -> SendInvitation:
        """Return whom to invite."""
        return SendInvitation(self.name.data, "", self.email.data, self.to_duty(unit_id))


class AppointForm(DelegateForm):
    """Who is to be acting principal, from when and until when."""

    starts_on = DayField(
        "Från och med vilken dag?", required="Skriv den första dagen", not_in_past=True, latest=_in_a_year
    )
    duty = Duty.ACTING

    def validate(self, extra_validators: object = None) -> bool:
        """Check that the days come in order."""
        valid = super().validate(extra_validators)
        if self.starts_on.data and self.ends_on.data and self.ends_on.data < self.starts_on.data:
            self.ends_on.errors = ["Den sista dagen ligger före den första"]
            return False
        return valid

    @property
    def first_day(self) -> date:
        """From when it holds."""
        first: date = self.starts_on.data or clock.today()
        return first


class SendInvitationForm(_RefusableForm):
    """A principal to invite, and the units they answer for."""

    name = TextField("Namn", required="Skriv rektorns namn", max_length=120)
    title = TextField("Titel", hint="Till exempel rektor", max_length=120)
    email = EmailField(
        "E-postadress",
        required="Skriv rektorns e-postadress",
        hint="Rektorns egen. En adress som flera läser går inte att använda.",
    )
    units = ChoicesField("Vilka skolenheter svarar rektorn för?", required="Välj minst en skolenhet")
    takes_over = CheckField(
        "Rektorn är ny",
        hint="Kartläggningarnas mejl går då genast till adressen ovan, och samordnarens sidor visar namnet.",
    )

    def __init__(self, units: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units.choices = [(str(unit_id), name) for unit_id, name in units]

    def to_command(self) -> SendInvitation:
        """Return whom to invite."""
        unit_ids = tuple(UUID(each) for each in self.units.data)
        duty = GrantDuty(Duty.PRINCIPAL, unit_ids, clock.today(), None)
        return SendInvitation(self.name.data, self.title.data, self.email.data, duty)

    def to_replacement(self) -> ReplacePrincipal | None:
        """Return who is the units' principal now, None when that is who it was."""
        return ReplacePrincipal(self.name.data, self.email.data) if self.takes_over.data else None
