"""How far the story has been played: a rehearsal that was stopped goes on where it was."""

from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted


class PlayedScene(Model, Tenanted):
    """A scene that has been played, written in the transaction that played it."""

    __tablename__ = "played_scene"
    __table_args__ = (UniqueConstraint("municipality_id", "position"),)

    position: Mapped[int]


class StoryPupil(Model, Tenanted):
    """Which row of a school a pupil of the story is."""

    __tablename__ = "story_pupil"
    __table_args__ = (UniqueConstraint("municipality_id", "key"),)

    key: Mapped[str] = mapped_column(String(40))
    entry_id: Mapped[UUID]
