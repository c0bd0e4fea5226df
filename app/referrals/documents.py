"""The report as its receiver gets it: one list of rows, which the preview shows and the PDF is set from.

The words stand in `templates/referrals/`: the rows in a table beside the typst template that gives them their form.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any, Final

from app.kernel import clock
from app.kernel.identity_number import IdentityKind, InvalidNumber, parse_number
from app.kernel.rendering import TEMPLATES
from app.kernel.typesetting import typeset
from app.referrals.types import GuardianInformed, ReportContent, ReporterPart, TravelSuspicion

TEMPLATE: Final = "referrals/_report_of_concern.typ"
ROWS: Final = TEMPLATES / "referrals" / "_report_of_concern.toml"


@dataclass(frozen=True, slots=True, repr=False)
class ReportRow:
    """A label and what was answered, a paragraph at a time."""

    label: str
    paragraphs: tuple[str, ...]
    is_missing: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ReportSection:
    """Rows that belong together."""

    title: str
    note: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """A legal reference as it read on the day of the report."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True, repr=False)
class ReportFrame:
    """What stands around the answers: who sends to whom, by which law, and under what secrecy."""

    reference: str
    sender: str
    sender_detail: str
    receiver: str
    receiver_detail: str
    coordinator: str
    signed_by: str
    signed_detail: str
    written_at: datetime
    duty: CitedLaw
    secrecy: CitedLaw
    other_laws: tuple[CitedLaw, ...]
    corrects_reference: str | None = None
    home_municipality: str = ""
    is_draft: bool = False
    has_link: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ReportDocument:
    """Everything the receiver gets, in order; the preview shows it and `set_report` sets it."""

    frame: ReportFrame
    is_acute: bool
    is_taken: bool
    guardians_unaware: bool
    """No guardian knows of the report: the first thing the receiver must see, since a call home may harm the child."""
    do_not_reveal: str
    wants_feedback: bool
    sections: tuple[ReportSection, ...]


def compose_report(content: ReportContent, frame: ReportFrame) -> ReportDocument:
    """Return the report as its receiver gets it."""
    travel, guardians = content.travel, content.family.guardians if content.family else ()
    return ReportDocument(
        frame=frame,
        is_acute=content.is_acute,
        is_taken=travel is not None and travel.suspicion in (TravelSuspicion.TAKEN, TravelSuspicion.PLANNED),
        guardians_unaware=not any(each.informed is GuardianInformed.YES for each in guardians),
        do_not_reveal=travel.do_not_reveal if travel else "",
        wants_feedback=(content.reporter or ReporterPart()).wants_feedback,
        sections=tuple(_sections(content, frame)),
    )


def set_report(document: ReportDocument) -> bytes:
    """Return the report as PDF. Neither its title nor its name says whom it is about."""
    written = clock.local(document.frame.written_at)
    data = asdict(document) | {"day": written.date().isoformat(), "time": f"{written:%H.%M}"}
    data["frame"] = {**data["frame"], "written_at": written.isoformat()}
    return typeset(TEMPLATE, data, document.frame.written_at)


def fingerprint(document: bytes) -> str:
    """Return what the receipt says of a document: SHA-256, by which anyone can tell that a copy is the same."""
    return sha256(document).hexdigest()


def file_name(reference: str) -> str:
    """Return the name the PDF is saved under: the reference and nothing else."""
    return f"{reference}.pdf"


@cache
def _layout() -> Mapping[str, Any]:
    return tomllib.loads(ROWS.read_text(encoding="utf-8"))


def _sections(content: ReportContent, frame: ReportFrame) -> Iterator[ReportSection]:
    for section in _layout()["section"]:
        parts = _resolve(content, section["each"]) if "each" in section else (content,)
        for number, part in enumerate(parts or (), 1):
            rows = tuple(row for told in section["rows"] for row in _row(told, part, frame))
            if not any(not row.is_missing for row in rows):
                continue
            title = f"{section['title']} {number}" if "each" in section and len(parts) > 1 else section["title"]
            yield ReportSection(title, section.get("note", "") if number == 1 else "", rows)


def _row(told: Mapping[str, Any], part: object, frame: ReportFrame) -> Iterator[ReportRow]:
    found = [_said(name, part, frame) for name in (told["field"], told.get("joined")) if name]
    text = told.get("glue", "\n").join(each for each in found if each)
    paragraphs = tuple(line for line in text.splitlines() if line.strip())
    if paragraphs:
        yield ReportRow(told["label"], paragraphs)
    elif told.get("always"):
        yield ReportRow(told["label"], (_layout()["missing"],), is_missing=True)


def _said(name: str, part: object, frame: ReportFrame) -> str:
    if name == "child.home_municipality":
        return frame.home_municipality
    if name == "child.number":
        return _number(part)
    return _text(_resolve(part, name))


def _resolve(part: object, name: str) -> Any:
    for attribute in name.split("."):
        part = None if part is None else getattr(part, attribute)
    return part


def _text(value: object) -> str:
    """Return a value as the receiver reads it; empty when nothing was said."""
    words = _layout()["words"]
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(words["yes_no"][str(value).lower()])
    if isinstance(value, StrEnum):
        return str(words[type(value).__name__][value.value])
    if isinstance(value, tuple):
        return "\n".join(_text(each) for each in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(part: object) -> str:
    kind, number = _resolve(part, "child.kind"), _resolve(part, "child.number")
    if not number or kind is IdentityKind.NONE:
        return ""
    try:
        return parse_number(kind, number, today=clock.today()).formatted()
    except InvalidNumber:
        return str(number)
