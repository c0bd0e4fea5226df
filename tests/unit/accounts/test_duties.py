"""What a duty adds to one that somebody has already."""

from datetime import date
from uuid import uuid4

import pytest

from app.accounts.types import Duty, GrantDuty

UNIT = uuid4()
MONDAY, FRIDAY = date(2026, 8, 24), date(2026, 8, 28)


@pytest.mark.parametrize(
    ("held", "granted", "meets"),
    [
        (Duty.STAFF, Duty.DELEGATE, False),
        (Duty.DELEGATE, Duty.DELEGATE, True),
        (Duty.DELEGATE, Duty.ACTING, False),
        (Duty.ACTING, Duty.DELEGATE, True),
        (Duty.ACTING, Duty.PRINCIPAL, False),
        (Duty.PRINCIPAL, Duty.ACTING, True),
    ],
)
def test_who_is_more_already_is_not_made_less_and_who_is_less_may_become_more(
    held: Duty, granted: Duty, *, meets: bool
) -> None:
    assert GrantDuty(granted, (UNIT,), MONDAY, FRIDAY).meets(UNIT, held, MONDAY, FRIDAY) is meets


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "meets"),
    [
        (date(2026, 8, 1), None, True),
        (FRIDAY, None, True),
        (date(2026, 8, 29), None, False),
        (date(2026, 8, 1), MONDAY, True),
        (date(2026, 8, 1), date(2026, 8, 23), False),
    ],
)
def test_both_first_and_last_day_are_in_it(starts_on: date, ends_on: date | None, *, meets: bool) -> None:
    assert GrantDuty(Duty.DELEGATE, (UNIT,), MONDAY, FRIDAY).meets(UNIT, Duty.DELEGATE, starts_on, ends_on) is meets


def test_another_school_has_nothing_to_do_with_it() -> None:
    assert not GrantDuty(Duty.DELEGATE, (UNIT,), MONDAY, FRIDAY).meets(uuid4(), Duty.PRINCIPAL, MONDAY, None)
