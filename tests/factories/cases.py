"""Cases, opened the way they are."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.cases import service
from app.cases.models import Case
from app.cases.types import (
    AssessCase,
    Branch,
    ClaimedBy,
    CloseCase,
    Evidence,
    NewClaim,
    OpenCase,
    OpenReason,
    Outcome,
    Proof,
    Whereabouts,
)
from app.routine.types import Routine
from app.schools.models import Municipality, SchoolUnit
from tests.factories.accounts import make_account
from tests.factories.pupils import make_identity
from tests.factories.routine import make_routine
from tests.factories.schools import make_municipality, make_unit


@dataclass(frozen=True, slots=True)
class Desk:
    """A municipality with a routine, a school unit with its respondent, and a coordinator."""

    municipality: Municipality
    routine: Routine
    unit: SchoolUnit
    respondent: Actor
    coordinator: Actor


def make_desk(session: Session) -> Desk:
    """Add what cases need around them."""
    municipality = make_municipality(session)
    unit = make_unit(session, municipality, name="Strandängsskolan")
    respondent = make_account(session, municipality, Role.RESPONDENT, unit)
    coordinator = make_account(session, municipality, Role.COORDINATOR, name="Maria Ekblad")
    today = date(2026, 8, 25)
    return Desk(
        municipality,
        make_routine(session, municipality),
        unit,
        respondent.as_actor(today),
        coordinator.as_actor(today),
    )


def make_claim(**values: Any) -> NewClaim:
    """Return what a guardian says without anything to show for it."""
    return NewClaim(
        **{
            "text": "Är hos mormor utomlands till oktober",
            "claimed_by": ClaimedBy.GUARDIAN,
            "claimed_on": date(2026, 8, 20),
            "whereabouts": Whereabouts.ABROAD,
        }
        | values
    )


def make_proven_claim(whereabouts: Whereabouts, **values: Any) -> NewClaim:
    """Return a claim that somebody has seen a document for."""
    return make_claim(whereabouts=whereabouts, evidence=Evidence.DOCUMENT_SEEN, evidence_text="Intyg", **values)


def make_open_case(desk: Desk, **values: Any) -> OpenCase:
    """Return a school's report of a child of its own that is missing without explanation."""
    return OpenCase(
        **{
            "identity": values.pop("identity", None) or make_identity(),
            "reason": OpenReason.UNEXPLAINED,
            "school_unit_id": desk.unit.id,
            "school_class": "5 B",
            "entry_id": uuid4(),
            "last_present_on": date(2026, 6, 11),
        }
        | values
    )


def make_case(session: Session, desk: Desk, **values: Any) -> Case:
    """Open a case of a child of its own, reported by the desk's school unit."""
    return service.open_case(session, desk.respondent, make_open_case(desk, **values))


def make_assessed_case(session: Session, desk: Desk, branch: Branch = Branch.NOT_FOUND, **values: Any) -> Case:
    """Open a case and choose its way."""
    case = make_case(session, desk, **values)
    service.assess_case(session, desk.coordinator, case, AssessCase(branch, case.version, "Uppgifter per telefon"))
    session.flush()
    return case


def make_proofs(**values: str) -> dict[Proof, str]:
    """Return everything any outcome can be shown by, on days around 25 August 2026."""
    days = {Proof.CONFIRMED_ON: "2026-08-24", Proof.DECIDED_ON: "2026-08-24", Proof.UNTIL: "2026-10-01"}
    texts = dict.fromkeys(Proof, "Uppgift") | days | {Proof.REVIEW_ON: "2027-01-15"}
    return texts | {Proof(name): value for name, value in values.items()}


def make_closed_case(session: Session, desk: Desk, outcome: Outcome = Outcome.RETURNED, **values: Any) -> Case:
    """Open a case and close it."""
    case = make_case(session, desk, **values)
    service.close_case(session, desk.coordinator, case, CloseCase(outcome, case.version, make_proofs()))
    session.flush()
    return case
