"""A term's figures as a file. It knows no more than what is published, and no web: a rehearsal writes it too."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from app.kernel import clock
from app.summaries.models import TermSnapshot
from app.summaries.pages.words import BAND_WORDS, STEP_WORDS
from app.summaries.types import Step

CSV_HEADER: Final = ("termin", "läget", "slutligt", "uppgift", "del", "värde")


def term_csv(snapshots: Sequence[TermSnapshot]) -> bytes:
    """Return frozen terms as CSV that a Swedish spreadsheet opens rightly: UTF-8 with a mark, parted by semicolon.

    One figure a row, with the signs of the page in the place of hidden counts. What a spreadsheet would take for a
    formula gets an apostrophe before it.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV_HEADER)
    for snapshot in snapshots:
        final = "ja" if snapshot.is_final else "nej"
        for counted_on, what, part, value in _figures(snapshot):
            writer.writerow([snapshot.term, counted_on, final, what, _harmless(part), value])
    return text.getvalue().encode("utf-8-sig")


def _figures(snapshot: TermSnapshot) -> Iterator[tuple[str, str, str, str]]:
    answers, children = snapshot.published.answers, snapshot.published.children
    day = clock.local(snapshot.frozen_at).date().isoformat()
    yield day, "Skolor", "tillfrågade", str(answers.units)
    yield day, "Skolor", "svarat", str(answers.answered)
    yield day, "Elever", "i svaren", str(answers.enrolled)
    yield day, "Elever", "i alla skolor", str(answers.enrolled_in_all)
    for name in answers.silent:
        yield day, "Inget svar", name, ""
    if children is None:
        return
    day = children.counted_on.isoformat()
    for step, label in STEP_WORDS.items():
        yield day, label, "alla", str(children.cells[step])
    for step, days in children.days.items():
        yield day, f"{STEP_WORDS[step]}, dagar", "median", str(days)
    for step in (Step.MISSING, Step.STILL_MISSING):
        for band, label in BAND_WORDS.items():
            yield day, STEP_WORDS[step], label, str(children.cells[step, band])


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
