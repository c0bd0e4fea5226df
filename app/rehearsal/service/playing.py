"""Playing the story: a term's scenes in their order, with a tick every morning and when a day's scenes are over.

A scene is marked as played in the transaction that plays it, so a rehearsal that was stopped goes on where it was, and
one that has been played to its end changes nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock, installation
from app.kernel.database import Database
from app.kernel.errors import DomainError
from app.rehearsal.models import PlayedScene
from app.rehearsal.service.scenes import SCENES
from app.rehearsal.types import ENDS_ON, STORY
from app.schools.models import Municipality

MORNING: Final = time(8)
Say = Callable[[str], None]
Tick = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens at a Swedish time; the words are those the scene's function reads."""

    position: int
    at: datetime
    words: Mapping[str, Any]


def play(database: Database, tick: Tick, say: Say, until: date = ENDS_ON) -> None:
    """Play every scene that has not been played, day by day until the story ends, saying how it goes."""
    for day, scenes in _days(database, until):
        _show(database, clock.at(day, MORNING))
        tick()
        for scene in scenes:
            _show(database, clock.at(day, scene.at.time()))
            _play(database, scene, say)
        if scenes:
            tick()
            say(f"{day} {', '.join(scene.words['do'] for scene in scenes)}")


def _days(database: Database, until: date) -> Sequence[tuple[date, Sequence[Scene]]]:
    """Return the days that are left with their scenes: none when the story has been played to its end."""
    with database.reading() as session:
        played = set(session.scalars(select(PlayedScene.position)))
        today = clock.today()
    waiting = [scene for scene in _read_story() if scene.position not in played]
    if not waiting or waiting[0].at.date() > until:
        return []
    first = min(today, waiting[0].at.date())
    days = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    return [(day, [scene for scene in waiting if scene.at.date() == day]) for day in days]


def _read_story() -> list[Scene]:
    written = json.loads((STORY / "scenes.json").read_text(encoding="utf-8"))
    return [Scene(position, datetime.fromisoformat(words["at"]), words) for position, words in enumerate(written)]


def _show(database: Database, moment: datetime) -> None:
    """Let the clock show a moment, unless it has passed it: somebody may have moved it by hand."""
    with database.transaction() as session:
        if moment > clock.now():
            installation.set_clock(session, moment)


def _play(database: Database, scene: Scene, say: Say) -> None:
    """Play a scene, or say why it cannot be: in a rehearsal that people have used, much may have happened already."""
    try:
        with database.transaction() as session:
            _mark(session, scene)
            SCENES[scene.words["do"]](session, dict(scene.words))
    except DomainError as error:
        say(f"{scene.at:%Y-%m-%d %H:%M} {scene.words['do']} is left out: {type(error).__name__} {error}")
        with database.transaction() as session:
            _mark(session, scene)


def _mark(session: Session, scene: Scene) -> None:
    municipality_id = session.scalars(select(Municipality.id)).one()
    session.add(PlayedScene(municipality_id=municipality_id, position=scene.position))
    session.flush()
