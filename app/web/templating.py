"""What every template can say: filters for Swedish days and numbers, and what the page's frame shows.

Undefined is strict: a page that lacks a value fails instead of showing a hole.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import Babel
from jinja2 import StrictUndefined
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from app.kernel import clock
from app.web import conflicts, idempotency, requests, typed_forms, typed_words
from app.web.forms import list_errors

NARROW_SPACE = "\u202f"
"""Narrow no-break space, between groups of three digits."""
HIDDEN = "\u2022"
SWEDISH = Locale("sv")
_IDENTITY_NUMBER = re.compile("([0-9]{6}|[0-9]{8})[-+]?.{4}")

Day = date | datetime
Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link in the main menu."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands around every page: whose tool it is, who is signed in and where that person can go.

    `contact_name` and `contact_phone` are whom a school rings when a page will not work. The session ends when it has
    rested for `rests_for`, and in any case in `ends_in`.
    """

    municipality_name: str
    account_name: str
    account_place: str
    navigation: tuple[NavigationItem, ...]
    is_rehearsal: bool
    rehearsal_now: datetime | None
    is_signed_in: bool
    contact_name: str = ""
    contact_phone: str = ""
    rests_for: timedelta = timedelta()
    ends_in: timedelta = timedelta()

    @classmethod
    def anonymous(cls) -> "Chrome":
        """Return the frame of a page nobody has signed in for."""
        return cls("", "", "", (), is_rehearsal=False, rehearsal_now=None, is_signed_in=False)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How a due moment stands to now; which words that takes is the template's business.

    `days` counts midnights passed or left; `hours` and `minutes` are exact.
    """

    kind: Literal["late", "today", "later"]
    day: date
    moment: datetime | None
    days: int
    hours: int
    minutes: int


def init_app(app: Flask) -> None:
    """Give `app` Swedish pages."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "sv")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", str(clock.STOCKHOLM))
    Babel(app)
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update({function.__name__: function for function in FILTERS})
    environment.globals.update(
        chrome=LocalProxy(current_chrome),
        clock_reading=clock_reading,
        csp_nonce=lambda: g.get("csp_nonce", ""),
        form_errors=form_errors,
        form_key=_form_key,
        now=clock.now,
        plural=plural,
        field_conflict=conflicts.found,
        typed_shown=typed_forms.shown,
        typed_words=typed_words.list_words,
        printed_at=clock.now,  # The layouts' own name: a page may well call something else `now`.
        today=clock.today,
    )


def current_chrome() -> Chrome:
    """Return the frame of this request's page."""
    found = g.get("chrome")
    return found if isinstance(found, Chrome) else Chrome.anonymous()


def _form_key() -> str:
    actor = requests.find_actor()
    return idempotency.make_key(actor.account_id if actor else None)


def form_errors(forms: list[Any]) -> list[Any]:
    """Return the errors of all forms on a page, in order."""
    return [error for form in forms for error in list_errors(form)]


def clock_reading(due: Day, now: datetime | None = None) -> ClockReading:
    """Return how far off `due` is. A day without a time is late when it is over."""
    at = now or clock.now()
    today = clock.local(at).date()
    if not isinstance(due, datetime):
        kind: Literal["late", "today", "later"] = "late" if due < today else "today" if due == today else "later"
        return ClockReading(kind, due, None, abs((due - today).days), 0, 0)
    day = clock.local(due).date()
    hours, minutes = divmod(int(abs(due - at).total_seconds()) // 60, 60)
    kind = "late" if due < at else "today" if day == today else "later"
    return ClockReading(kind, day, due, abs((day - today).days), hours, minutes)


def swedish_date(value: Day | None) -> str:
    """Return a day for tables: 2026-08-21."""
    return "" if value is None else _day(value).isoformat()


def swedish_day(value: Day | None) -> str:
    """Return a day for sentences: fredag 21 augusti 2026."""
    return _written(value, "EEEE d MMMM y")


def short_day(value: Day | None) -> str:
    """Return a day for narrow columns: fre 21 aug."""
    return _written(value, "EEE d MMM").replace(".", "")


def swedish_time(value: datetime | None) -> str:
    """Return the time on a Swedish clock: 09.42."""
    return "" if value is None else f"{clock.local(value):%H.%M}"


def swedish_moment(value: datetime | None) -> Markup:
    """Return a moment for sentences: fredag 28 augusti 2026 kl. 16.00. The clock time stays on one line."""
    return Markup() if value is None else _at(swedish_day(value), value)


def moment_near(value: datetime | None, now: datetime | None = None) -> Markup:
    """Return a moment close by: i dag kl. 09.42, fredag 21 augusti kl. 09.42, with the year when it is another."""
    if value is None:
        return Markup()
    day, today = _day(value), _day(now or clock.now())
    if day == today:
        return _at("i dag", value)
    return _at(_written(day, "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"), value)


def number(value: Number | None, decimals: int | None = None) -> str:
    """Return a number as 6 214 or 8,0; the space between the groups neither breaks nor spreads."""
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return "" if value is None else format_decimal(value, pattern, locale=SWEDISH).replace("\xa0", NARROW_SPACE)


def percent(value: Number | None) -> str:
    """Return a share as per cent: 86 % of 0.86."""
    return "" if value is None else f"{number(value * 100, 0)}\xa0%"


def masked(value: str | None) -> str:
    """Return an identity number without its last four: 20150612-••••; nothing at all of what has another shape."""
    if not value:
        return ""
    birth = _IDENTITY_NUMBER.fullmatch(value)
    return f"{birth[1]}-{HIDDEN * 4}" if birth else HIDDEN * 8


def country_name(code: str | None) -> str:
    """Return the Swedish name of an ISO 3166 country, or the code itself when there is none."""
    return "" if not code else SWEDISH.territories.get(code.upper(), code)


def tel(value: str | None) -> str:
    """Return the address that rings a number."""
    return "tel:" + re.sub(r"[^0-9+]", "", value or "")


def nl2p(value: str | None) -> Markup:
    """Return somebody's own words as paragraphs, nothing in them taken for markup."""
    paragraphs = re.split(r"\n\s*\n", (value or "").strip())
    lines = (escape(text).replace("\n", Markup("<br>")) for text in paragraphs if text)
    return Markup("\n").join(Markup("<p>{}</p>").format(text) for text in lines)


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun: 1 skola, 3 skolor."""
    return f"{number(count)} {one if count == 1 else many}"


def unbroken(value: str) -> str:
    """Return a title whose last number stays on the line of the word before it."""
    return re.sub(r" (?=[0-9]+$)", "\u00a0", value)


FILTERS: tuple[Callable[..., Any], ...] = (
    *(country_name, masked, moment_near, nl2p, number, percent, short_day),
    *(swedish_date, swedish_day, swedish_moment, swedish_time, tel, unbroken),
)


def _day(value: Day) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _written(value: Day | None, pattern: str) -> str:
    return "" if value is None else format_date(_day(value), pattern, locale=SWEDISH)


def _at(day: str, value: datetime) -> Markup:
    return Markup("{} kl.&nbsp;{}").format(day, swedish_time(value))
