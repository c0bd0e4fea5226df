"""The plan in words: what each kind of round hangs on, its waves, and what is coming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.kernel import clock
from app.surveys import queries
from app.surveys.models import SurveyPlan, SurveyRound
from app.surveys.pages.words import wave_label
from app.surveys.service import can_add_wave
from app.surveys.types import PlanKind, WaveDays

_ANCHORS: Final = {
    PlanKind.AFTER_SUMMER: "höstterminens första dag",
    PlanKind.AFTER_CHRISTMAS: "vårterminens första dag",
    PlanKind.AFTER_AUTUMN: "första skoldagen efter höstlovet",
}
_BREAKS: Final = {PlanKind.BEFORE_CHRISTMAS: "jullovet", PlanKind.BEFORE_SUMMER: "sommarlovet"}


@dataclass(frozen=True, slots=True)
class WaveLine:
    """One wave of a plan."""

    number: int
    label: str
    days: WaveDays


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan with its waves."""

    plan: SurveyPlan
    anchor: str
    waves: Sequence[WaveLine]
    can_add: bool


@dataclass(frozen=True, slots=True)
class PlansPage:
    """The plans, and the rounds they have come to so far."""

    plans: Sequence[PlanCard]
    coming: Sequence[SurveyRound]
    names: Mapping[UUID, str]
    """Who confirmed what, by account id."""


def make_plans_page(session: Session, actor: Actor) -> PlansPage:
    """Return the page of plans."""
    coming = queries.list_drafts(session, clock.now(), visible_to=actor)
    confirmers = {each.confirmed_by_id for each in coming if each.confirmed_by_id is not None}
    cards = [make_plan_card(plan) for plan in queries.list_plans(session, actor.municipality_id)]
    return PlansPage(cards, coming, names_by_id(session, confirmers, visible_to=actor))


def make_plan_card(plan: SurveyPlan) -> PlanCard:
    """Return a plan with its waves in words."""
    waves = [WaveLine(wave.number, wave_label(wave.number), wave.days) for wave in plan.waves]
    return PlanCard(plan, name_anchor(plan), waves, can_add_wave(plan))


def name_anchor(plan: SurveyPlan) -> str:
    """Return the day that a plan's school days are counted from."""
    if plan.kind in _BREAKS:
        return f"den dag som är {plan.lead_days} skoldagar före {_BREAKS[plan.kind]}"
    return _ANCHORS.get(plan.kind, "")
