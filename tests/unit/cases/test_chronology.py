"""The chronology as it is read."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.cases.models import CaseNote
from app.cases.pages.chronology import Names, make_events
from app.cases.types import NoteKind

NOW = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)


def changed(seconds: int, text: str, author: str = "Karin Lövdahl") -> CaseNote:
    at = NOW + timedelta(seconds=seconds)
    return CaseNote(
        id=uuid4(), kind=NoteKind.SCHOOL_CHANGED, happened_at=at, recorded_at=at, text=text,
        details={"reason": "unexplained"}, author_label=author, corrects_id=None,
    )  # fmt: skip


def test_what_a_school_changes_page_by_page_within_a_minute_is_one_event() -> None:
    notes = [changed(40, "Klass: 5 B\nPlats: utomlands"), changed(20, "Klass: 5 B"), changed(10, "Oro: nej")]
    assert [event.words for event in make_events(notes, Names({}, {}))] == ["Oro: nej\nKlass: 5 B\nPlats: utomlands"]


def test_a_minute_later_or_from_somebody_else_it_is_another() -> None:
    notes = [changed(70, "C"), changed(50, "B", author="Per Hallonqvist"), changed(40, "A")]
    assert [event.words for event in make_events(notes, Names({}, {}))] == ["C", "B", "A"]
