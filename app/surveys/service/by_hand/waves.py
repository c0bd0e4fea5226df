"""The waves of a plan: the first asking and its follow-ups."""

from typing import Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import NotFound, Refused
from app.surveys.models import PlannedWave, SurveyPlan
from app.surveys.service.drafting import redraft
from app.surveys.types import MOST_WAVES, EditSurveyPlan, EditWave, WaveDays

NEXT_WAVE: Final = 15
"""School days, three weeks of them, from the due day of a wave to the opening of one that is added."""


def edit_plan(session: Session, actor: Actor, plan: SurveyPlan, command: EditSurveyPlan) -> None:
    """Turn a plan on or off, or let it ask longer before the break. Rounds that are open go on. Raises `Conflict`."""
    require_version(plan, command.version)
    changed = [name for name in ("is_active", "lead_days") if getattr(plan, name) != getattr(command, name)]
    if changed:
        plan.is_active, plan.lead_days = command.is_active, command.lead_days
        _changed(session, actor, plan, *changed)


def edit_wave(session: Session, actor: Actor, plan: SurveyPlan, number: int, command: EditWave) -> None:
    """Give a wave other days, for the rounds that are yet to be drafted. Raises `Conflict` and `NotFound`."""
    require_version(plan, command.version)
    wave = _find(plan, number)
    if wave.days == command.days:
        return
    wave.days, wave.changed_at = command.days, clock.now()
    _changed(session, actor, plan, "days")


def add_wave(session: Session, actor: Actor, plan: SurveyPlan, command: EditWave) -> None:
    """Add a follow-up after the last wave. Raises `Conflict`, and `Refused` when it is one too many or too early."""
    require_version(plan, command.version)
    if not can_add_wave(plan):
        raise Refused("waves_are_enough")
    last = plan.waves[-1]
    if command.days.open <= last.days.open:
        raise Refused("wave_is_too_early")
    number = last.number + 1
    wave = PlannedWave(
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        number=number,
        days=command.days,
        changed_at=clock.now(),
    )
    plan.waves.append(wave)
    _changed(session, actor, plan, "waves")


def can_add_wave(plan: SurveyPlan) -> bool:
    """Tell whether a plan may have one more follow-up; before a break there is nothing to follow up."""
    return len(plan.waves) < MOST_WAVES and not plan.kind.is_before_a_break


def suggest_days(plan: SurveyPlan) -> WaveDays:
    """Return days for the next follow-up: three weeks after the last wave is due."""
    last = plan.waves[-1].days
    return last.later(last.due + NEXT_WAVE - last.open)


def remove_wave(session: Session, actor: Actor, plan: SurveyPlan, number: int, version: int) -> None:
    """Take the last follow-up away. Rounds that are drafted already stay and can be cancelled. Raises `Refused`."""
    require_version(plan, version)
    wave = _find(plan, number)
    if wave is not plan.waves[-1] or wave.number == 0:
        raise Refused("not_the_last_wave")
    plan.waves.remove(wave)
    _changed(session, actor, plan, "waves")


def _find(plan: SurveyPlan, number: int) -> PlannedWave:
    found = next((wave for wave in plan.waves if wave.number == number), None)
    if found is None:
        raise NotFound("planned wave")
    return found


def _changed(session: Session, actor: Actor, plan: SurveyPlan, *fields: str) -> None:
    flag_modified(plan, "title")  # The plan's version stands for its waves too, so that two who change them meet.
    redraft(session, plan.municipality_id)
    audit.record(session, actor, AuditAction.SURVEY_PLAN_CHANGED, plan.id, fields=list(fields))
