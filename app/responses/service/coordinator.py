"""What the coordinator is told: at once about what cannot wait, at submission about everyone who is not explained."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases import queries as cases_queries
from app.cases import service as cases
from app.cases.types import (
    CaseState,
    ClaimedBy,
    ContactSafety,
    NewClaim,
    OpenCase,
    OpenReason,
    Whereabouts,
)
from app.cases.types import Evidence as CaseEvidence
from app.kernel import clock
from app.kernel.identity_number import IdentityKind
from app.pupils.types import ChildIdentity
from app.responses import documents
from app.responses.models import MissingPupil
from app.responses.types import (
    Evidence,
    Explanation,
    Place,
    PupilAnswers,
    PupilPage,
    Source,
    WhereaboutsAnswers,
    is_explained_with_evidence,
)
from app.surveys.types import Asks

_OPENING: Final = frozenset({PupilPage.URGENT, PupilPage.CONCERN, PupilPage.OBSERVED})
"""Pages that open a case, and take up a closed one again: somebody fears for the child now."""

_TOLD_AT_ONCE: Final = _OPENING | {PupilPage.IDENTITY, PupilPage.GUARDIANS}
"""Pages that an open case hears of before the answer is submitted: why, who, and whether anybody may phone home."""

_CLAIMED_BY: Final = {
    Source.GUARDIAN: ClaimedBy.GUARDIAN,
    Source.CHILD: ClaimedBy.CHILD,
    Source.RELATIVE: ClaimedBy.RELATIVE,
    Source.FRIEND: ClaimedBy.FRIEND,
    Source.SCHOOL_OR_AUTHORITY: ClaimedBy.AUTHORITY,
    Source.NOBODY: ClaimedBy.UNKNOWN,
    Source.UNKNOWN: ClaimedBy.UNKNOWN,
}
_WHEREABOUTS: Final = {
    Place.SWEDEN: Whereabouts.IN_SWEDEN,
    Place.ABROAD: Whereabouts.ABROAD,
    Place.CONFLICTING: Whereabouts.UNKNOWN,
    Place.UNKNOWN: Whereabouts.UNKNOWN,
}
_DOCUMENTS: Final = frozenset({Evidence.SCHOOL_CERTIFICATE, Evidence.DECISION, Evidence.TRAVEL_DOCUMENT})
_WORDS: Final = frozenset({Evidence.VIDEO_CALL, Evidence.MET_CHILD, Evidence.OTHER})


def tell_if_urgent(session: Session, actor: Actor, pupil: MissingPupil, page: PupilPage) -> None:
    """Open the case now when something on a page cannot wait, and keep an open one up to date with it."""
    told, is_followed = pupil.told, _is_followed(session, pupil)
    opens = page in _OPENING and told.opens_case_at_once
    if not opens and not (page in _TOLD_AT_ONCE and is_followed):
        return
    command = _command(pupil, told)
    if is_followed:  # The chronology has the rest: each page adds what it says, the submitted answer all of it.
        command = replace(command, note=documents.compose_note(told.only(page)))
    cases.open_case(session, actor, command)


def tell_submitted(session: Session, actor: Actor, pupils: Sequence[MissingPupil]) -> None:
    """Open a case for each pupil who is not explained with evidence; tell the cases of those who now are."""
    told = [(pupil, pupil.told) for pupil in pupils]
    status = cases_queries.list_reported_status(session, [pupil.entry_id for pupil in pupils], visible_to=actor)
    followed = {entry_id for entry_id, case in status.items() if case.state is not CaseState.CLOSED}
    cases.open_cases(
        session,
        actor,
        [
            _command(pupil, answers)
            for pupil, answers in told
            if not is_explained_with_evidence(answers, on=clock.today()) or pupil.entry_id in followed
        ],
    )


def tell_news(session: Session, actor: Actor, pupil: MissingPupil, before: PupilAnswers) -> None:
    """Tell the case of a pupil who is still away what is new since the school last answered, and only that.

    A pupil without a case gets one when what explained it holds no longer, as when a leave has run out.
    """
    told = pupil.told
    if cases_queries.find_source(session, pupil.entry_id) is None:
        if not is_explained_with_evidence(told, on=clock.today()):
            cases.open_case(session, actor, _command(pupil, told))
        return
    changed = told.differing(before)
    command = _command(pupil, told)
    is_feared_anew = bool(_OPENING & set(changed))
    cases.open_case(
        session,
        actor,
        replace(
            command,
            reason=command.reason if is_feared_anew else OpenReason.UNEXPLAINED,
            claims=command.claims if PupilPage.WHEREABOUTS in changed else (),
            note=documents.compose_note(told.only(*changed)),
        ),
    )


def tell_not_back(session: Session, actor: Actor, pupil: MissingPupil) -> None:
    """Tell the case at once that a child who was worried about before the break has not come back after it."""
    command = _command(pupil, pupil.told)
    cases.open_case(session, actor, replace(command, note=documents.compose_not_back_note(), claims=()))


def tell_removed(session: Session, actor: Actor, pupil: MissingPupil) -> None:
    """Tell the pupil's open case, if there is one, that the school no longer lists the pupil."""
    if _is_followed(session, pupil):
        command = _command(pupil, pupil.told)
        cases.open_case(session, actor, replace(command, note=documents.compose_removed_note(), claims=()))


def list_entries_of_child(session: Session, pupil: MissingPupil) -> list[UUID]:
    """Return the schools' rows that are known to be about the same child, the pupil's own first."""
    source = cases_queries.find_source(session, pupil.entry_id)
    if source is None:
        return [pupil.entry_id]
    case = cases_queries.get_case_of_source(session, source)
    others = [other.entry_id for other in cases_queries.list_sources(session, case) if other.entry_id]
    return list(dict.fromkeys([pupil.entry_id, *others]))


def tell_withheld(session: Session, actor: Actor, pupil: MissingPupil, own: Collection[UUID]) -> None:
    """Tell the pupil's case, if there is one, that personal data are protected and no longer come from here.

    A case that only the actor's `own` rows have led to forgets the child at once; any other asks a coordinator first.
    """
    if (source := cases_queries.find_source(session, pupil.entry_id)) is not None:
        case = cases_queries.get_case_of_source(session, source)
        is_alone = not cases_queries.exists_source_besides(session, case, own)
        command = _command(pupil, PupilAnswers(urgent=pupil.told.urgent))
        note = documents.compose_withheld_note()
        told = replace(command, note=note, claims=(), is_protected=is_alone, is_said_protected=not is_alone)
        cases.open_case(session, actor, told)


def _is_followed(session: Session, pupil: MissingPupil) -> bool:
    case = cases_queries.find_case_of_entry(session, pupil.municipality_id, pupil.entry_id)
    return case is not None and case.is_open


def _command(pupil: MissingPupil, told: PupilAnswers) -> OpenCase:
    invitation, identity, guardians = pupil.response.invitation, told.identity, told.guardians
    return OpenCase(
        identity=identity.to_child_identity() if identity else _nobody_yet(),
        reason=_reason(told, pupil.response.asks),
        school_unit_id=invitation.school_unit_id,
        entry_id=pupil.entry_id,
        school_class=(identity.school_class or None) if identity else None,
        grade_band=told.grade_band,
        round_id=invitation.round_id,
        invitation_id=invitation.id,
        last_present_on=told.last_seen.last_present_on if told.last_seen else None,
        contact_safety=guardians.contact if guardians else ContactSafety.UNKNOWN,
        contact_safety_by=invitation.school_unit.name if guardians else None,
        claims=(_claim(told.whereabouts),) if told.whereabouts else (),
        note=documents.compose_note(told),
        is_missed=pupil.response.asks is not Asks.WORRY,
    )


def _nobody_yet() -> ChildIdentity:
    return ChildIdentity(kind=IdentityKind.NONE, number=None, name=documents.unnamed())


def _reason(told: PupilAnswers, asks: Asks) -> OpenReason:
    if told.is_urgent:
        return OpenReason.URGENT
    if told.is_suspected:
        return OpenReason.SUSPECTED
    return OpenReason.WORRY if asks is Asks.WORRY else OpenReason.UNEXPLAINED


def _claim(told: WhereaboutsAnswers) -> NewClaim:
    is_new_school = told.explanation is Explanation.CHANGED_SCHOOL and told.source is Source.SCHOOL_OR_AUTHORITY
    return NewClaim(
        text=documents.compose_claim(told),
        claimed_by=ClaimedBy.OTHER_SCHOOL if is_new_school else _CLAIMED_BY[told.source],
        claimed_on=told.said_on,
        evidence=_evidence(frozenset(told.evidence)),
        evidence_text=documents.compose_seen(told) or None,
        whereabouts=_WHEREABOUTS[told.place],
    )


def _evidence(seen: frozenset[Evidence]) -> CaseEvidence:
    if seen & _DOCUMENTS:
        return CaseEvidence.DOCUMENT_SEEN
    return CaseEvidence.ORAL if seen & _WORDS else CaseEvidence.NONE
