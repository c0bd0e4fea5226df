"""The forms of a school year: its days by hand, a file of them, and for which unit."""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from app.kernel.errors import Refused
from app.schools.types import CalendarOwner, DaySpan, Fault, FaultCode, Period, SetSchoolYear, YearDays, find_faults
from app.schools.types import school_year_name as name_of
from app.web.forms import FileField, Form, HiddenTextField, LongTextField, PartsField, SelectField, VersionField
from app.web.forms.form import Unacceptable, tidy_line

YEAR_ADDED: Final = "Läsåret är tillagt. Kontrollera veckodagarna. Kartläggningarna räknas om inom tio minuter."
YEAR_SAVED: Final = "Läsåret är sparat. Kontrollera veckodagarna. Kartläggningarna räknas om inom tio minuter."
YEAR_REMOVED: Final = "Läsåret är borttaget."
LONGEST_FILE: Final = 300_000
"""Bytes: a thousand organisers' years. What is read is carried by the page that asks whether it is right."""

WEEKDAYS: Final = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
PERIOD_WORDS: Final = {
    Period.YEAR: "Läsåret",
    Period.AUTUMN_TERM: "Höstterminen",
    Period.SPRING_TERM: "Vårterminen",
    Period.AUTUMN_BREAK: "Höstlovet",
    Period.CHRISTMAS_BREAK: "Jullovet",
    Period.WINTER_BREAK: "Sportlovet",
    Period.EASTER_BREAK: "Påsklovet",
    Period.SUMMER_BREAK: "Sommarlovet",
    Period.DAY_OFF: "Lovdagen",
}
FAULT_WORDS: Final = {
    FaultCode.NOT_ITS_NAME: "{period} ska börja det första året i sitt namn och sluta året efter",
    FaultCode.TOO_LONG: "{period} blir för långt. Kontrollera dagarna.",
    FaultCode.TERM_IS_MISSING: "{period} saknas",
    FaultCode.OUTSIDE_THE_YEAR: "{period} ligger utanför läsåret",
    FaultCode.TERMS_OVERLAP: "Vårterminen börjar innan höstterminen har slutat",
    FaultCode.BREAKS_OVERLAP: "{period} går in i ett annat lov",
    FaultCode.NOT_IN_ITS_TERM: "{period} ligger utanför sin termin",
    FaultCode.IN_A_TERM: "{period} går in i en termin",
    FaultCode.OVERLAPS_ANOTHER_YEAR: "Läsåret går in i ett annat läsår, eller i sommarlovet före det",
}
REFUSALS: Final = {
    "school_year_exists": "Det läsåret finns redan. Öppna det och ändra där.",
    "school_years_overlap": FAULT_WORDS[FaultCode.OVERLAPS_ANOTHER_YEAR],
    "school_year_has_begun": "Läsåret har börjat och kan inte tas bort. Ändra dagarna i stället.",
}
NO_SUCH_DAY: Final = "Skriv dagen som 2026-08-19"
_DAY: Final = re.compile(r"(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])")
_PAIR: Final = re.compile(r"(\S+?)(?:\s*(?:\u2013|\u2014|till|\s-\s)\s*(\S+))?")
_MOST_DAYS_OFF: Final = 60


def read_iso_day(text: str) -> date:
    """Return the day in 2026-08-19 or 20260819. Raises `Unacceptable`."""
    match = _DAY.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _refuse_day()
    except ValueError as failure:
        raise Unacceptable(NO_SUCH_DAY) from failure


def _refuse_day() -> date:
    raise Unacceptable(NO_SUCH_DAY)


class DaySpanField(PartsField):
    """The first and the last day of a period, with their weekdays shown back: a slip shows as a Saturday."""

    PARTS = ("first", "last")
    data: DaySpan | None

    def written_parts(self, value: Any) -> Mapping[str, str]:
        """Return the days as 2026-08-19."""
        return {"first": value.first.isoformat(), "last": value.last.isoformat()} if value else {}

    def read_parts(self, parts: Mapping[str, str]) -> DaySpan:
        """Return the days. Raises `Unacceptable`."""
        missing = [part for part in self.PARTS if not parts[part]]
        if missing:
            raise self.refuse("Skriv både första och sista dagen", *missing)
        days = {}
        for part in self.PARTS:
            try:
                days[part] = read_iso_day(parts[part])
            except Unacceptable as failure:
                raise self.refuse(str(failure), part) from failure
        if days["last"] < days["first"]:
            raise self.refuse("Sista dagen ligger före den första", "last")
        return DaySpan(days["first"], days["last"])

    def weekday(self, part: str) -> str:
        """Return the weekday of what stands in one control, empty when it is no day."""
        try:
            return WEEKDAYS[read_iso_day(self.part_shown(part)).weekday()]
        except Unacceptable:
            return ""


class DaysOffField(LongTextField):
    """Days off, one to a line; two with a dash between them are a span."""

    data: Any

    @property
    def nothing(self) -> Any:
        """No days."""
        return ()

    def process_data(self, value: Any) -> None:
        """Take over known days."""
        self.data = tuple(value or ())

    def written(self, value: Any) -> str:
        """Return the days as somebody would type them."""
        return "\n".join(_written_span(span) for span in value or ())

    def read(self, text: str) -> Any:
        """Return the days. Raises `Unacceptable` and says which line is wrong."""
        lines = [tidy_line(line) for line in self.within_length(text).splitlines()]
        found = [_read_line(number, line) for number, line in enumerate(lines, 1) if line]
        if len(found) > _MOST_DAYS_OFF:
            raise Unacceptable(f"Skriv högst {_MOST_DAYS_OFF} dagar")
        if len({span.first for span in found}) < len(found):
            raise Unacceptable("Samma dag står två gånger")
        return tuple(found)


def _written_span(span: DaySpan) -> str:
    first, last = span.first.isoformat(), span.last.isoformat()
    return first if first == last else f"{first} – {last}"


def _read_line(number: int, line: str) -> DaySpan:
    match = _PAIR.fullmatch(line)
    try:
        first = read_iso_day(match[1]) if match else _refuse_day()
        last = read_iso_day(match[2]) if match and match[2] else first
        return DaySpan(first, last)
    except ValueError as failure:  # Among them `Unacceptable`, and a span that ends before it begins.
        raise Unacceptable(f"Rad {number}: skriv 2026-10-05, eller 2026-10-05 – 2026-10-06") from failure


class SchoolYearForm(Form):
    """The days of a school year."""

    year = DaySpanField("Läsåret", required="Skriv läsårets första och sista dag")
    autumn_term = DaySpanField("Höstterminen", required="Skriv höstterminens första och sista dag")
    autumn_break = DaySpanField("Höstlovet")
    christmas_break = DaySpanField("Jullovet")
    spring_term = DaySpanField("Vårterminen", required="Skriv vårterminens första och sista dag")
    winter_break = DaySpanField("Sportlovet")
    easter_break = DaySpanField("Påsklovet")
    summer_break = DaySpanField("Sommarlovet efter läsåret")
    days_off = DaysOffField(
        "Studiedagar och andra lovdagar", hint="En dag på varje rad, till exempel 2026-10-05. Kan lämnas tomt."
    )
    version = VersionField()

    def __init__(self, *args: Any, days: YearDays | None = None, name: str | None = None, **kwargs: Any) -> None:
        known = {period.value: span for period, span in days.spans.items()} if days else {}
        super().__init__(
            *args, data={**known, "days_off": days.days_off if days else ()} | kwargs.pop("data", {}), **kwargs
        )
        self._name = name

    def _span_field(self, period: Period) -> DaySpanField:
        return cast(DaySpanField, self[period.value])

    @property
    def days(self) -> YearDays:
        """The days as one value; only of a form whose fields are filled in."""
        spans: dict[Period, DaySpan] = {}
        for period in Period:
            if period is not Period.DAY_OFF and (span := self._span_field(period).data):
                spans[period] = span
        name = self._name or name_of(spans[Period.YEAR].first.year)
        return YearDays.of_periods(name, spans, self.days_off.data)

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, then that the periods go together."""
        valid: bool = super().validate(extra_validators)
        faults = find_faults(self.days) if valid else ()
        for fault in faults:
            self._show(fault)
        return valid and not faults

    def _show(self, fault: Fault) -> None:
        field = self.days_off if fault.period is Period.DAY_OFF else self._span_field(fault.period)
        words = FAULT_WORDS[fault.code].format(period=PERIOD_WORDS[fault.period])
        if words not in field.errors:
            field.errors = [*field.errors, words]

    def refuse(self, refusal: Refused) -> None:
        """Show why the school year was not taken."""
        self.year.errors = [REFUSALS[refusal.reason]]

    def to_command(self) -> SetSchoolYear:
        """Return the days to set."""
        return SetSchoolYear(self.days, version=self.version.data)


class ChooseUnitForm(Form):
    """Which unit has a school year of its own."""

    unit = SelectField("Skolenhet", required="Välj skolenhet")

    def __init__(self, owners: Sequence[CalendarOwner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [(str(owner.id), owner.name) for owner in owners if owner.is_unit]


class UploadSchoolYearsForm(Form):
    """A file of school years."""

    file = FileField("CSV-fil med läsår", required="Välj en fil", extensions=(".csv",), max_bytes=LONGEST_FILE)

    def refuse(self, count: int) -> None:
        """Show that the file was not taken, the faults being listed below."""
        self.file.errors = [f"Filen har {'ett fel' if count == 1 else f'{count} fel'}. Ingenting har ändrats."]


class ConfirmSchoolYearsForm(Form):
    """The same file once more, carried by the page that showed what it says; it is read anew."""

    content = HiddenTextField(required="Välj filen en gång till", max_length=LONGEST_FILE * 2)

    @classmethod
    def carrying(cls, content: bytes) -> "ConfirmSchoolYearsForm":
        """Return the form that carries a file."""
        return cls(formdata=None, data={"content": b64encode(content).decode()})

    @property
    def file_content(self) -> bytes:
        """The file; whatever was posted instead of one is a file that cannot be read."""
        try:
            return b64decode(self.content.data, validate=True)
        except ValueError:
            return b""
