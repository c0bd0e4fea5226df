"""Confirming a return, settling a concern, closing and reopening."""

from typing import Any

from app.cases.forms.steps import tomorrow
from app.cases.forms.words import OUTCOMES, PROOFS
from app.cases.types import (
    DATES,
    CloseCase,
    ConfirmProtection,
    ConfirmReturn,
    Outcome,
    Proof,
    ReopenCase,
    SettleConcern,
)
from app.cases.types import PROOFS as PROOFS_OF
from app.kernel import clock
from app.web.forms import (
    ChoiceField,
    DayField,
    Field,
    Form,
    LongTextField,
    QueryForm,
    TextField,
    VersionField,
)

_HAPPENED = (Proof.CONFIRMED_ON, Proof.DECIDED_ON)
_LONG = (Proof.EVIDENCE, Proof.CHILD_CONTACT, Proof.REASONS)


class ConfirmReturnForm(Form):
    """Whether the child has been seen back."""

    is_back = ChoiceField(
        "Är barnet tillbaka?",
        [("yes", "Ja, någon på skolan har sett eleven"), ("no", "Nej, det stämde inte")],
        required="Välj om barnet är tillbaka.",
    )
    returned_on = DayField("Vilken dag var eleven på plats?", not_in_future=True)
    seen_by = TextField("Vem har sett eleven?", hint="Namn och roll.", max_length=120)
    why_not = LongTextField("Vad kom fram?", hint="Ärendet går tillbaka till där det var.", max_length=2000)
    version = VersionField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask what belongs to the answer."""
        is_right: bool = super().validate(extra_validators)
        if self.is_back.data == "yes":
            is_right = self.need(self.returned_on, "Skriv vilken dag eleven var på plats.") and is_right
            is_right = self.need(self.seen_by, "Skriv vem som har sett eleven.") and is_right
        elif self.is_back.data == "no":
            is_right = self.need(self.why_not, "Skriv vad som kom fram.") and is_right
        return is_right

    def to_command(self) -> ConfirmReturn:
        """Return the command."""
        if self.is_back.data == "no":
            return ConfirmReturn(None, self.version.data or 0, self.why_not.data)
        return ConfirmReturn(self.returned_on.data, self.version.data or 0, self.seen_by.data)


class ConfirmProtectionForm(Form):
    """Whether the child's personal data are protected, as one school says."""

    is_protected = ChoiceField(
        "Har eleven skyddade personuppgifter?",
        [
            ("yes", "Ja, ta bort det som pekar ut eleven", "Gäller alla skolors svar. Det går inte att ångra."),
            ("no", "Nej, skolan hade fel", "Inget tas bort."),
        ],
        required="Välj om eleven har skyddade personuppgifter.",
    )
    reasons = LongTextField(
        "Vad bygger svaret på?",
        required="Skriv vad svaret bygger på.",
        hint="Vem som har kontrollerat det, och när. Skriv inget som pekar ut eleven.",
        max_length=2000,
    )
    version = VersionField()

    def to_command(self) -> ConfirmProtection:
        """Return the command."""
        return ConfirmProtection(self.is_protected.data == "yes", self.version.data or 0, self.reasons.data)


class SettleConcernForm(Form):
    """Who judged that there is nothing to fear."""

    settled_by = TextField(
        "Vem har utrett oron?",
        required="Skriv vem som har utrett oron.",
        hint="Namn, roll och myndighet. Skolan eller familjen avgör det inte.",
        max_length=120,
    )
    settled_on = DayField(
        "Vilken dag fick ni veta det?", required="Skriv vilken dag ni fick veta det.", not_in_future=True
    )
    reasons = LongTextField(
        "Vad bygger det på?", required="Skriv vad det bygger på.", hint="Skriv det ni sett och hört.", max_length=2000
    )
    version = VersionField()

    def to_command(self) -> SettleConcern:
        """Return the command."""
        return SettleConcern(
            self.settled_on.data or clock.today(), self.version.data or 0, self.settled_by.data, self.reasons.data
        )


class ChooseOutcomeForm(QueryForm):
    """How it ended; what that must be shown by is asked on the next page."""

    utfall = ChoiceField(
        "Vad förklarar att barnet inte kom tillbaka?",
        [(outcome, label, hint) for outcome, (label, hint) in OUTCOMES.items()],
        required="Välj vad som förklarar det.",
    )


class CloseCaseForm(Form):
    """What an outcome must be shown by; `make_close_form` adds a field for each."""

    outcome: Outcome
    version = VersionField()

    @property
    def proofs(self) -> list[Field]:
        """The fields of what the outcome must be shown by, in order."""
        return [self[proof.value] for proof in PROOFS_OF[self.outcome]]

    def to_command(self) -> CloseCase:
        """Return the command."""
        return CloseCase(
            self.outcome,
            self.version.data or 0,
            {proof: str(self[proof.value].data or "") for proof in PROOFS_OF[self.outcome]},
        )


def make_close_form(outcome: Outcome, **values: Any) -> CloseCaseForm:
    """Return a form with the questions of one outcome."""
    fields: dict[str, Any] = {proof.value: _field(proof) for proof in PROOFS_OF[outcome]}
    form: CloseCaseForm = type("CloseCaseForm", (CloseCaseForm,), {"outcome": outcome, **fields})(**values)
    return form


def _field(proof: Proof) -> Field:
    label, hint = PROOFS[proof]
    required = f"Svara på frågan: {label}"
    if proof in DATES:
        return DayField(
            label,
            required=required,
            hint=hint,
            not_in_future=proof in _HAPPENED,
            earliest=tomorrow if proof is Proof.REVIEW_ON else None,
        )
    if proof in _LONG:
        return LongTextField(label, required=required, hint=hint, max_length=2000)
    return TextField(label, required=required, hint=hint, max_length=200)


class ReopenCaseForm(Form):
    """Why it is taken up again."""

    reason = LongTextField("Varför öppnas ärendet igen?", required="Skriv varför.", max_length=2000)
    version = VersionField()

    def to_command(self) -> ReopenCase:
        """Return the command."""
        return ReopenCase(self.version.data or 0, self.reason.data)
