"""The pages about the questions themselves: which are asked, what has changed, how one of them looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import url_for

from app.responses.documents import words
from app.responses.forms.question_set import LIST_WORDS, list_singles
from app.responses.models import QuestionVersion
from app.responses.pages.summary import question
from app.responses.types import QUESTIONS, STANDARD, PupilPage, QuestionSet
from app.responses.types.question_set import LISTS, OPTIONAL_PAGES
from app.responses.types.questions import ALL_PAGES, PAGES
from app.surveys.types import Asks

ADOPTED: Final = "Ändringen gäller svar som påbörjas från och med nu."
UNCHANGED: Final = "Inget är ändrat."
PREVIEWED: Final = "Det var en förhandsvisning. Inget är sparat."
MISSING, WORRY, BOTH = "Elever som saknas", "Oro inför lov", "Elever som saknas och oro inför lov"
NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question page in the list."""

    title: str
    about: str
    is_optional: bool
    is_asked: bool
    changes: Sequence[str]
    """What differs from the product's own, in words."""
    edit_url: str
    preview_url: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the questions, and what it changed."""

    number: int
    adopted_at: datetime
    by: str
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """All of it."""

    rows: Sequence[QuestionRow]
    versions: Sequence[VersionRow]


def make_questions_page(versions: Sequence[QuestionVersion], names: Mapping[UUID, str]) -> QuestionsPage:
    """Return the list of question pages and the history, the latest version first."""
    current = versions[0].question_set if versions else STANDARD
    earlier = [*(version.question_set for version in versions[1:]), STANDARD]
    return QuestionsPage(
        rows=[_row(page, current) for page in ALL_PAGES],
        versions=[
            VersionRow(
                number=version.number,
                adopted_at=version.adopted_at,
                by=names.get(version.by_id, "") if version.by_id else "",
                changes=list(list_changes(before, version.question_set)),
            )
            for version, before in zip(versions, earlier, strict=False)
        ],
    )


def _row(page: PupilPage, current: QuestionSet) -> QuestionRow:
    number = ALL_PAGES.index(page) + 1
    return QuestionRow(
        title=question(page),
        about=_about(page),
        is_optional=page in OPTIONAL_PAGES,
        is_asked=page not in current.pages_off,
        changes=list(_changes_of(page, STANDARD, current)),
        edit_url=url_for("responses.edit_question", number=number),
        preview_url=url_for("responses.preview_question", number=number),
    )


def _about(page: PupilPage) -> str:
    asked_in = [asks for asks in (Asks.RETURN, Asks.WORRY) if page in QUESTIONS[asks].pages]
    return BOTH if len(asked_in) > 1 else MISSING if Asks.RETURN in asked_in else WORRY


def list_changes(before: QuestionSet, after: QuestionSet) -> Iterator[str]:
    """Yield what differs between two versions, in words."""
    for page in ALL_PAGES:
        yield from _changes_of(page, before, after)


def _changes_of(page: PupilPage, before: QuestionSet, after: QuestionSet) -> Iterator[str]:
    if (page in before.pages_off) != (page in after.pages_off):
        yield f"”{question(page)}” ställs {'inte längre' if page in after.pages_off else 'igen'}."
    for single in list_singles(page):
        name = f"{page.value}.{single.name}"
        if (name in before.fields_off) != (name in after.fields_off):
            yield f"Frågan ”{single.label}” ställs {'inte längre' if name in after.fields_off else 'igen'}."
        if (old := before.hints.get(name, single.hint)) != (new := after.hints.get(name, single.hint)):
            yield f"Hjälptexten till ”{single.label}” är ”{new}”, förut {f'”{old}”' if old else 'ingen'}."
    for kind in LISTS.get(page, ()):
        if page is PupilPage.OBSERVED:
            continue  # The same list as on the page about concern.
        retired, known = (each.retired.get(kind.__name__, frozenset()) for each in (after, before))
        for value, word in words(kind).items():
            if (value in retired) != (value in known):
                can = "går inte längre att välja" if value in retired else "går att välja igen"
                yield f"{LIST_WORDS[kind.__name__]}: ”{word}” {can}."


@dataclass(frozen=True, slots=True)
class PreviewPupil:
    """Nobody, where a question page wants a pupil."""

    id: UUID = NOBODY


@dataclass(frozen=True, slots=True)
class PreviewAnswer:
    """Nothing, where a question page wants an answer."""

    response: None = None
    saved: None = None
    asks_for_figures: bool = True
    asks_about_missing: bool = True


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """A question page as a school sees it, about nobody."""

    title: str
    number: int
    count: int
    action: str
    back_url: str
    list_url: str
    back_text: str = "Frågorna"
    unit_name: str = "Skolans namn"
    name: str = "förhandsvisning, inget sparas"
    place: int = 1
    of: int = 1
    reference: None = None
    pupil: PreviewPupil = PreviewPupil()


def make_preview(page: PupilPage, question_set: QuestionSet) -> PreviewQuestion:
    """Return what the template of a question page needs to show it."""
    standard = QUESTIONS[Asks.RETURN if page in PAGES else Asks.WORRY]
    asked = question_set.narrow(standard)
    shown = asked if page in asked.pages else standard
    back_url = url_for("responses.list_questions")
    return PreviewQuestion(
        title=question(page),
        number=shown.number(page),
        count=len(shown.pages),
        action=url_for("responses.preview_question", number=ALL_PAGES.index(page) + 1),
        back_url=back_url,
        list_url=back_url,
    )
