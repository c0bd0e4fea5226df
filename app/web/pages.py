"""What any page may say about what was typed and not saved."""

from typing import Final

PARKED: Final = "Du har loggats ut. Det du skrev finns kvar i sju dagar och visas när du har loggat in."
TOO_OLD_BUT_KEPT: Final = (
    "Sidan var för gammal och kunde inte sparas. Det du skrev finns kvar här. Kontrollera att det stämmer och tryck "
    "på Spara igen."
)
