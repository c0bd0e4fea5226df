"""What a page says about what has just happened."""

from typing import Final

CONFIRMED: Final = (
    "Klasslistorna är på plats. Varje lista förstörs när skolan har svarat, senast när kartläggningen stänger."
)
OWN_CONFIRMED: Final = "Klasslistan är på plats. Den förstörs när ni har skickat in svaret."
DISCARDED: Final = "Listan är kastad. Inget ur den finns kvar."
REMOVED: Final = "Klasslistorna är borttagna."
OWN_REMOVED: Final = "Klasslistan är borttagen."


def removed_but(begun: int) -> str:
    """Say that some lists stay since a school has begun on them."""
    if not begun:
        return REMOVED
    schools = "en skola" if begun == 1 else f"{begun} skolor"
    return f"Klasslistorna är borttagna, utom för {schools} som har börjat gå igenom sin lista."
