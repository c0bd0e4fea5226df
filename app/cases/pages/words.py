"""What a page says when something has been done, and the words of what was chosen."""

from typing import Final

from app.cases.forms.words import BRANCHES, OUTCOMES
from app.cases.types import Branch, Outcome

DONE: Final = {
    "add_claim": "Uppgiften är tillagd.",
    "add_note": "Anteckningen är sparad.",
    "assess_case": "Bedömningen är sparad. Nästa steg står nedan.",
    "assign_case": "Ärendet har fått en ansvarig.",
    "close_case": "Ärendet är avslutat.",
    "complete_step": "Steget är klart. Nästa steg står nedan.",
    "confirm_protection": "Svaret om skyddade personuppgifter är sparat.",
    "confirm_return": "Svaret om återkomsten är sparat.",
    "correct_note": "Rättelsen är sparad. Den första texten står kvar.",
    "depart_from_step": "Steget är överhoppat med motivering. Nästa steg står nedan.",
    "mark_information_read": "De nya uppgifterna är markerade som lästa.",
    "reopen_case": "Ärendet är öppnat igen och ska bedömas.",
    "resume_case": "Ärendet är upptaget igen.",
    "set_contact_safety": "Bedömningen av kontakt är sparad.",
    "settle_concern": "Att oron är utredd är sparat.",
    "verify_claim": "Uppgiften är bekräftad.",
    "wait_for_others": "Ärendet väntar på andra.",
}
"""What is said on the case's page after each view."""


def compose_assigned(given: int, chosen: int) -> str:
    """Return what is said after rows were given away."""
    if given == chosen:
        return "Ärendet har fått ny ansvarig." if given == 1 else f"{given} ärenden har fått ny ansvarig."
    return f"{given} av {chosen} ärenden har fått ny ansvarig. De andra är avslutade eller hade den ansvariga redan."


def word_of_branch(branch: Branch) -> str:
    """Return what a way is called."""
    return BRANCHES[branch][0]


def words_of_outcome(outcome: Outcome) -> tuple[str, str]:
    """Return what an outcome is called and what it takes."""
    return OUTCOMES[outcome]
