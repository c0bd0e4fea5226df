"""A pupil's answers in words, a line per question, for checking and for reading afterwards."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask import url_for

from app.kernel.identity_number import IdentityKind
from app.responses.documents import short_word, word, word_or_unknown, words
from app.responses.models import MissingPupil
from app.responses.types import (
    AnyYesNo,
    ConcernAnswers,
    ContactAttempt,
    ContactsAnswers,
    DayPrecision,
    GuardiansAnswers,
    IdentityAnswers,
    LastSeenAnswers,
    LeaveAnswers,
    ObservedAnswers,
    ObservedSign,
    OwnWordsAnswers,
    Place,
    PupilAnswers,
    PupilPage,
    Questions,
    SaidAnswers,
    Sibling,
    SiblingsAnswers,
    TravelAnswers,
    UrgentAnswers,
    WhereaboutsAnswers,
)
from app.web.templating import masked, swedish_date

ENDPOINTS: Final[Mapping[PupilPage, str]] = {
    PupilPage.URGENT: "responses.save_urgent",
    PupilPage.IDENTITY: "responses.save_identity",
    PupilPage.LAST_SEEN: "responses.save_last_seen",
    PupilPage.WHEREABOUTS: "responses.save_whereabouts",
    PupilPage.LEAVE: "responses.save_leave",
    PupilPage.CONTACTS: "responses.save_contacts",
    PupilPage.SIBLINGS: "responses.save_siblings",
    PupilPage.CONCERN: "responses.save_concern",
    PupilPage.GUARDIANS: "responses.save_guardians",
    PupilPage.OWN_WORDS: "responses.save_own_words",
    PupilPage.OBSERVED: "responses.save_observed",
    PupilPage.SAID: "responses.save_said",
    PupilPage.TRAVEL: "responses.save_travel",
}

UNNAMED: Final = "Elev utan namn ännu"
WITHHELD: Final = "Elev med skyddade personuppgifter"


def name_of(pupil: MissingPupil, told: PupilAnswers) -> str:
    """Return the pupil's name and class as they stand on the school's own list."""
    if pupil.is_withheld:
        return WITHHELD
    if told.identity is None:
        return UNNAMED
    return ", ".join(filter(None, (told.identity.name, told.identity.school_class)))


def question(page: PupilPage) -> str:
    """Return the question of a page."""
    return words(PupilPage)[page.value]


def unanswered_words(told: PupilAnswers, questions: Questions) -> str:
    """Return what must still be answered, as part of a sentence; empty when nothing must."""
    return _listed(short_word(page) for page in told.missing_required(questions))


def optional_words(told: PupilAnswers, questions: Questions) -> str:
    """Return what is unanswered though it may stay so, as part of a sentence."""
    return _listed(short_word(page) for page in told.unanswered(questions) if page not in questions.required)


def summary_rows(pupil: MissingPupil, told: PupilAnswers, *, back: str | None = None) -> list[dict[str, str | None]]:
    """Return a row per question; with `back`, each leads to its page, which then leads back there.

    Last come answers to what was asked another time, as when a pupil one worried about has not come back.
    """
    asked = pupil.questions.pages
    return [
        {
            "key": question(page),
            "value": answer_in_words(told, page),
            "url": url_for(ENDPOINTS[page], pupil_id=pupil.id, fran=back) if back and page in asked else None,
            "about": short_word(page),
        }
        for page in (*asked, *(page for page in told.answered if page not in asked))
    ]


def answer_in_words(told: PupilAnswers, page: PupilPage) -> str | None:
    """Return what was answered on a page, None when it is unanswered."""
    values = told.page(page)
    return None if values is None else _WRITERS[page](values)


def _urgent(values: UrgentAnswers) -> str:
    if not values.signs:
        return "Vet inte" if values.is_unknown else "Nej, inget akut"
    calls = values.calls
    called = f"Ni har ringt {_listed(calls.called)}" if calls and calls.called else "Ni har inte noterat något samtal"
    return _sentences(*(word(sign) for sign in values.signs), called)


def _identity(values: IdentityAnswers) -> str:
    number = masked(values.number) if values.number else ""
    born = f"född {swedish_date(values.birth_date)}" if values.birth_date and not number else ""
    form = word(values.school_form) if values.school_form else ""
    grade = f"årskurs {values.grade}" if values.grade else ""
    kind = "" if values.kind is IdentityKind.NONE else word(values.kind)
    return _sentences(
        _listed_plain(values.name, values.school_class), f"{kind} {number}".strip() or born, _listed_plain(form, grade)
    )


def _last_seen(values: LastSeenAnswers) -> str:
    start = word_or_unknown(values.absence_start, "Började saknas")
    if values.precision is DayPrecision.UNKNOWN or values.last_present_on is None:
        return _sentences("Dag: vet inte", start)
    about = "ungefär " if values.precision is DayPrecision.APPROXIMATE else ""
    return _sentences(f"{about}{swedish_date(values.last_present_on)}", start)


def _whereabouts(values: WhereaboutsAnswers) -> str:
    place = _listed_plain(
        word_or_unknown(values.place, "Plats"), values.country if values.place is Place.ABROAD else ""
    )
    said = f"Sagt av: {word(values.source).lower()}{_on(values.said_on)}"
    seen = f"Underlag: {_listed(word(each).lower() for each in values.evidence)}" if values.evidence else ""
    explanation = word_or_unknown(values.explanation, "Förklaring")
    return _sentences(place, explanation, values.explanation_text, said, seen, values.evidence_text)


def _leave(values: LeaveAnswers) -> str:
    until = f"Till och med {swedish_date(values.granted_until)}" if values.granted_until else ""
    expected = f"Väntas tillbaka {swedish_date(values.expected_return_on)}" if values.expected_return_on else ""
    return _sentences(word(values.status), until, expected)


def _contacts(values: ContactsAnswers) -> str:
    attempts = [_attempt(attempt) for attempt in values.attempts] or ["Inga kontaktförsök är noterade"]
    spoken = f"Talat med eleven själv: {word(values.spoken_with_child).lower()}{_on(values.spoken_on)}"
    return _sentences(*attempts, spoken)


def _attempt(attempt: ContactAttempt) -> str:
    way = word(attempt.way).lower() if attempt.way else ""
    return _listed_plain(swedish_date(attempt.on), way, attempt.with_whom, attempt.result)


def _siblings(values: SiblingsAnswers) -> str:
    return _sentences(*(_sibling(each) for each in values.siblings)) or _sentences(word(values.known))


def _sibling(sibling: Sibling) -> str:
    place = word_or_unknown(sibling.place, "skola").lower()
    missing = f"saknas också: {word(sibling.is_missing).lower()}"
    return _listed_plain(sibling.name or "Syskon", sibling.age, place, sibling.place_text, missing)


def _concern(values: ConcernAnswers) -> str:
    report = f"Orosanmälan: {word(values.report).lower()}{_on(values.reported_on)}" if values.report else ""
    return _sentences(
        word(values.concern), *(_sign(each) for each in values.signs), report, values.not_reported_because
    )


def _sign(sign: ObservedSign) -> str:
    return _listed_plain(swedish_date(sign.on), word(sign.sign).lower(), sign.text, sign.seen_by)


def _observed(values: ObservedAnswers) -> str:
    suspects = f"Misstanke om att eleven ska föras bort: {word(values.suspects).lower()}"
    return _sentences(suspects, *(_sign(each) for each in values.signs))


def _said(values: SaidAnswers) -> str:
    if not values.quote:
        return "Inget är noterat"
    heard = _listed_plain(swedish_date(values.on), values.said_to)
    return f"”{values.quote}”{f' ({heard})' if heard else ''}"


def _travel(values: TravelAnswers) -> str:
    if values.known is not AnyYesNo.YES:
        return f"{'Ingen resa som ni känner till' if values.known is AnyYesNo.NO else word(values.known)}."
    days = f"{swedish_date(values.leaves_on) or 'okänd dag'} till {swedish_date(values.back_on) or 'okänd dag'}"
    told = f"Berättat av {values.told_by}" if values.told_by else ""
    return _sentences(_listed_plain(values.where or "Okänt resmål", days, values.with_whom), told)


def _guardians(values: GuardiansAnswers) -> str:
    return _sentences(word(values.contact), values.because)


def _own_words(values: OwnWordsAnswers) -> str:
    return values.text or "Inget mer"


_WRITERS: Final[Mapping[PupilPage, Callable[[Any], str]]] = {
    PupilPage.URGENT: _urgent,
    PupilPage.IDENTITY: _identity,
    PupilPage.LAST_SEEN: _last_seen,
    PupilPage.WHEREABOUTS: _whereabouts,
    PupilPage.LEAVE: _leave,
    PupilPage.CONTACTS: _contacts,
    PupilPage.SIBLINGS: _siblings,
    PupilPage.CONCERN: _concern,
    PupilPage.GUARDIANS: _guardians,
    PupilPage.OWN_WORDS: _own_words,
    PupilPage.OBSERVED: _observed,
    PupilPage.SAID: _said,
    PupilPage.TRAVEL: _travel,
}


def _on(day: date | None) -> str:
    return f" {swedish_date(day)}" if day else ""


def _sentences(*parts: str) -> str:
    """Return parts as sentences: a capital first and a full stop last, however they were typed."""
    return " ".join(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _listed(parts: Iterable[str]) -> str:
    """Return parts as an enumeration: a, b och c."""
    *first, last = [part for part in parts if part] or [""]
    return f"{', '.join(first)} och {last}" if first else last


def _listed_plain(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
