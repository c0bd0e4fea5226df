from datetime import date, timedelta

from app.pupils.types import GradeBand
from app.summaries.types import Alike, Step, tally

DAY = date(2026, 8, 24)
SCHOOL, OTHER_SCHOOL = frozenset({"a"}), frozenset({"b"})


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def test_nobody_is_missing():
    figures = tally([])
    assert (figures.missing, figures.reported, figures.days) == (0, 0, {})


def test_children_are_counted_by_what_happened_to_them():
    figures = tally(
        [
            Alike(3, GradeBand.UPPER, SCHOOL, DAY),
            Alike(2, GradeBand.UPPER, OTHER_SCHOOL, DAY, located_on=after(4), returned_on=after(6)),
            Alike(1, GradeBand.LOWER, SCHOOL, DAY, reported_on=after(1)),
            Alike(1, GradeBand.LOWER, SCHOOL, DAY, reported_on=after(3), acknowledged_on=after(4)),
        ]
    )
    assert (figures.missing, figures.still_missing, figures.located) == (7, 5, 2)
    assert (figures.reported, figures.acknowledged, figures.returned) == (2, 1, 2)
    upper, lower = figures.bands[GradeBand.UPPER], figures.bands[GradeBand.LOWER]
    assert (upper.missing, upper.missing_units, upper.still_missing_units) == (5, 2, 1)
    assert (lower.missing, lower.missing_units) == (2, 1)
    assert figures.days == {Step.LOCATED: 4, Step.REPORTED: 2, Step.ACKNOWLEDGED: 1, Step.RETURNED: 6}


def test_a_median_weighs_every_child():
    groups = [
        Alike(1, GradeBand.LOWER, SCHOOL, DAY, located_on=after(1)),
        Alike(4, GradeBand.LOWER, SCHOOL, DAY, located_on=after(9)),
    ]
    assert tally(groups).days[Step.LOCATED] == 9


def test_a_report_written_before_the_child_was_missing_took_no_days():
    assert tally([Alike(1, GradeBand.LOWER, SCHOOL, DAY, reported_on=after(-3))]).days[Step.REPORTED] == 0
