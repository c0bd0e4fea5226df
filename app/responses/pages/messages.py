"""What a page says about what has just happened."""

from typing import Final

ANSWER_CHANGED: Final = (
    "Någon annan ändrade svaret medan du hade sidan öppen. Det du skrev är inte sparat ännu. "
    "Kontrollera att allt stämmer och spara igen."
)
PUPIL_CHANGED: Final = (
    "Någon annan ändrade uppgifterna om eleven medan du hade sidan öppen. Det du skrev står kvar här men är inte "
    "sparat. Jämför med det som är sparat och spara igen."
)
NOT_READY: Final = "Svaret går inte att skicka ännu. Se vad som är kvar här nedanför."
SENT: Final = "Svaret är inskickat."
REMOVED: Final = "Eleven är borttagen ur listan."
CAME_BACK: Final = "Tack. Vi har noterat att eleven är tillbaka. Samordnaren hör av sig om något behöver bekräftas."


def case_opened(reference: str) -> str:
    """Say that the coordinator now has the case."""
    return f"Ärendet är öppnat hos samordnaren: {reference}"
