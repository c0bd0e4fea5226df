"""Answers: to a page, about a pupil, of a school unit."""

from datetime import date
from typing import Any

from app.cases.types import ContactSafety
from app.kernel.identity_number import IdentityKind
from app.responses.types import (
    AbsenceStart,
    Concern,
    ConcernAnswers,
    DayPrecision,
    Evidence,
    Explanation,
    GuardiansAnswers,
    IdentityAnswers,
    LastSeenAnswers,
    Place,
    PupilAnswers,
    SchoolForm,
    Source,
    UrgentAnswers,
    WhereaboutsAnswers,
)

LAST_DAY = date(2026, 6, 10)


def identity(**values: Any) -> IdentityAnswers:
    """A pupil with a personnummer, in class 5 B."""
    return IdentityAnswers(
        **{
            "kind": IdentityKind.PERSONAL,
            "number": "201504122381",
            "name": "Elin Sandhage",
            "birth_date": date(2015, 4, 12),
            "school_form": SchoolForm.COMPULSORY,
            "grade": "5",
            "school_class": "5 B",
            "home_municipality_code": "0199",
        }
        | values
    )


def whereabouts(**values: Any) -> WhereaboutsAnswers:
    """Said by a guardian to be abroad; nobody has seen anything."""
    return WhereaboutsAnswers(
        **{
            "place": Place.ABROAD,
            "country": "Vet inte",
            "explanation": Explanation.DELAYED_RETURN,
            "source": Source.GUARDIAN,
            "said_on": date(2026, 8, 21),
            "evidence": (Evidence.NOTHING,),
        }
        | values
    )


def confirmed_change_of_school() -> WhereaboutsAnswers:
    """Has changed school, and the new school's certificate has been seen."""
    return whereabouts(
        place=Place.SWEDEN,
        country="",
        explanation=Explanation.CHANGED_SCHOOL,
        source=Source.SCHOOL_OR_AUTHORITY,
        evidence=(Evidence.SCHOOL_CERTIFICATE,),
    )


def complete_answers(**pages: Any) -> PupilAnswers:
    """Everything that is required, about a pupil who is not explained. Pages may be replaced by name."""
    return PupilAnswers(
        **{
            "urgent": UrgentAnswers(),
            "identity": identity(),
            "last_seen": LastSeenAnswers(DayPrecision.EXACT, LAST_DAY, AbsenceStart.SUMMER),
            "whereabouts": whereabouts(),
            "concern": ConcernAnswers(concern=Concern.NONE),
            "guardians": GuardiansAnswers(ContactSafety.MAY),
        }
        | pages
    )
