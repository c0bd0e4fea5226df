"""What the rules of a survey say no with, on forms."""

from typing import Final

REFUSALS: Final = {
    "already_submitted": "Skolan har redan svarat. Då behövs ingen ny dag.",
    "extended_backward": "Välj en dag som kommer efter den nuvarande sista svarsdagen, och som inte har varit.",
    "moment_has_passed": "Det du vill ändra till har redan varit. Välj dagar som kommer.",
    "not_a_school_day": "Skolan har ingen skoldag den dagen. Välj en annan.",
    "not_due_yet": "Alla skolor har inte haft sin sista svarsdag ännu. Ställ in kartläggningen om den ska upphöra.",
    "not_the_last_wave": "Bara den sista uppföljningen kan tas bort.",
    "nothing_to_copy": "Det finns ingen kartläggning från förra året att kopiera.",
    "round_is_always_open": "Det skolorna rapporterar på eget initiativ kan inte stoppas eller ändras.",
    "round_not_open": "Kartläggningen är inte öppen längre.",
    "round_not_planned": "Kartläggningen har redan öppnat eller är inställd.",
    "calendar_missing": "Läsårets dagar är inte inlagda, så dagarna kan inte räknas.",
    "wave_is_too_early": "Uppföljningen ska öppna efter det förra utskicket.",
    "waves_are_enough": "Planen kan inte ha fler uppföljningar.",
}
CHANGED_MEANWHILE: Final = (
    "Någon annan har ändrat sedan du öppnade sidan. Det du har skrivit står kvar och är inte sparat. "
    "Gå tillbaka, se hur det är nu och gör om ändringen om den fortfarande behövs."
)
UNEXPECTED: Final = "Det går inte att göra nu. Gå tillbaka och se hur det står till."
