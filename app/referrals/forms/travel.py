"""What is known when a child may have been taken abroad, or may be."""

from dataclasses import fields
from typing import Any

from app.referrals.documents import words
from app.referrals.forms.child import YES_NO
from app.referrals.types import Purpose, TravelPart, TravelSuspicion
from app.responses.forms.absence import far_ahead, long_ago
from app.web.forms import ChoiceField, ChoicesField, DayField, Form, LongTextField, TextField, VersionField

LINE, PARAGRAPH = 300, 1000


class TravelForm(Form):
    """Only the first question must be answered; of the rest, what is known."""

    suspicion = ChoiceField(
        "Misstänker du att barnet har förts eller kan föras utomlands?",
        choices=[(member, words(TravelSuspicion)[member.value]) for member in TravelSuspicion],
        required="Välj vad du misstänker, eller ”Vet inte”.",
    )
    last_seen_on = DayField("Vilken dag sågs barnet senast?", not_in_future=True, earliest=long_ago)
    last_seen = TextField("Var, och av vem?", max_length=LINE)
    purposes = ChoicesField(
        "Vilket syfte befarar du?",
        choices=[(member, words(Purpose)[member.value]) for member in Purpose],
        exclusive=(Purpose.UNKNOWN,),
        hint="Välj allt som stämmer. Ofta vet ingen, inte ens barnet.",
    )
    purposes_text = TextField("Något mer om syftet", max_length=LINE)
    destination = TextField("Land och ort", max_length=LINE)
    address = LongTextField("Adress dit, och släkt där", max_length=PARAGRAPH)
    travelled_on = DayField("Resedag", earliest=long_ago, latest=far_ahead)
    journey = LongTextField("Flyg eller resväg, och i vems sällskap", max_length=PARAGRAPH)
    passports = TextField("Pass och medborgarskap", max_length=LINE)
    siblings_travelling = TextField("Syskon som reser med", max_length=LINE)
    told_by = TextField("Vem berättade om resan?", max_length=LINE)
    expected_return = TextField("Returbiljett, eller när barnet väntas hem", max_length=LINE)
    child_channels = TextField(
        "Hur kan barnet självt nås?", max_length=LINE, hint="Telefon, app eller användarnamn som bara barnet läser."
    )
    safe_contacts = TextField("Vem kan kontaktas utan risk?", max_length=LINE)
    do_not_reveal = LongTextField(
        "Vad får inte avslöjas för familjen?",
        max_length=PARAGRAPH,
        hint="Till exempel vem som har berättat. Står överst på anmälan.",
    )
    concern_before = TextField("Fanns oro redan före lovet?", max_length=LINE)
    police = ChoiceField("Är det polisanmält?", choices=YES_NO)
    police_text = TextField("När, och K-nummer om du vet", max_length=LINE)
    foreign_ministry = ChoiceField("Har någon talat med Utrikesdepartementet?", choices=YES_NO)
    foreign_ministry_text = TextField("När, och med vem", max_length=LINE)
    version = VersionField()

    @staticmethod
    def data_of(part: TravelPart) -> dict[str, Any]:
        """Return what the form shows of what is known."""
        return {each.name: getattr(part, each.name) for each in fields(part)}

    def to_part(self, _before: TravelPart | None) -> TravelPart:
        """Return what the page says. Where nothing is suspected, what else stands there is dropped."""
        if self.suspicion.data is TravelSuspicion.NO:
            return TravelPart(suspicion=TravelSuspicion.NO)
        return TravelPart(**{each.name: self[each.name].data for each in fields(TravelPart)})
