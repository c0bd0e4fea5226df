"""Keeping the plan: taken in from a file, and changed by hand.

`plans.csv`, a row for each wave, with the Swedish headers as they are compared (without accents, capitals and spaces):

- plan: efter sommarlov, efter jullov, efter hostlov, infor jullov, infor sommarlov or nar som helst
- vag: 0 for the first asking, then 1 and so on; may be left out, for 0
- rubrik: what the plan's rounds are called, before the year; that of the first wave holds
- oppnar, paminner (one to three days parted by space), sistasvarsdag, vandersigvidare, ringer, stanger: school days
  after the day the round hangs on, in that order; vandersigvidare and ringer may be left out, for two and three days
  after the last day to answer; all are empty for nar som helst
- dagarfore: for rounds before a break, how many school days before it day 0 is
- pa: ja or nej

A folder without the file gets the one shipped beside this package.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.csv_files import Column, Problems, Row, read_table, require_unique
from app.surveys.models import PlannedWave, SurveyPlan
from app.surveys.service.drafting import redraft
from app.surveys.types import MOST_DAYS, PlanKind, WaveDays

SHIPPED: Final = Path(__file__).resolve().parents[1]
FILE: Final = "plans.csv"
MOST_NUMBERED_WAVES: Final = 9
_SOME_DAYS: Final = re.compile("[0-9]{1,2}")

_COLUMNS: Final = (
    Column("plan", ("plan",)),
    Column("vag", ("vag",), is_required=False),
    Column("rubrik", ("rubrik",), max_length=100),
    Column("oppnar", ("oppnar",), is_required=False),
    Column("paminner", ("paminner",), is_required=False),
    Column("sistasvarsdag", ("sistasvarsdag",), is_required=False),
    Column("vandersigvidare", ("vandersigvidare",), is_required=False),
    Column("ringer", ("ringer",), is_required=False),
    Column("stanger", ("stanger",), is_required=False),
    Column("dagarfore", ("dagarfore",), is_required=False),
    Column("pa", ("pa", "paslagen")),
)
_KINDS: Final = {
    "eftersommarlov": PlanKind.AFTER_SUMMER,
    "efterjullov": PlanKind.AFTER_CHRISTMAS,
    "efterhostlov": PlanKind.AFTER_AUTUMN,
    "inforjullov": PlanKind.BEFORE_CHRISTMAS,
    "inforsommarlov": PlanKind.BEFORE_SUMMER,
    "narsomhelst": PlanKind.ANY_TIME,
}


def import_plans(session: Session, municipality_id: UUID, folder: Path) -> None:
    """Give a new municipality its plans, from `plans.csv` in the folder or the shipped one. Raises `FilesRefused`."""
    plans = _read(folder if (folder / FILE).exists() else SHIPPED, municipality_id)
    session.add_all(plans)
    if all(plan.kind is not PlanKind.ANY_TIME for plan in plans):
        add_any_time_plan(session, municipality_id)
    redraft(session, municipality_id)


def add_any_time_plan(session: Session, municipality_id: UUID) -> SurveyPlan:
    """Give a municipality the plan of what schools begin by themselves, which has no days and is always the same."""
    (plan,) = (each for each in _read(SHIPPED, municipality_id) if each.kind is PlanKind.ANY_TIME)
    session.add(plan)
    return plan


def _read(folder: Path, municipality_id: UUID) -> Sequence[SurveyPlan]:
    problems = Problems()
    rows = read_table(folder, FILE, _COLUMNS, problems)
    require_unique(rows, "plan", "vag")
    kinds = [(row.choice("plan", _KINDS), row) for row in rows]
    plans = [
        _plan(kind, [row for _, row in waves], municipality_id)
        for kind, waves in groupby(sorted(kinds, key=lambda each: str(each[0])), key=lambda each: each[0])
    ]
    problems.raise_if_any()
    return plans


def _plan(kind: PlanKind, rows: Sequence[Row], municipality_id: UUID) -> SurveyPlan:
    waves = sorted((row.whole("vag", at_most=MOST_NUMBERED_WAVES) or 0, row.number, row) for row in rows)
    first = waves[0][-1]
    plan = SurveyPlan(
        municipality_id=municipality_id,
        kind=kind,
        title=first.text("rubrik"),
        is_active=first.flag("pa"),
        lead_days=first.whole("dagarfore", at_most=MOST_DAYS) or 0,
        begins_at=clock.now(),
    )
    plan.waves = []
    if kind is PlanKind.ANY_TIME:
        return plan
    for number, (said, _, row) in enumerate(waves):
        if said != number:
            row.problem("vag", "waves_are_not_numbered_in_order")
        if (days := _days(row)) is not None:
            wave = PlannedWave(municipality_id=municipality_id, plan_id=plan.id, number=number, days=days)
            plan.waves.append(wave)
    return plan


def _days(row: Row) -> WaveDays | None:
    """Return the days of a row, or None when they cannot be read, which is noted."""
    opens, due, closes = (_day(row, name) for name in ("oppnar", "sistasvarsdag", "stanger"))
    reminders = _reminders(row)
    if opens is None or due is None or closes is None or reminders is None:
        return None
    escalate = row.whole("vandersigvidare", at_most=MOST_DAYS)
    call = row.whole("ringer", at_most=MOST_DAYS)
    try:
        return WaveDays(
            opens, reminders, due, due + 2 if escalate is None else escalate, due + 3 if call is None else call, closes
        )
    except ValueError:
        row.problem("oppnar", "days_are_not_in_order")
        return None


def _day(row: Row, name: str) -> int | None:
    if not row.text(name):
        row.problem(name, "value_is_missing")
        return None
    return row.whole(name, at_most=MOST_DAYS)


def _reminders(row: Row) -> tuple[int, ...] | None:
    words = row.text("paminner").split()
    if not words or not all(_SOME_DAYS.fullmatch(word) and int(word) <= MOST_DAYS for word in words):
        row.problem("paminner", "not_a_whole_number" if words else "value_is_missing")
        return None
    return tuple(int(word) for word in words)
