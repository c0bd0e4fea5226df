"""The rows of a report: what was answered, in the order and under the labels of one table beside the template."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from app.kernel import clock
from app.kernel.identity_number import IdentityKind, InvalidNumber, parse_number
from app.kernel.rendering import TEMPLATES
from app.referrals.types import ReportContent, ReportPage

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
    page: ReportPage
    """Where a person answers it."""
    note: str
    rows: tuple[ReportRow, ...]


def list_sections(content: ReportContent, home_municipality: str) -> tuple[ReportSection, ...]:
    """Return the answered sections of a report, in the table's order."""
    return tuple(_sections(content, home_municipality))


def word(value: StrEnum) -> str:
    """Return what a value of a closed list is called in a report."""
    return _text(value)


def words(kind: type[StrEnum]) -> Mapping[str, str]:
    """Return what the values of a closed list are called, in the order of the table."""
    return dict(_layout()["words"][kind.__name__])


def sentence(key: str, **values: str) -> str:
    """Return a sentence of the table with its gaps filled, for what a report is filled in with beforehand."""
    return str(_layout()["sentence"][key]).format(**values)


@cache
def _layout() -> Mapping[str, Any]:
    return tomllib.loads(ROWS.read_text(encoding="utf-8"))


def _sections(content: ReportContent, home_municipality: str) -> Iterator[ReportSection]:
    for section in _layout()["section"]:
        parts = _resolve(content, section["each"]) if "each" in section else (content,)
        for number, part in enumerate(parts or (), 1):
            rows = tuple(row for told in section["rows"] for row in _row(told, part, home_municipality))
            if not any(not row.is_missing for row in rows):
                continue
            title = f"{section['title']} {number}" if "each" in section and len(parts) > 1 else section["title"]
            yield ReportSection(
                title, ReportPage(section["page"]), section.get("note", "") if number == 1 else "", rows
            )


def _row(told: Mapping[str, Any], part: object, home_municipality: str) -> Iterator[ReportRow]:
    found = [_said(name, part, home_municipality) for name in (told["field"], told.get("joined")) if name]
    text = told.get("glue", "\n").join(each for each in found if each)
    paragraphs = tuple(line for line in text.splitlines() if line.strip())
    if paragraphs:
        yield ReportRow(told["label"], paragraphs)
    elif told.get("always"):
        yield ReportRow(told["label"], (_layout()["missing"],), is_missing=True)


def _said(name: str, part: object, home_municipality: str) -> str:
    if name == "child.home_municipality":
        return home_municipality
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
