"""Forms that have been carried out: a double click and a retry both meet what the first sending gave."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.database import Model

LONGEST_LOCATION: Final = 500
KEPT_FOR: Final = timedelta(days=30)
"""Longer than any page stays open, and than what was typed is kept: a form once saved never comes back as unsaved."""


class SubmittedForm(Model):
    """A rendered form that has been sent and carried out. Its key is random, so it belongs to no municipality."""

    __tablename__ = "submitted_form"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str | None] = mapped_column(String(LONGEST_LOCATION))
    """Where the first sending led; the second is led there too."""
    submitted_at: Mapped[datetime] = mapped_column(index=True)


def find_submitted(session: Session, key: str) -> SubmittedForm | None:
    """Return the form with a stored key when it has been carried out."""
    return session.scalar(select(SubmittedForm).where(SubmittedForm.key == key))


def exists_old(session: Session) -> bool:
    """Tell whether there are forms that were carried out long ago."""
    return session.scalar(select(SubmittedForm.id).where(_is_old()).limit(1)) is not None


def dispose_of_old(session: Session) -> None:
    """Forget the forms that were carried out long ago: nobody has such a page open any more."""
    session.execute(delete(SubmittedForm).where(_is_old()))


def _is_old() -> ColumnElement[bool]:
    return SubmittedForm.submitted_at < clock.wall() - KEPT_FOR
