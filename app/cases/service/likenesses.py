"""Saying that two cases may be about one child, for a person to decide."""

from sqlalchemy.orm import Session

from app.cases import queries
from app.cases.models import Case, SameChildSuggestion
from app.cases.types import SuggestionReason
from app.pupils.models import Child
from app.pupils.queries import list_lookalikes


def suggest(session: Session, case: Case, child: Child) -> None:
    """Suggest every open case whose child looks the same: equal TF number, or equal name and birth date."""
    for lookalike in list_lookalikes(session, child):
        other = queries.find_open_case(session, lookalike.id)
        if other is not None:
            same = child.temporary_index is not None and child.temporary_index == lookalike.temporary_index
            add_suggestion(
                session,
                case,
                other,
                SuggestionReason.SAME_TEMPORARY_NUMBER if same else SuggestionReason.SAME_NAME_AND_BIRTH_DATE,
            )


def add_suggestion(session: Session, case: Case, other: Case, reason: SuggestionReason) -> None:
    """Keep a suggestion once, whichever of the two cases came first."""
    if not queries.exists_suggestion(session, case.id, other.id):
        session.add(
            SameChildSuggestion(
                municipality_id=case.municipality_id, case_id=case.id, other_case_id=other.id, reason=reason
            )
        )
        session.flush()
