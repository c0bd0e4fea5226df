"""The list of rounds."""

from collections.abc import Sequence

from app.surveys.models import SurveyPlan
from app.surveys.types import Occurrence


def name_missed(occurrences: Sequence[Occurrence], plans: Sequence[SurveyPlan]) -> Sequence[str]:
    """Return the titles of the rounds that were never opened."""
    titles = {plan.id: plan.title for plan in plans}
    return [f"{titles[each.plan_id]} {each.year}" for each in occurrences]
