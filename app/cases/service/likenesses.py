"""Saying that two cases may be about one child, or one case about two, for a person to decide."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases import queries
from app.cases.models import Case, SameChildSuggestion
from app.cases.service.chronology import write_note
from app.cases.types import NoteKind, OpenCase, SuggestionReason
from app.pupils.models import Child
from app.pupils.queries import list_lookalikes
from app.pupils.types import are_other_names


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


def tell_other_name(session: Session, actor: Actor, case: Case, child: Child, command: OpenCase) -> None:
    """Write down that a number came with a name that has no word in common with the child's: one may be mistyped.

    There is one open case for a number, so both are in it until a person has found out whether they are two children.
    """
    if not case.is_protected and are_other_names(child.name, command.identity.name):
        details = {"name": command.identity.name, "unit_id": str(command.school_unit_id)}
        write_note(session, actor, case, NoteKind.OTHER_NAME, details=details)
