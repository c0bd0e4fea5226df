"""Adopting the routine that comes with the product. Its Swedish words and the law are data files beside this module."""

import tomllib
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.audit.types import AuditAction
from app.kernel import clock
from app.routine import queries
from app.routine.models import LegalReference, RoutineStep, RoutineVersion
from app.routine.types import Branch, Responsible, Routine, StepAction, TimeUnit

DATA: Final = Path(__file__).parent / "data"


def adopt_shipped_routine(session: Session, actor: Actor, municipality_id: UUID) -> Routine:
    """Give a municipality without a routine the shipped one as version 1, and everyone the law as it stands.

    Called again it adds nothing; who has a routine keeps it. Raises `InvalidRoutine` if the file is broken.
    """
    refresh_legal_references(session)
    if not queries.exists_routine(session, municipality_id):
        version = RoutineVersion(
            municipality_id=municipality_id,
            number=1,
            adopted_on=clock.today(),
            adopted_by_id=actor.account_id,
            is_shipped=True,
        )
        version.steps = [
            _step(version, position, written) for position, written in enumerate(_read("shipped_routine", "step"), 1)
        ]
        version.to_routine()
        session.add(version)
        session.flush()
        record(session, actor, AuditAction.ROUTINE_ADOPTED, version.id, number=version.number)
    return queries.get_current_routine(session, municipality_id)


def refresh_legal_references(session: Session) -> None:
    """Bring the legal references up to what the product ships: new wordings come in, ended ones get their last day."""
    known = {(each.key, each.valid_from): each for each in session.scalars(select(LegalReference))}
    for written in _read("legal_references", "reference"):
        reference = known.get((written["key"], written["valid_from"]))
        if reference is None:
            session.add(LegalReference(**{"valid_until": None, **written}))
        else:
            reference.title, reference.short_title = written["title"], written["short_title"]
            reference.summary = written["summary"]
            reference.valid_until = written.get("valid_until")
    session.flush()


def _step(version: RoutineVersion, position: int, written: dict[str, Any]) -> RoutineStep:
    urgent_amount, urgent_unit = written.get("urgent_within", (None, None))
    amount, unit = written["within"]
    return RoutineStep(
        municipality_id=version.municipality_id,
        position=position,
        key=written["key"],
        branch=Branch(written["branch"]) if "branch" in written else None,
        action=StepAction(written["action"]),
        responsible=Responsible(written["responsible"]),
        within_amount=amount,
        within_unit=TimeUnit(unit),
        urgent_amount=urgent_amount,
        urgent_unit=TimeUnit(urgent_unit) if urgent_unit else None,
        legal_reference_key=written.get("legal_reference_key"),
        title=written["title"],
        instruction=written["instruction"],
        next_key=written.get("next_key"),
    )


def _read(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))[table]
    return rows
