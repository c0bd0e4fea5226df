"""What is feared: danger now, what has happened, what others have told, what was known before."""

from typing import Any

from wtforms import FormField

from app.referrals.forms.child import YES_NO
from app.referrals.types import BackgroundPart, ConcernPart, DangerPart, StatementPart, ToldPart
from app.responses.documents import words
from app.responses.forms.absence import long_ago
from app.responses.forms.rows import MOST_ROWS, RowForm, RowsForm
from app.responses.types import AnyYesNo, Place
from app.web.forms import ChoiceField, DayField, Form, LongTextField, RowsField, TextField, VersionField


class DangerForm(Form):
    """Is it urgent, and where is the child?"""

    is_acute = ChoiceField(
        "Är barnet i fara just nu?",
        choices=YES_NO,
        hint="Svarar du ja visar nästa sida vem du ska ringa. Ring först, skriv sedan.",
        required="Välj om barnet är i fara just nu, eller ”Vet inte”.",
    )
    danger = LongTextField("Vilken är faran?", max_length=2000)
    called = LongTextField(
        "Vem har du ringt?", max_length=1000, hint="Vem, när och vad rådet blev. Lämna tomt om du inte har ringt än."
    )
    place = ChoiceField(
        "Var är barnet just nu?",
        choices=[(member, words(Place)[member.value]) for member in Place],
        required="Välj var barnet är, eller ”Vet inte”.",
    )
    place_text = TextField("Land, ort eller adress", max_length=300, hint="Skriv det du har fått höra, och av vem.")
    version = VersionField()

    @staticmethod
    def data_of(part: DangerPart) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        names = ("is_acute", "danger", "called", "place", "place_text")
        return {name: getattr(part, name) for name in names}

    def to_part(self, _before: DangerPart | None) -> DangerPart:
        """Return what the page says. Words about a danger there is not are dropped with it."""
        is_none = self.is_acute.data is AnyYesNo.NO
        return DangerPart(
            is_acute=self.is_acute.data,
            danger="" if is_none else self.danger.data,
            called=self.called.data,
            place=self.place.data,
            place_text=self.place_text.data,
        )


class ConcernForm(Form):
    """What the reporter knows at first hand."""

    what_happened = LongTextField(
        "Vad har hänt?",
        hint="Kort och konkret. Du behöver inte ha bevis: misstanke räcker.",
        required="Skriv vad som har hänt. Några meningar räcker.",
    )
    first_hand = LongTextField("Vad har du själv sett och hört?", hint="Det du har sett och hört, inte slutsatser.")
    child_said = LongTextField("Vad har barnet sagt?", hint="Ordagrant om du minns, och när det sades.")
    why_now = LongTextField("Varför anmäler du just nu?", max_length=1000)
    since = TextField("Hur länge har oron funnits?", max_length=200)
    if_nothing = LongTextField("Vad tror du kan hända om inget görs?", max_length=1000)
    version = VersionField()

    @staticmethod
    def data_of(part: ConcernPart) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        names = ("what_happened", "first_hand", "child_said", "why_now", "since", "if_nothing")
        return {name: getattr(part, name) for name in names}

    def to_part(self, _before: ConcernPart | None) -> ConcernPart:
        """Return what the page says."""
        return ConcernPart(
            what_happened=self.what_happened.data,
            first_hand=self.first_hand.data,
            child_said=self.child_said.data,
            why_now=self.why_now.data,
            since=self.since.data,
            if_nothing=self.if_nothing.data,
        )


class StatementForm(RowForm):
    """One thing somebody has told."""

    text = LongTextField("Vad har sagts?", max_length=1000)
    source = TextField("Vem har sagt det?", max_length=200, hint="Till exempel mamma, syskon eller mentor.")
    said_on = DayField("När sades det?", not_in_future=True, earliest=long_ago)
    evidence = TextField("Vad stöder det?", max_length=300, hint="Skriv ”inget” om ni bara har hört det.")

    def is_enough(self) -> bool:
        """Something must have been said."""
        return self.need(self.text, "Skriv vad som har sagts, eller ta bort raden.")


class ToldForm(RowsForm):
    """What the reporter has at second hand, each with its source."""

    rows = RowsField(FormField(StatementForm), max_entries=MOST_ROWS)
    version = VersionField()

    @staticmethod
    def data_of(part: ToldPart) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        names = ("text", "source", "said_on", "evidence")
        return {"rows": [{name: getattr(each, name) for name in names} for each in part.statements]}

    def to_part(self, _before: ToldPart | None) -> ToldPart:
        """Return what the page says."""
        return ToldPart(tuple(StatementPart(**row.data) for row in self.filled_rows()))


class BackgroundForm(Form):
    """What was known, what the school has done, what to mind."""

    earlier_concern = ChoiceField("Har det funnits oro tidigare, eller en anmälan?", choices=YES_NO)
    earlier_text = LongTextField("När, och vad ledde det till?", max_length=1000)
    measures = LongTextField("Vad har skolan redan gjort?", hint="Till exempel samtal, hembesök eller ändrat schema.")
    effect = LongTextField("Vad har det gett?", max_length=1000)
    considerations = LongTextField(
        "Vad ska socialtjänsten tänka på vid kontakt med barnet eller vårdnadshavarna?",
        max_length=2000,
        hint="Till exempel vem som inte får veta, eller när barnet kan nås ensamt.",
    )
    version = VersionField()

    @staticmethod
    def data_of(part: BackgroundPart) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        names = ("earlier_concern", "earlier_text", "measures", "effect", "considerations")
        return {name: getattr(part, name) for name in names}

    def to_part(self, _before: BackgroundPart | None) -> BackgroundPart:
        """Return what the page says."""
        return BackgroundPart(
            earlier_concern=self.earlier_concern.data,
            earlier_text=self.earlier_text.data,
            measures=self.measures.data,
            effect=self.effect.data,
            considerations=self.considerations.data,
        )
