"""What the words of a survey are called in Swedish, on its pages."""

from typing import Final

from app.outbox.types import MessageState
from app.surveys.types import ReminderKind, Sparing, StepKind

MAIL_WORDS: Final = {
    MessageState.QUEUED: "väntar sedan",
    MessageState.SENT: "skickad",
    MessageState.DROPPED: "behövdes inte",
    MessageState.DEAD: "kom inte fram",
}
MAIL_SENTENCES: Final = {
    MessageState.QUEUED: "Mejlet väntar",
    MessageState.SENT: "Mejlet är skickat",
    MessageState.DROPPED: "Mejlet behövdes inte",
    MessageState.DEAD: "Mejlet kom inte fram",
}
UNREACHED: Final = {False: "rektorn", True: "nästa chef"}
"""Whom a mail did not reach, by whether it was to the one the principal answers to."""
STEPS: Final = {
    StepKind.REMINDER: "Påminnelse",
    StepKind.ESCALATION: "Mejl till nästa chef",
    StepKind.CALL: "Samordnaren ringer",
}
REMINDED_OF: Final = {
    ReminderKind.SILENT: "Att inget svar har kommit",
    ReminderKind.STARTED: "Att svaret är påbörjat men inte inskickat",
    ReminderKind.COMPLETED: "Att svaret är ifyllt men inte inskickat",
}
INVITED_AGAIN: Final = "Inbjudan på nytt, eftersom den inte kom fram"
DONE_UNTIL_THEN: Final = {
    ReminderKind.SILENT: "inget var påbörjat",
    ReminderKind.STARTED: "svaret var påbörjat",
    ReminderKind.COMPLETED: "svaret var ifyllt men inte inskickat",
}
SPARED: Final = {
    Sparing.ANSWERED: "Har svarat.",
    Sparing.NOT_OPEN: "Kan inte svara: kartläggningen är inte öppen för skolan.",
    Sparing.NOT_ASKED: "Har inte fått sin inbjudan ännu.",
    Sparing.REMINDED_TODAY: "Har redan fått en påminnelse i dag.",
    Sparing.INACTIVE: "Skolenheten är avslutad.",
}
WAVES: Final = ("Första utskicket", "Uppföljning 1", "Uppföljning 2", "Uppföljning 3", "Uppföljning 4")


def wave_label(number: int) -> str:
    """Return what a wave is called among the others."""
    return WAVES[number] if number < len(WAVES) else f"Uppföljning {number}"


def since_words(back: int, new: int) -> str:
    """Return what has changed since somebody last answered: 2 tillbaka, 1 ny."""
    if not back and not new:
        return "inget nytt"
    parts = [f"{back} tillbaka" if back else "", f"{new} {'ny' if new == 1 else 'nya'}" if new else ""]
    return ", ".join(filter(None, parts))
