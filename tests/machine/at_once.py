"""Letting several things happen at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy.orm import Session

from app.kernel.database import Database
from app.kernel.errors import DomainError


def at_once(works: Sequence[Callable[[], object]]) -> list[str]:
    """Begin works together in threads; return what each gave, or what the domain told it, in order of words."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        barrier.wait()
        try:
            return str(work())
        except DomainError as error:
            return str(error)

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


def committed_at_once(database: Database, works: Sequence[Callable[[Session], object]]) -> list[str]:
    """The same, each in a transaction of its own; one that is committed gives "done"."""

    def commit(work: Callable[[Session], object]) -> str:
        with database.transaction() as session:
            work(session)
        return "done"

    return at_once([lambda work=work: commit(work) for work in works])
