"""Terms from before the product, as the municipality counted them itself.

`history.csv`, with the Swedish headers as they are compared (without accents, capitals and spaces): termin (HT 2025),
raknat (the day it was counted, 2026-01-09), skolenheter and svarat, eleverisvaren and eleverialla, anmalda, bekraftade
and tillbaka, the median days dagaraterfunna, dagaranmalda, dagarbekraftade and dagartillbaka, and for each grade band
(lag, mellan, hog, gymnasium, ovriga) how many were missing and still are: lagsaknades, lagsaknas. `enskola` may name
the grade bands whose pupils all go to one school, parted by spaces. The counts are protected like any others and then
forgotten; a term that is already there is left alone.
"""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.csv_files import Column, Problems, Row, fold, read_table, require_unique
from app.pupils.types import GradeBand
from app.summaries import queries
from app.summaries.models import TermSnapshot
from app.summaries.types import (
    AnswerFigures,
    BandFigures,
    ChildFigures,
    ChildTable,
    PublishedTerm,
    Step,
    term_order,
)

FILE: Final = "history.csv"
MOST_PUPILS: Final = 1_000_000
"""More than any municipality has."""

_BANDS: Final[Mapping[str, GradeBand]] = {
    "lag": GradeBand.LOWER,
    "mellan": GradeBand.MIDDLE,
    "hog": GradeBand.UPPER,
    "gymnasium": GradeBand.UPPER_SECONDARY,
    "ovriga": GradeBand.OTHER,
}
_DAYS: Final[Mapping[str, Step]] = {
    "dagaraterfunna": Step.LOCATED,
    "dagaranmalda": Step.REPORTED,
    "dagarbekraftade": Step.ACKNOWLEDGED,
    "dagartillbaka": Step.RETURNED,
}
_COUNTS: Final = ("skolenheter", "svarat", "eleverisvaren", "eleverialla", "anmalda", "bekraftade", "tillbaka")
_COLUMNS: Final = (
    *(Column(name, (name,)) for name in ("termin", "raknat", *_COUNTS)),
    *(Column(name, (name,), is_required=False) for name in (*_DAYS, "enskola")),
    *(Column(name, (name,)) for band in _BANDS for name in (f"{band}saknades", f"{band}saknas")),
)


def import_history(session: Session, actor: Actor, folder: Path) -> None:
    """Take in `history.csv` of a folder, all of it or nothing; a folder without it has no history.

    Raises `FilesRefused` when a row cannot be right, such as more children reported than were missing.
    """
    if not (folder / FILE).exists():
        return
    problems = Problems()
    rows = read_table(folder, FILE, _COLUMNS, problems)
    require_unique(rows, "termin")
    snapshots = [_snapshot(row, actor) for row in rows]
    problems.raise_if_any()
    for snapshot in snapshots:
        if snapshot and queries.find_snapshot(session, actor.municipality_id, snapshot.term) is None:
            session.add(snapshot)
            audit.record(session, actor, AuditAction.SUMMARY_FROZEN, snapshot.id)
    session.flush()


def _snapshot(row: Row, actor: Actor) -> TermSnapshot | None:
    """Return the frozen term of a row, or None after noting what is wrong with it."""
    term, counted_on = row.text("termin"), row.day("raknat")
    counts = {name: row.whole(name, at_most=MOST_PUPILS) or 0 for name in _COUNTS}
    figures = _children(row, counts)
    try:
        term_order(term)
    except ValueError:
        row.problem("termin", "not_a_term")
        return None
    if figures is None:
        return None
    answers = AnswerFigures(
        units=counts["skolenheter"],
        answered=counts["svarat"],
        enrolled=counts["eleverisvaren"],
        enrolled_in_all=counts["eleverialla"],
    )
    table = ChildTable.publish(figures, counted_on=counted_on, enrolled=answers.enrolled)
    snapshot = TermSnapshot(municipality_id=actor.municipality_id, term=term)
    snapshot.freeze(PublishedTerm(answers, table), at=clock.at(counted_on, time(12)), is_final=True)
    return snapshot


def _children(row: Row, counts: Mapping[str, int]) -> ChildFigures | None:
    days = {step: row.whole(name, at_most=3_650) for name, step in _DAYS.items()}
    try:
        return ChildFigures(
            bands=_bands(row),
            reported=counts["anmalda"],
            acknowledged=counts["bekraftade"],
            returned=counts["tillbaka"],
            days={step: float(median) for step, median in days.items() if median is not None},
        )
    except ValueError:
        row.problem("", "counts_contradict_each_other")
        return None


def _bands(row: Row) -> dict[GradeBand, BandFigures]:
    of_one_school = {fold(word) for word in row.text("enskola").split()}
    if of_one_school - _BANDS.keys():
        row.problem("enskola", "not_a_choice")
    bands = {}
    for name, band in _BANDS.items():
        missing, still = (row.whole(f"{name}{column}", at_most=MOST_PUPILS) or 0 for column in ("saknades", "saknas"))
        units = {"missing_units": 1, "still_missing_units": 1} if name in of_one_school else {}
        bands[band] = BandFigures(missing, still, **units)
    return bands
