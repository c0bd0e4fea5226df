"""Words for what an answer holds, and what a case keeps of it as text. The words themselves stand in templates."""

import re
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.kernel import clock
from app.kernel.rendering import TEMPLATES
from app.responses.types import PupilAnswers, PupilPage, WhereaboutsAnswers

_environment: Final = Environment(
    loader=FileSystemLoader(TEMPLATES / "responses"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - plain text; whoever shows it as HTML escapes it
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def _lists() -> Any:
    return _environment.get_template("_words.html").module


def words(kind: type[StrEnum]) -> dict[str, str]:
    """Return what the values of a closed list are called, in the order of the list."""
    return cast(dict[str, str], _lists().words[kind.__name__])


def word(value: StrEnum) -> str:
    """Return what a value of a closed list is called."""
    return words(type(value))[value.value]


def word_or_unknown(value: StrEnum, what: str) -> str:
    """Return what a value is called; when nobody knows it, what it is that nobody knows."""
    return f"{what}: {word(value).lower()}" if value.value == "unknown" else word(value)


def short_word(page: PupilPage) -> str:
    """Return a question page in a word or two, to stand inside a sentence."""
    return cast(str, _lists().short[page.value])


def unnamed() -> str:
    """Return what a child is called in a case while the school has not said who it is."""
    return cast(str, _lists().unnamed)


def compose_note(told: PupilAnswers) -> str:
    """Return a school's answer about a pupil as text, without name and number."""
    return _render("_case_note.txt", told=told, withheld=False, removed=False)


def compose_withheld_note() -> str:
    """Return what a case is told when the pupil's personal data turn out to be protected."""
    return _render("_case_note.txt", told=None, withheld=True, removed=False)


def compose_removed_note() -> str:
    """Return what a case is told when the school has taken the pupil off its list."""
    return _render("_case_note.txt", told=None, withheld=False, removed=True)


def compose_not_back_note() -> str:
    """Return what a case is told when a child who was worried about has not come back after the break."""
    return _render("_not_back_note.txt")


def compose_claim(told: WhereaboutsAnswers) -> str:
    """Return what is said about where the pupil is."""
    return _render("_claim.txt", told=told)


def compose_seen(told: WhereaboutsAnswers) -> str:
    """Return what somebody at the school has seen."""
    return _render("_seen.txt", told=told)


def _render(template: str, **values: object) -> str:
    text = _environment.get_template(template).render(**values)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _clock_time(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local:%Y-%m-%d} kl. {local:%H.%M}"


_environment.filters.update(word=word, word_or_unknown=word_or_unknown, clock_time=_clock_time)
