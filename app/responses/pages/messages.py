"""What a page says about what has just happened."""

from typing import Final

from app.responses.queries.enrolment import EnrolmentSource
from app.surveys.types import Asks

ANSWER_CHANGED: Final = (
    "Någon annan ändrade svaret medan du hade sidan öppen. Det du skrev är inte sparat ännu. "
    "Kontrollera att allt stämmer och spara igen."
)
UNSAVED_WORDS: Final = (
    "Inget är skickat. Det finns text som inte är sparad. Spara eller kasta den, eller tryck på ”Skicka in utan den "
    "texten”."
)
NOT_READY: Final = "Svaret går inte att skicka ännu. Se vad som är kvar här nedanför."
SENT: Final = "Svaret är inskickat."
SENT_UNASKED: Final = {Asks.REPORT: "Rapporten är inskickad.", Asks.WORRY: "Det du skrev är inskickat."}
"""What a school sends by itself is no answer."""
CARRIED_SAVED: Final = "Svaren om eleverna från förra gången är sparade."
REMOVED: Final = "Eleven är borttagen ur listan."
ENROLMENT: Final = {
    EnrolmentSource.CLASSES: "Talet kommer från klasslistorna, med skyddade elever. Ändra det om det är fel.",
    EnrolmentSource.LAST_ANSWER: "Talet är det ni svarade senast. Ändra det om det är fel.",
    EnrolmentSource.REGISTER: "Talet kommer från kommunens register. Ändra det om det är fel.",
}
DISCARDED: Final = "Listan är slängd. Ingen elev är inlagd från den."
CLASS_CHANGED: Final = (
    "En kollega har sparat klassen medan du hade sidan öppen. Dina markeringar står kvar här men är inte sparade. "
    "Där ni har markerat olika står kollegans markering under elevens namn. Ändra det som ska ändras och spara igen."
)
MARKED_PRESENT: Final = (
    "De som inte hade någon markering står nu som på plats. Inget är sparat än: ändra undantagen och spara klassen."
)
CAME_BACK: Final = "Tack. Vi har noterat att eleven är tillbaka. Samordnaren hör av sig om något behöver bekräftas."


def case_opened(reference: str) -> str:
    """Say that the coordinator now has the case."""
    return f"Ärendet är öppnat hos samordnaren: {reference}"


def listed(count: int) -> str:
    """Say how many came on the absence list."""
    if not count:
        return "De skyddade eleverna är räknade. Ingen annan är inlagd."
    who = "1 elev är inlagd" if count == 1 else f"{count} elever är inlagda"
    return f"{who}. Svara nu på frågorna om varje elev. Först frågar vi om något är akut."
