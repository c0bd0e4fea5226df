"""The classes of a unit, how far each has come, and one class with a row for each pupil."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.responses.forms.classes import MARKS, SaveClassForm
from app.responses.pages.answer import AnswerPage
from app.responses.queries.classes import list_classes
from app.rosters.models import RosterClass
from app.rosters.types import Mark, RosterPupil

MARK_WORDS: Final[Mapping[Mark, str]] = dict(MARKS)


def class_name(roster_class: RosterClass) -> str:
    """Return what a class is called on the pages."""
    return roster_class.name or "Utan klass"


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A row of the list of classes."""

    name: str
    url: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class ClassesPage:
    """Every class of the unit, and where to go on."""

    rows: Sequence[ListedClass]
    next_name: str | None
    """The class to go on with, None when all are done."""
    next_url: str | None


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A pupil of a class: what is chosen, and what a colleague has saved instead when two people met."""

    field: Any
    name: str
    more: str
    """The day of birth, when two in the class have the same name."""
    saved: str | None


@dataclass(frozen=True, slots=True)
class ClassPage:
    """One class."""

    roster_class: RosterClass
    name: str
    rows: Sequence[ClassRow]
    counts: Mapping[str, int]
    """How many are chosen so on the page as it stands, by the mark's value."""
    saved_by: str


def make_classes_page(session: Session, answer: AnswerPage, after: RosterClass | None = None) -> ClassesPage:
    """Return the list of classes. Where to go on is the first that is left, of those `after` one before the others."""
    classes = list_classes(session, answer.invitation.id)
    last = after.position if after else -1
    in_turn = sorted(classes, key=lambda each: (each.position <= last, each.position))
    left = next((each for each in in_turn if not each.is_done), None)
    return ClassesPage(
        rows=[_listed(each) for each in classes],
        next_name=class_name(left) if left else None,
        next_url=_url(left) if left else None,
    )


def make_class_page(
    session: Session,
    actor: Actor,
    roster_class: RosterClass,
    form: SaveClassForm,
    *,
    is_conflict: bool = False,
) -> ClassPage:
    """Return a class with what is chosen in `form`; in a conflict, what a colleague has saved stands beside."""
    pupils = roster_class.pupils
    same = {name for name, count in Counter(pupil.name for pupil in pupils).items() if count > 1}
    names = names_by_id(session, [roster_class.saved_by_id], visible_to=actor) if roster_class.saved_by_id else {}
    chosen = Counter(mark for mark in form.marks.values() if mark is not None)
    return ClassPage(
        roster_class=roster_class,
        name=class_name(roster_class),
        rows=[_row(each, form, is_same=each.name in same, is_conflict=is_conflict) for each in pupils],
        counts={mark.value: chosen[mark] for mark in Mark},
        saved_by=names.get(roster_class.saved_by_id, "") if roster_class.saved_by_id else "",
    )


def saved_words(roster_class: RosterClass) -> str:
    """Say what a class came to."""
    return f"{class_name(roster_class)} är sparad: {_sum(roster_class)}."


def _row(pupil: RosterPupil, form: SaveClassForm, *, is_same: bool, is_conflict: bool) -> ClassRow:
    field = form.choice(pupil.key)
    is_other = is_conflict and pupil.mark is not None and pupil.mark is not field.data
    return ClassRow(
        field=field,
        name=pupil.name,
        more=f"född {pupil.birth_date}" if is_same and pupil.birth_date else "",
        saved=MARK_WORDS[pupil.mark] if is_other and pupil.mark else None,
    )


def _listed(roster_class: RosterClass) -> ListedClass:
    size = f"{roster_class.size} {'elev' if roster_class.size == 1 else 'elever'}"
    if not roster_class.size:
        state, detail = "DONE", "Ingen elev är kvar på listan"
    elif roster_class.is_done:
        state, detail = "DONE", f"{size}: {_sum(roster_class)}"
    elif roster_class.marked:
        state, detail = "STARTED", f"{roster_class.marked} av {size} är markerade"
    else:
        state, detail = "NOT_STARTED", size
    return ListedClass(class_name(roster_class), _url(roster_class), state, detail)


def _sum(roster_class: RosterClass) -> str:
    parts = [
        f"{roster_class.present} på plats",
        f"{roster_class.known_absence} känd frånvaro" if roster_class.known_absence else "",
        f"{roster_class.missing} saknas" if roster_class.missing else "",
    ]
    return " + ".join(part for part in parts if part)


def _url(roster_class: RosterClass) -> str:
    return url_for("responses.save_class", class_id=roster_class.id)
