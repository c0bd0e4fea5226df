"""What things are called, by what a school is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.surveys.types import Asks


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The words of one kind of answer."""

    whole: str
    """What the back link calls all of it."""
    list_title: str
    list_link: str
    list_lead: str
    new_title: str
    empty: str
    start_lead: str
    sent_title: str
    nobody: str
    """What a version without pupils says."""
    counts: bool = False
    """Whether every enrolled pupil is counted."""


WORDS: Final[Mapping[Asks, AskedWords]] = {
    Asks.RETURN: AskedWords(
        whole="Kartläggningen",
        list_title="Elever som saknas",
        list_link="Frånvarolistan",
        list_lead=(
            "En rad för varje elev som inte är på plats och inte har känd frånvaro. Den som sägs vara utomlands saknas "
            "alltid. Listan ser ni som svarar för skolan och kommunens samordnare."
        ),
        new_title="Ny elev som saknas",
        empty="Ingen elev är inlagd ännu",
        start_lead="",
        sent_title="Elever som saknades",
        nobody="Ingen elev var inlagd.",
        counts=True,
    ),
    Asks.REPORT: AskedWords(
        whole="Rapporten",
        list_title="Elever ni rapporterar",
        list_link="Rapportens elever",
        list_lead=(
            "En rad för varje elev som saknas. Den som sägs vara utomlands saknas alltid. Listan ser ni som svarar för "
            "skolan och kommunens samordnare."
        ),
        new_title="Elev som saknas",
        empty="Ingen elev är inlagd ännu",
        start_lead=(
            "Här rapporterar ni en elev som saknas, när som helst på året. Inga antal behövs. Samordnaren ser det som "
            "är akut så fort ni sparar och resten när ni skickar in."
        ),
        sent_title="Elever ni rapporterade",
        nobody="Ingen elev var inlagd.",
    ),
    Asks.WORRY: AskedWords(
        whole="Oro inför lov",
        list_title="Elever ni oroar er för",
        list_link="Elever ni oroar er för",
        list_lead=(
            "En rad för varje elev som ni är oroliga för ska föras bort under lovet. Skriv bara det någon har sett "
            "eller hört. Den ser ni som skriver, de som svarar för skolan och kommunens samordnare."
        ),
        new_title="Elev ni oroar er för",
        empty="Ingen elev är inlagd ännu",
        start_lead=(
            "Risken är störst före resan, och medan eleven är kvar går det att göra något. Berätta vem ni oroar er för "
            "och vad ni har sett eller hört. Ring inte hem."
        ),
        sent_title="Elever ni oroade er för",
        nobody="Skolan oroade sig inte för någon elev.",
    ),
}
