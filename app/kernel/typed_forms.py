"""What somebody has typed into a page and not saved: kept for a while, encrypted, and never counted as an answer.

A row is what one account has typed at one address. It is the person's own, or, where an answer belongs to a school
unit and not to a person, also there for whoever else may open the page. Who may is the page's own business.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Row, String, UniqueConstraint, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.database import Model, Tenanted
from app.kernel.encryption import SealedJson

LONGEST_PATH: Final = 300
KEPT_FOR: Final = timedelta(days=7)
"""A Friday's sentence is there on Monday, also after a long weekend; what nobody has saved by then is gone."""
MOST_KEPT: Final = 50
"""Addresses at which one account may have something unsaved; the oldest gives way."""
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class TypedForm(Model, Tenanted):
    """What an account has typed at an address, and when."""

    __tablename__ = "typed_form"
    __table_args__ = (UniqueConstraint("municipality_id", "path", "account_id"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    path: Mapped[str] = mapped_column(String(LONGEST_PATH))
    """An address of ours: ids and words, never anything about a person."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    """Whether others who may open the page see it too."""
    content_sealed: Mapped[bytes]
    content = SealedJson("content_sealed")
    typed_at: Mapped[datetime]


def keep(
    session: Session, *, municipality_id: UUID, account_id: UUID, path: str, content: Mapping[str, Any], is_shared: bool
) -> None:
    """Keep what an account has typed at a path, in place of what it had typed there before."""
    if (row := _find_own(session, municipality_id, account_id, path)) is None:
        row = TypedForm(municipality_id=municipality_id, account_id=account_id, path=path)
        _write(row, content, is_shared=is_shared)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # Another request of the same person was quicker.
            row = _find_own(session, municipality_id, account_id, path)
    if row is not None:
        _write(row, content, is_shared=is_shared)
    _forget_oldest(session, account_id)


def _find_own(session: Session, municipality_id: UUID, account_id: UUID, path: str) -> TypedForm | None:
    return session.scalar(
        select(TypedForm)
        .where(TypedForm.municipality_id == municipality_id, TypedForm.path == path, TypedForm.account_id == account_id)
        .with_for_update()
    )


def _write(row: TypedForm, content: Mapping[str, Any], *, is_shared: bool) -> None:
    row.content, row.is_shared, row.typed_at = dict(content), is_shared, clock.now()


def _forget_oldest(session: Session, account_id: UUID) -> None:
    session.flush()
    kept = select(TypedForm.id).where(TypedForm.account_id == account_id).order_by(TypedForm.typed_at.desc())
    if surplus := session.scalars(kept.offset(MOST_KEPT)).all():
        session.execute(delete(TypedForm).where(TypedForm.id.in_(surplus)))


def list_kept(session: Session, *, municipality_id: UUID, account_id: UUID, path: str) -> Sequence[TypedForm]:
    """Return what is kept of a path for an account: its own first, then what others share, the latest first."""
    rows = session.scalars(
        select(TypedForm)
        .where(
            TypedForm.municipality_id == municipality_id,
            TypedForm.path == path,
            or_(TypedForm.account_id == account_id, TypedForm.is_shared.is_(True)),
        )
        .order_by(TypedForm.typed_at.desc(), TypedForm.id)
    ).all()
    return sorted(rows, key=lambda row: row.account_id != account_id)


def list_kept_under(
    session: Session, *, municipality_id: UUID, account_id: UUID, prefixes: Sequence[str]
) -> Sequence[TypedForm]:
    """Return what is kept for an account at addresses that begin so: its own and what others share, by address."""
    if not prefixes:
        return []
    rows = session.scalars(
        select(TypedForm)
        .where(
            TypedForm.municipality_id == municipality_id,
            or_(*(TypedForm.path.startswith(prefix, autoescape=True) for prefix in prefixes)),
            or_(TypedForm.account_id == account_id, TypedForm.is_shared.is_(True)),
        )
        .order_by(TypedForm.path, TypedForm.typed_at.desc(), TypedForm.id)
    )
    return rows.all()


def discard(session: Session, *, municipality_id: UUID, account_id: UUID, path: str, shown_id: UUID | None) -> None:
    """Drop what an account has typed at a path, and what it was shown there of somebody else's."""
    is_shown = (TypedForm.id == shown_id) & TypedForm.is_shared.is_(True)
    session.execute(
        delete(TypedForm).where(
            TypedForm.municipality_id == municipality_id,
            TypedForm.path == path,
            or_(TypedForm.account_id == account_id, is_shown),
        )
    )


def forget_about(session: Session, municipality_id: UUID, ids: Iterable[UUID], *, of: UUID | None = None) -> None:
    """Drop whatever has been typed at addresses with any of these ids, by anyone.

    With `of`, what others typed for themselves alone stays: only that account's own goes, and what is shared.
    """
    wanted = set(ids)
    typed = [
        row.id
        for row in _list_addresses(session, municipality_id)
        if wanted & _ids_in(row.path) and (of is None or row.is_shared or row.account_id == of)
    ]
    if typed:
        session.execute(delete(TypedForm).where(TypedForm.id.in_(typed)))


def find_about(session: Session, municipality_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the ids about which something has been typed, by anyone."""
    typed = {each for row in _list_addresses(session, municipality_id) for each in _ids_in(row.path)}
    return typed & set(ids)


def _list_addresses(session: Session, municipality_id: UUID) -> Sequence[Row[UUID, str, UUID, bool]]:
    """Return where something is typed in a municipality: some hundred rows on the busiest day."""
    columns = (TypedForm.id, TypedForm.path, TypedForm.account_id, TypedForm.is_shared)
    return session.execute(select(*columns).where(TypedForm.municipality_id == municipality_id)).all()


def _ids_in(path: str) -> set[UUID]:
    return {UUID(text) for text in _ID.findall(path)}


def exists_old(session: Session) -> bool:
    """Tell whether there is anything that nobody has saved in time."""
    return session.scalar(select(TypedForm.id).where(_is_old()).limit(1)) is not None


def dispose_of_old(session: Session) -> None:
    """Drop what nobody has saved in time."""
    session.execute(delete(TypedForm).where(_is_old()))


def _is_old() -> ColumnElement[bool]:
    return TypedForm.typed_at < clock.now() - KEPT_FOR
