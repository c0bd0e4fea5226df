"""What happened and what is said."""

from typing import Any

from app.cases.forms.words import CLAIMED_BY, EVIDENCE, NOTE_KINDS, WHEREABOUTS
from app.cases.types import AddNote, CorrectNote, Evidence, NewClaim
from app.kernel import clock
from app.web.forms import ChoiceField, DayField, Form, LongTextField, MomentField, SelectField

_NO_CONCLUSIONS = "Skriv det ni sett och hört, inte slutsatser. Anteckningen kan rättas men aldrig tas bort."


class AddNoteForm(Form):
    """Something that happened."""

    kind = ChoiceField("Vad gäller det?", NOTE_KINDS.items(), required="Välj vad det gäller.")
    happened_at = MomentField("När hände det?", required="Skriv när det hände.", not_in_future=True)
    text = LongTextField("Vad hände?", required="Skriv vad som hände.", hint=_NO_CONCLUSIONS)

    def to_command(self) -> AddNote:
        """Return the command."""
        return AddNote(self.kind.data, self.happened_at.data or clock.now(), self.text.data)


class CorrectNoteForm(Form):
    """What a note should have said."""

    happened_at = MomentField("När hände det?", required="Skriv när det hände.", not_in_future=True)
    text = LongTextField(
        "Vad ska det stå?", required="Skriv vad det ska stå.", hint="Den första texten står kvar, överstruken."
    )

    def to_command(self) -> CorrectNote:
        """Return the command."""
        return CorrectNote(self.happened_at.data or clock.now(), self.text.data)


class AddClaimForm(Form):
    """What somebody says, who says it, and what there is to show for it: three questions."""

    text = LongTextField("Vad sägs?", required="Skriv vad som sägs.", hint="Även om ni tvivlar.", max_length=1000)
    whereabouts = ChoiceField(
        "Var är barnet, enligt uppgiften?",
        [*WHEREABOUTS.items(), ("other", "Uppgiften handlar om något annat")],
        required="Välj var barnet är enligt uppgiften, eller att den handlar om något annat.",
    )
    claimed_by = SelectField("Vem säger det?", CLAIMED_BY.items(), required="Välj vem som säger det.")
    claimed_on = DayField("Vilken dag sades det?", not_in_future=True, hint="Får lämnas tomt om ingen vet.")
    evidence = ChoiceField("Vad finns det för underlag?", EVIDENCE.items(), required="Välj vilket underlag som finns.")
    evidence_text = LongTextField(
        "Vilket underlag, och vem har sett det?", hint="Till exempel: bokning sedd av kurator.", max_length=1000
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask which document where there is said to be one."""
        is_right: bool = super().validate(extra_validators)
        if isinstance(self.evidence.data, Evidence) and self.evidence.data.is_document:
            is_right = (
                self.need(self.evidence_text, "Skriv vilket underlag det är och vem som har sett det.") and is_right
            )
        return is_right

    def to_command(self) -> NewClaim:
        """Return the command."""
        return NewClaim(
            text=self.text.data,
            claimed_by=self.claimed_by.data,
            claimed_on=self.claimed_on.data,
            evidence=self.evidence.data,
            evidence_text=self.evidence_text.data or None,
            whereabouts=None if self.whereabouts.data == "other" else self.whereabouts.data,
        )


class VerifyClaimForm(Form):
    """How a claim was verified."""

    how = LongTextField(
        "Hur är det bekräftat?",
        required="Skriv hur det är bekräftat.",
        hint="Vem har du talat med, eller vilket dokument har du sett? Ditt namn står vid uppgiften.",
        max_length=1000,
    )
