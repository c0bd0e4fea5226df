"""Keeping the plan: taken in from a file, and changed by hand.

`plans.csv`, with the Swedish headers as they are compared (without accents, capitals and spaces): plan (efter sommarlov
or efter jullov), rubrik (what its rounds are called, before the year), oppnar, paminner, sistasvarsdag and stanger
(school days after the first day of the organiser's term, in that order), pa (ja or nej). A folder without the file gets
the one shipped beside this package.
"""

from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.csv_files import Column, Problems, Row, read_table, require_unique
from app.kernel.database import require_version
from app.surveys.models import PlannedWave, SurveyPlan
from app.surveys.types import MOST_DAYS, EditSurveyPlan, PlanKind, WaveDays

SHIPPED: Final = Path(__file__).resolve().parents[1]
FILE: Final = "plans.csv"

_COLUMNS: Final = (
    Column("plan", ("plan",)),
    Column("rubrik", ("rubrik",), max_length=100),
    Column("oppnar", ("oppnar",)),
    Column("paminner", ("paminner",)),
    Column("sistasvarsdag", ("sistasvarsdag",)),
    Column("stanger", ("stanger",)),
    Column("pa", ("pa", "paslagen")),
)
FOLLOW_UPS: Final = (
    WaveDays(open=15, reminders=(17, 19), due=19, escalate=20, call=21, close=25),
    WaveDays(open=35, reminders=(37, 39), due=39, escalate=40, call=41, close=45),
)
"""About three weeks and about seven weeks after the first day."""
_KINDS: Final = {"eftersommarlov": PlanKind.AFTER_SUMMER, "efterjullov": PlanKind.AFTER_CHRISTMAS}


def import_plans(session: Session, municipality_id: UUID, folder: Path) -> None:
    """Give a new municipality its plans, from `plans.csv` in the folder or the shipped one. Raises `FilesRefused`."""
    problems = Problems()
    rows = read_table(folder if (folder / FILE).exists() else SHIPPED, FILE, _COLUMNS, problems)
    require_unique(rows, "plan")
    plans = [_plan(row, municipality_id) for row in rows]
    problems.raise_if_any()
    session.add_all(plan for plan in plans if plan is not None)
    session.flush()


def _plan(row: Row, municipality_id: UUID) -> SurveyPlan | None:
    amounts = [row.whole(name, at_most=MOST_DAYS) for name in ("oppnar", "paminner", "sistasvarsdag", "stanger")]
    if None in amounts:
        return None  # `row.whole` has noted why.
    try:
        days = _first_wave(*(amount for amount in amounts if amount is not None))
    except ValueError:
        row.problem("oppnar", "days_are_not_in_order")
        return None
    kind = row.choice("plan", _KINDS)
    plan = SurveyPlan(municipality_id=municipality_id, kind=kind, title=row.text("rubrik"), is_active=row.flag("pa"))
    later = [each for each in FOLLOW_UPS if each.open > days.close]
    plan.waves = [
        PlannedWave(municipality_id=municipality_id, plan_id=plan.id, number=number, days=each)
        for number, each in enumerate((days, *later))
    ]
    return plan


def _first_wave(opens: int, reminds: int, due: int, closes: int) -> WaveDays:
    return WaveDays(opens, (reminds,), due, due + 2, due + 3, closes)


def edit_plan(session: Session, actor: Actor, plan: SurveyPlan, command: EditSurveyPlan) -> None:
    """Give a plan other days, or turn it on or off, for the rounds that have not opened.

    A round that is open keeps the moments its schools were told. Raises `Conflict` when somebody else changed the plan.
    """
    require_version(plan, command.version)
    changed = [] if plan.days == command.days else ["days"]
    if plan.is_active is not command.is_active:
        changed.append("is_active")
    plan.waves[0].days, plan.is_active = command.days, command.is_active
    plan.drafted_at = None
    if changed:
        audit.record(session, actor, AuditAction.SURVEY_PLAN_CHANGED, plan.id, fields=changed)
