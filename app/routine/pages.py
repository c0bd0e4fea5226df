"""The routine as a page shows it: in the order things happen, each step with the law as it stands today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.routine import queries
from app.routine.models import LegalReference
from app.routine.types import Branch, Routine, Step, StepAction


@dataclass(frozen=True, slots=True)
class Way:
    """Some steps that follow on each other, under a heading."""

    title: str
    when: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class RoutinePage:
    """One version with its ways."""

    routine: Routine
    ways: Sequence[Way]
    references: Mapping[str, LegalReference]

    def law_of(self, step: Step) -> LegalReference | None:
        """Return the wording in force of what a step rests on."""
        return self.references.get(step.legal_reference_key or "")


BRANCH_WORDS = {
    Branch.FOUND_IN_SCHOOL: "Hittad och i skolan",
    Branch.FOUND_IN_SWEDEN: "Hittad i Sverige, inte i skolan",
    Branch.FOUND_ABROAD: "Hittad utomlands",
    Branch.NOT_FOUND: "Inte hittad",
}
_WHEN = {
    Branch.FOUND_IN_SCHOOL: "Barnet går i skola, i sin egen eller i en ny.",
    Branch.FOUND_IN_SWEDEN: "Barnet är i Sverige men kommer inte till skolan.",
    Branch.FOUND_ABROAD: "Det finns underlag för att barnet är utomlands.",
    Branch.NOT_FOUND: "Ingen vet säkert var barnet är. Ett påstående utan underlag räknas hit.",
}


def make_page(session: Session, routine: Routine, on: date) -> RoutinePage:
    """Return a version in the order things happen."""
    steps = routine.steps
    back = [step for step in steps if step.branch is None and step.action is not StepAction.ASSESS]
    ways = [
        Way("Innan vägen är vald", "Varje ärende börjar här.", [routine.entry]),
        *(
            Way(words, _WHEN[branch], [s for s in steps if s.branch is branch])
            for branch, words in BRANCH_WORDS.items()
        ),
        Way("Kommer tillbaka", "Skolan har sagt att barnet är tillbaka, oavsett väg.", back),
    ]
    references = queries.list_references(session, (step.legal_reference_key for step in steps), on)
    return RoutinePage(routine, ways, references)
