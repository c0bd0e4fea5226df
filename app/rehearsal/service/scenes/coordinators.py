"""Scenes at the coordinators': cases assessed, followed up and closed."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.types import (
    AddNote,
    AssessCase,
    Branch,
    ClaimedBy,
    CloseCase,
    CompleteStep,
    ConfirmReturn,
    Evidence,
    NewClaim,
    NoteKind,
    Outcome,
    Proof,
    SettleConcern,
    Whereabouts,
)
from app.kernel import clock
from app.rehearsal.service.scenes.people import act_as, find_account, find_case

Scene = dict[str, Any]


def assign(session: Session, scene: Scene) -> None:
    """A coordinator takes a case."""
    actor = act_as(session, scene["by"])
    case = find_case(session, actor, scene["pupil"])
    cases.assign_case(session, actor, case, find_account(session, scene["to"]).id)


def assess(session: Session, scene: Scene) -> None:
    """A coordinator chooses the way on."""
    actor = act_as(session, scene["by"])
    case = find_case(session, actor, scene["pupil"])
    if case.assignee_id is None and actor.account_id is not None:
        cases.assign_case(session, actor, case, actor.account_id)
        session.flush()
    cases.assess_case(session, actor, case, AssessCase(Branch(scene["branch"]), case.version, scene["motivation"]))


def complete_step(session: Session, scene: Scene) -> None:
    """A coordinator writes what was done at the step the case stands at, or why it was not."""
    actor = act_as(session, scene["by"])
    case = find_case(session, actor, scene["pupil"])
    command = CompleteStep(case.step_key or "", case.version, scene["text"], departs=scene.get("departs", False))
    cases.complete_step(session, actor, case, command)


def note(session: Session, scene: Scene) -> None:
    """A coordinator writes in the chronology."""
    actor = act_as(session, scene["by"])
    command = AddNote(kind=NoteKind(scene["kind"]), happened_at=clock.now(), text=scene["text"])
    cases.add_note(session, actor, find_case(session, actor, scene["pupil"]), command)


def claim(session: Session, scene: Scene) -> None:
    """A coordinator adds what somebody says, and what there is to show for it."""
    actor = act_as(session, scene["by"])
    command = NewClaim(
        text=scene["text"],
        claimed_by=ClaimedBy(scene["claimed_by"]),
        claimed_on=date.fromisoformat(scene["claimed_on"]),
        evidence=Evidence(scene["evidence"]),
        evidence_text=scene["evidence_text"],
        whereabouts=Whereabouts(scene["whereabouts"]),
    )
    cases.add_claim(session, actor, find_case(session, actor, scene["pupil"]), command)


def confirm_return(session: Session, scene: Scene) -> None:
    """A coordinator confirms that somebody has seen the child back."""
    actor = act_as(session, scene["by"])
    case = find_case(session, actor, scene["pupil"])
    command = ConfirmReturn(returned_on=clock.today(), version=case.version, seen_by=scene["seen_by"])
    cases.confirm_return(session, actor, case, command)


def settle_concern(session: Session, scene: Scene) -> None:
    """A coordinator notes who judged that there is nothing to fear any longer."""
    actor = act_as(session, scene["by"])
    case = find_case(session, actor, scene["pupil"])
    command = SettleConcern(
        settled_on=date.fromisoformat(scene["settled_on"]),
        version=case.version,
        settled_by=scene["settled_by"],
        reasons=scene["reasons"],
    )
    cases.settle_concern(session, actor, case, command)


def close(session: Session, scene: Scene) -> None:
    """A coordinator closes a case with what shows its outcome."""
    actor = act_as(session, scene["by"])
    case = find_case(session, actor, scene["pupil"])
    proofs = {Proof(name): text for name, text in scene["proofs"].items()}
    cases.close_case(session, actor, case, CloseCase(Outcome(scene["outcome"]), case.version, proofs))
