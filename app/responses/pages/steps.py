"""The three steps of an answer with figures: how far each has come, and where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.responses.pages.answer import AnswerPage
from app.web.templating import number, plural


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the button of a page says, and where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the list. Without an address it cannot begin yet; `value` of `max` is how far it has come."""

    title: str
    url: str | None
    detail: str
    state: tuple[str, str]
    """The kind of state and its name, as tags are called."""
    value: int = 0
    max: int = 0


def make_steps(answer: AnswerPage) -> Sequence[Step]:
    """Return the steps in their order."""
    return [_count_step(answer), _describe_step(answer), _send_step(answer)]


def next_step(answer: AnswerPage) -> NextStep:
    """Return where the answer is gone on with."""
    if answer.may_be_submitted:
        return NextStep("Kontrollera och skicka in", _url(answer, "submit_response"))
    if answer.unanswered_carried:
        return NextStep("Svara om eleverna från förra gången", _url(answer, "answer_carried"))
    if answer.figures.is_given:
        return NextStep("Fortsätt med eleverna", _url(answer, "list_missing_pupils"))
    if answer.sums:
        text = "Fortsätt med klasserna" if answer.sums.begun else "Börja med klasserna"
        return NextStep(text, _url(answer, "list_classes"))
    return NextStep("Fyll i antalet" if answer.response else "Börja med antalet", _url(answer, "save_figures"))


def next_on_list(answer: AnswerPage) -> NextStep:
    """Return where the absence list is gone on with: the pupils on it first, then what else is left."""
    if answer.may_be_submitted:
        return next_step(answer)
    if (row := answer.next_asked) is not None:
        return NextStep(f"Fortsätt: {row.next_question}", row.next_url)
    if not answer.pupils:
        return NextStep("Lägg till en elev", _url(answer, "add_missing_pupil"))
    if answer.unanswered_carried or not answer.figures.is_given:
        return next_step(answer)
    if answer.figures.difference < 0:
        return NextStep("Ändra antalet elever", _url(answer, "save_figures"))
    return NextStep("Lägg till en elev till", _url(answer, "add_missing_pupil"))


def _count_step(answer: AnswerPage) -> Step:
    figures, sums = answer.figures, answer.sums
    state = "DONE" if figures.is_given else "STARTED" if sums and sums.begun else "NOT_STARTED"
    if sums and not _has_typed_figures(answer):
        detail = f"{sums.done} av {plural(sums.classes, 'klass klar', 'klasser klara')}"
        url = _url(answer, "list_classes")
        return Step("Gå igenom klasserna", url, detail, ("task", state), sums.done, sums.classes)
    detail = "Inskrivna, på plats och med känd frånvaro."
    if figures.is_given:
        there = f"{number(figures.enrolled)} inskrivna, {number(figures.present)} på plats"
        detail = f"{there}, {number(figures.known_absence)} med känd frånvaro."
    return Step("Antal elever", _url(answer, "save_figures"), detail, ("task", state))


def _has_typed_figures(answer: AnswerPage) -> bool:
    """Whether somebody has typed the figures instead of going through the classes."""
    return answer.response is not None and answer.figures.is_given and not answer.response.follows_classes


def _describe_step(answer: AnswerPage) -> Step:
    state = "DONE" if answer.is_listed else "STARTED" if answer.figures.missing else "NOT_STARTED"
    url = _url(answer, "list_missing_pupils")
    return Step("Beskriv elever som saknas", url, answer.progress, ("task", state))


def _send_step(answer: AnswerPage) -> Step:
    title = "Kontrollera och skicka in"
    if answer.may_be_submitted:
        url, detail = _url(answer, "submit_response"), "Allt är ifyllt men inget är skickat."
        return Step(title, url, detail, ("invitation", "COMPLETED"))
    carried = "ni har svarat om eleverna från förra gången, " if answer.unanswered_carried else ""
    detail = f"Öppnas när {carried}antalen går ihop och varje elev är beskriven."
    return Step(title, None, detail, ("task", "LOCKED"))


def _url(answer: AnswerPage, view: str) -> str:
    return url_for(f"responses.{view}", invitation_id=answer.invitation.id)
