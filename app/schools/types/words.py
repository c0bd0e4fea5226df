"""Words of the school world."""

from enum import StrEnum


class OrganiserKind(StrEnum):
    """Who runs a school (2 kap. skollagen 2010:800)."""

    MUNICIPAL = "municipal"
    INDEPENDENT = "independent"
    REGION = "region"
    STATE = "state"


class TermKind(StrEnum):
    """The two terms of a school year."""

    AUTUMN = "autumn"
    SPRING = "spring"


class BreakKind(StrEnum):
    """The breaks within and after a school year."""

    SUMMER = "summer"
    AUTUMN = "autumn"
    CHRISTMAS = "christmas"
    WINTER = "winter"
    EASTER = "easter"
    DAY_OFF = "day_off"
    """A study day or another day without teaching; a school year may have several, of each other kind only one."""


class Anchor(StrEnum):
    """The days of a school year that survey rounds are reckoned from."""

    AUTUMN_TERM = "autumn_term"
    """The first day of the autumn term."""
    SPRING_TERM = "spring_term"
    """The first day of the spring term."""
    AFTER_AUTUMN_BREAK = "after_autumn_break"
    """The first school day after the autumn break."""
    CHRISTMAS_BREAK = "christmas_break"
    """The first day of the Christmas break, or lacking it the day after the autumn term."""
    SUMMER_BREAK = "summer_break"
    """The first day of the summer break, or lacking it the day after the spring term."""
