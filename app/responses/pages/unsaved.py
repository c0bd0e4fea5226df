"""What has been typed on the pages of an answer and not saved, told before sending makes it go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import allows
from app.responses.pages.answer import AnswerPage
from app.responses.pages.summary import ENDPOINTS, question
from app.responses.queries.classes import list_classes
from app.web.templating import plural
from app.web.typed_forms import list_unsaved

_QUESTIONS: Final[Mapping[str, str]] = {endpoint: question(page) for page, endpoint in ENDPOINTS.items()}
_TITLES: Final[Mapping[str, str]] = {
    "responses.add_missing_pupil": "Lägg till en elev",
    "responses.answer_carried": "Eleverna från förra gången",
    "responses.save_calls": "Ring nu",
    "responses.save_figures": "Antal elever",
    "responses.save_unlisted": "Elever utanför klasslistorna",
}
_SENDING: Final = {"responses.submit_response", "responses.submit_nil_return"}
"""Where one signs: what is typed there is being sent."""


@dataclass(frozen=True, slots=True)
class UnsavedPage:
    """A page with words that are not saved. `by` is empty when they are one's own."""

    path: str
    title: str
    pupil_id: UUID | None
    is_question: bool
    by: str
    at: datetime

    def url(self, back: str = "") -> str:
        """Return the address of the page; a question leads back to where one came from."""
        if not (back and self.is_question):
            return self.path
        return f"{self.path}{'&' if '?' in self.path else '?'}fran={back}"


@dataclass(frozen=True, slots=True)
class UnsavedPages:
    """All of them. `digest` is another as soon as somebody types more."""

    pages: Sequence[UnsavedPage]
    digest: str

    @property
    def pupil_ids(self) -> list[UUID]:
        """The pupils that are named."""
        return list(dict.fromkeys(page.pupil_id for page in self.pages if page.pupil_id))

    @property
    def words(self) -> str:
        """How many pages there are."""
        return f"{plural(len(self.pages), 'sida', 'sidor')} har text som inte är sparad"


def make_unsaved(session: Session, actor: Actor, answer: AnswerPage) -> UnsavedPages:
    """Return the pages of an answer with words that are not saved: the actor's own, and what colleagues share."""
    if not allows(actor, Permission.RESPONSE_CHANGE, answer.invitation):
        return UnsavedPages([], "")
    pupils = {row.pupil.id: row.name for row in answer.pupils} if answer.response else {}
    classes = {each.id: each.name for each in list_classes(session, answer.invitation.id)} if answer.sums else {}
    prefixes = [f"/svar/{answer.invitation.id}/"]
    prefixes += [f"/elever/{each}/" for each in pupils]
    prefixes += [f"/klasser/{each}" for each in classes]
    pages: dict[str, UnsavedPage] = {}
    seen = []
    for each in list_unsaved(actor, prefixes):
        endpoint, ids = _find_page(each.path)
        if endpoint in _SENDING:
            continue
        seen.append(f"{each.id} {each.at.isoformat()}")
        if each.path not in pages or not each.by:
            title = ": ".join(_titles(endpoint, ids, {**pupils, **classes}))
            pupil_id = next((known for known in ids if known in pupils), None)
            pages[each.path] = UnsavedPage(each.path, title, pupil_id, endpoint in _QUESTIONS, each.by, each.at)
    return UnsavedPages(list(pages.values()), sha256(" ".join(sorted(seen)).encode()).hexdigest()[:16])


def _find_page(path: str) -> tuple[str, Sequence[UUID]]:
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return "", []
    return endpoint, [value for value in values.values() if isinstance(value, UUID)]


def _titles(endpoint: str, ids: Sequence[UUID], names: Mapping[UUID, str]) -> Iterator[str]:
    named = [names[each] for each in ids if each in names]
    if endpoint == "responses.save_class":
        yield f"Klass {' '.join(named)}"
        return
    yield from named
    yield _QUESTIONS.get(endpoint) or _TITLES.get(endpoint) or "Svaret"
