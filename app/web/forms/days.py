"""Days and clock times. Whatever is typed is kept, and nothing that is typed raises."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar

from wtforms.utils import unset_value

from app.kernel import clock
from app.web.forms.form import NOT_TEXT, Field, Unacceptable, printable, tidy_line

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
NO_SUCH_DAY = "Dagen finns inte i kalendern, skriv till exempel 21 8 2026"
NO_SUCH_TIME = "Skriv klockslaget som 10.20"
_CLOCK = re.compile("([01]?[0-9]|2[0-3])(?:[.:]?([0-5][0-9]))?")
_SHORTEST_MONTH = 3
"""Letters that tell the months apart."""
_LABELS = {"day": "dag", "month": "månad", "year": "år", "clock": "klockslag"}
_DAY = re.compile("0?[1-9]|[12][0-9]|3[01]")
_MONTH = re.compile("0?[1-9]|1[0-2]")
_YEAR = re.compile("19[0-9]{2}|20[0-9]{2}")
"""Wide enough for any birth and any plan; what lies outside is mistyped."""

Limit = date | Callable[[], date] | None


def day_in_words(day: date) -> str:
    """Return a day as it stands in a sentence."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_clock(text: str) -> time:
    """Return the time in "10.20", "10:20", "1020" or "10". Raises `Unacceptable`."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise Unacceptable(NO_SUCH_TIME)
    return time(int(match[1]), int(match[2] or 0))


class ClockField(Field):
    """A time of day."""

    data: time | None
    inputmode = "numeric"
    width = 5

    def read(self, text: str) -> time | None:
        """Return the time."""
        line = tidy_line(text)
        return read_clock(line) if line else None

    def written(self, value: Any) -> str:
        """Return the time as 10.20."""
        return f"{value:%H.%M}" if value else ""


class PartsField(Field):
    """An answer typed in several small controls, each named after the field and its part."""

    PARTS: ClassVar[tuple[str, ...]] = ()
    inputmode = "numeric"

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: dict[str, str] = {}
        self.wrong_parts: frozenset[str] = frozenset()

    @property
    def focus_id(self) -> str:
        """The first control that is wrong, or the first of all."""
        return next(
            (self.part_id(part) for part in self.PARTS if part in self.wrong_parts), self.part_id(self.PARTS[0])
        )

    def part_id(self, part: str) -> str:
        """Return the id of one control."""
        return f"{self.id}-{part}"

    def part_name(self, part: str) -> str:
        """Return the name under which one control is posted."""
        return f"{self.name}-{part}"

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What each control sends."""
        return [(self.part_name(part), self.part_shown(part)) for part in self.PARTS]

    def part_shown(self, part: str) -> str:
        """Return what stands in one control."""
        return self.typed[part] if self.raw_data is not None else self.written_parts(self.data).get(part, "")

    def written_parts(self, value: Any) -> Mapping[str, str]:
        """Return a known value as a person would type it, part by part."""
        raise NotImplementedError

    def read_parts(self, parts: Mapping[str, str]) -> Any:
        """Return the answer in tidy parts, at least one of which is filled in. Raises `Unacceptable`."""
        raise NotImplementedError

    def refuse(self, message: str, *parts: str) -> Unacceptable:
        """Return the failure to raise, after marking the parts that are wrong (all, if none is named)."""
        self.wrong_parts = frozenset(parts or self.PARTS)
        return Unacceptable(message)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take over a known value, then what was posted instead of it."""
        super().process(None, data, extra_filters)
        if formdata is None:
            return
        posted = {part: (formdata.getlist(self.part_name(part)) or [""])[0] for part in self.PARTS}
        self.raw_data = list(posted.values())
        self.typed = {part: printable(value) for part, value in posted.items()}
        self.data = None
        try:
            self.data = self._read_posted(posted)
        except Unacceptable as failure:
            self.process_errors = [*self.process_errors, str(failure)]

    def _read_posted(self, posted: Mapping[str, Any]) -> Any:
        for part, value in posted.items():
            if not isinstance(value, str):
                raise self.refuse(NOT_TEXT, part)
        parts = {}
        for part, value in posted.items():
            try:
                parts[part] = tidy_line(value)
            except Unacceptable as failure:
                raise self.refuse(str(failure), part) from failure
        return self.read_parts(parts) if any(parts.values()) else None

    def demand_all(self, parts: Mapping[str, str]) -> None:
        """Refuse an answer that is only begun, saying which parts are missing."""
        missing = [part for part in self.PARTS if not parts[part]]
        if missing:
            words = " och ".join(
                filter(None, (", ".join(_LABELS[part] for part in missing[:-1]), _LABELS[missing[-1]]))
            )
            example = ", till exempel 21 8 2026" if missing != ["clock"] else ", till exempel 10.20"
            raise self.refuse(f"Fyll i {words}{example}", *missing)


class _CalendarField(PartsField):
    """What a day and a moment have in common: a day within limits, its month perhaps a word.

    `earliest` and `latest` are days or functions giving one; `name_in_errors` begins what is said of a day outside.
    """

    def __init__(
        self, label: str = "", *, not_in_future: bool = False, not_in_past: bool = False, earliest: Limit = None,
        latest: Limit = None, name_in_errors: str = "Dagen", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(label, **kwargs)
        self.not_in_future, self.not_in_past = not_in_future, not_in_past
        self.earliest, self.latest = earliest, latest
        self.name_in_errors = name_in_errors

    def read_day(self, parts: Mapping[str, str]) -> date:
        """Return the day that the parts name, within its limits. Raises `Unacceptable`."""
        self.demand_all(parts)
        if re.fullmatch("[0-9]{1,3}", parts["year"]):
            raise self.refuse("Skriv året med fyra siffror, till exempel 2026", "year")
        day, month, year = _number(_DAY, parts["day"]), _month(parts["month"]), _number(_YEAR, parts["year"])
        if day is None or month is None or year is None:
            wrong = [part for part, number in (("day", day), ("month", month), ("year", year)) if number is None]
            raise self.refuse(NO_SUCH_DAY, *wrong)
        try:
            found = date(year, month, day)
        except ValueError as failure:  # 31 April, or 29 February of a common year.
            raise self.refuse(NO_SUCH_DAY, "day") from failure
        self._demand_within_limits(found)
        return found

    def _demand_within_limits(self, day: date) -> None:
        today = clock.today()
        if self.not_in_future and day > today:
            raise self.refuse(f"{self.name_in_errors} ligger i framtiden. Skriv senast {day_in_words(today)}.")
        if self.not_in_past and day < today:
            raise self.refuse(f"{self.name_in_errors} har redan varit. Skriv tidigast {day_in_words(today)}.")
        earliest, latest = _resolve(self.earliest), _resolve(self.latest)
        if earliest and day < earliest:
            raise self.refuse(f"{self.name_in_errors} är för tidig. Skriv tidigast {day_in_words(earliest)}.")
        if latest and day > latest:
            raise self.refuse(f"{self.name_in_errors} är för sen. Skriv senast {day_in_words(latest)}.")


class DayField(_CalendarField):
    """A day, typed as day, month and year."""

    data: date | None
    PARTS = ("day", "month", "year")

    def written_parts(self, value: Any) -> Mapping[str, str]:
        """Return day, month and year in figures."""
        return _parts_of(value) if value else {}

    def read_parts(self, parts: Mapping[str, str]) -> date:
        """Return the day."""
        return self.read_day(parts)


class MomentField(_CalendarField):
    """A day and a clock time in Sweden; `data` is that moment in UTC."""

    data: datetime | None
    PARTS = ("day", "month", "year", "clock")

    def written_parts(self, value: Any) -> Mapping[str, str]:
        """Return the Swedish day and clock time in figures."""
        local = clock.local(value) if value else None
        return {**_parts_of(local), "clock": f"{local:%H.%M}"} if local else {}

    def read_parts(self, parts: Mapping[str, str]) -> datetime:
        """Return the moment."""
        day = self.read_day(parts)
        try:
            moment = clock.at(day, read_clock(parts["clock"]))
        except Unacceptable as failure:
            raise self.refuse(str(failure), "clock") from failure
        if self.not_in_future and moment > clock.now():
            raise self.refuse(
                f"Klockslaget har inte varit ännu. Skriv senast {clock.local(clock.now()):%H.%M}.", "clock"
            )
        return moment


def _parts_of(day: date) -> dict[str, str]:
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def _resolve(limit: Limit) -> date | None:
    return limit() if callable(limit) else limit


def _number(shape: re.Pattern[str], text: str) -> int | None:
    return int(text) if shape.fullmatch(text) else None


def _month(text: str) -> int | None:
    if (number := _number(_MONTH, text)) is not None:
        return number
    word = text.lower().rstrip(".")
    if len(word) < _SHORTEST_MONTH:
        return None
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word)), None)
