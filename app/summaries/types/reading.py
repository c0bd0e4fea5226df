"""On which days the children of a term are counted.

Two tables of the same term tell what lies between them. Were they counted daily, a change of one would be that day's
child; were they counted while schools still answer, it would be the child of the school that has just left the list of
the silent. So children are counted

- not before every round of the term is closed or every school unit has answered;
- then never twice within 28 days, and a last time when the term is over.

What is guaranteed: between any two tables of a term lie at least 28 days, no school's first answer falls between them
(but for one handed in to a round that was reopened), and everybody sees the same table. What is not: somebody who has
kept the table of four weeks ago learns the net change of each printed count in the whole municipality or a grade band
since then, as with any statistics that are published again and again. Earlier tables of a term are not kept.
"""

from datetime import date, timedelta

APART = timedelta(days=28)


def is_count_due(*, today: date, last: date | None, term_ends_on: date | None) -> bool:
    """Tell whether children are to be counted today; `last` is the day they last were, if they were.

    In the last 28 days of a term nobody counts again, so that the last count can come on its first day off.
    """
    if last is None:
        return True
    if today - last < APART:
        return False
    return term_ends_on is None or today > term_ends_on or term_ends_on - today >= APART


def is_last_count(*, today: date, term_ends_on: date | None) -> bool:
    """Tell whether what is counted today is the term's last word."""
    return term_ends_on is not None and today > term_ends_on
