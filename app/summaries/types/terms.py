"""Terms as people write them, in the order in which they come."""

import re

_TERM = re.compile(r"(VT|HT) ([0-9]{4})")


def term_order(term: str) -> int:
    """Return a number that grows from term to term: VT 2026, HT 2026, VT 2027. Raises `ValueError` for no term."""
    if (parts := _TERM.fullmatch(term)) is None:
        raise ValueError("not a term")
    return 2 * int(parts[2]) + (parts[1] == "HT")


def year_of(order: int) -> int:
    """Return the year of a term by its order."""
    return order // 2


def is_autumn(order: int) -> bool:
    """Whether it is an autumn term."""
    return order % 2 == 1


def same_season_before(order: int) -> int:
    """Return the order of the term a year earlier: autumn is compared with autumn."""
    return order - 2
