"""The only reader of time.

`now()` is the domain's time: the machine's plus an offset that only a rehearsal database may have, stored in its
`installation` row and taken over whenever a session begins, so that every process of an installation agrees.
`wall()` is the machine's time and rules what protects the machine: sign-in sessions, throttles, tokens, leases.
"""

from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())


def wall() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the domain's time, aware, in UTC."""
    return wall() + _offset.get()


def shown(moment: datetime) -> datetime:
    """Return a moment of the machine's time as people are told of it: in a rehearsal it is another month."""
    return moment + _offset.get()


def today() -> date:
    """Return the domain's day in Sweden."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the same moment on a Swedish clock."""
    return moment.astimezone(STOCKHOLM)


def at(day: date, clock_time: time) -> datetime:
    """Return the moment, in UTC, when a Swedish clock shows `clock_time` on `day`.

    A time that the spring change skips is read on the clock before the change (02.30 becomes 03.30); of one that autumn
    repeats, the first is meant.
    """
    return datetime.combine(day, clock_time, tzinfo=STOCKHOLM).astimezone(UTC)


def synchronise(offset: timedelta) -> None:
    """Take over the installation's offset for what this thread does next."""
    _offset.set(offset)
