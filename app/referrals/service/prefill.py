"""What a report is filled in with from the beginning, so that nobody types what the school or the case already holds.

Everything can be changed before it leaves. What others have said stays apart from what the reporter has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.accounts.models import Account
from app.cases.models import Case, Claim
from app.cases.types import ContactSafety
from app.kernel import clock
from app.referrals.documents import sentence, word
from app.referrals.types import (
    BackgroundPart,
    ChildPart,
    ConcernPart,
    DangerPart,
    FamilyPart,
    ReportContent,
    ReporterPart,
    ReportPage,
    StatementPart,
    ToldPart,
    TravelPart,
    TravelSuspicion,
)
from app.responses.documents import word as answer_word
from app.responses.types import (
    AbsenceStart,
    AnyYesNo,
    CallAnswers,
    ConcernAnswers,
    ContactAttempt,
    ContactsAnswers,
    LastSeenAnswers,
    ObservedAnswers,
    Place,
    PupilAnswers,
    TravelAnswers,
    UrgentSign,
    WhereaboutsAnswers,
)
from app.schools.models import SchoolUnit

_HELD_ABROAD: Final = frozenset({UrgentSign.HELD_ABROAD, UrgentSign.MARRIAGE_OR_MUTILATION})


@dataclass(frozen=True, slots=True, repr=False)
class CaseFacts:
    """What a case holds about the child."""

    case: Case
    claims: Sequence[Claim]


def fill_in(
    account: Account, unit: SchoolUnit | None, answers: PupilAnswers | None, facts: CaseFacts | None
) -> ReportContent:
    """Return the report as it begins: from the case where there is one, else from the school's answer, else blank."""
    content = from_answers(answers, unit) if answers is not None else ReportContent()
    if facts is not None:
        content = with_case(content, facts, unit)
    return content.with_page(
        ReportPage.REPORTER,
        ReporterPart(
            name=account.name,
            title=account.title,
            workplace=unit.name if unit else "",
            phone=account.phone,
            email=account.email,
            principal_name=unit.principal_name if unit else "",
        ),
    )


def from_answers(answers: PupilAnswers, unit: SchoolUnit | None) -> ReportContent:
    """Return what a school has answered about a pupil as the beginning of a report."""
    return ReportContent(
        child=_child(answers, unit),
        danger=_danger(answers),
        concern=ConcernPart(
            what_happened=_absence(answers.last_seen),
            first_hand=answers.own_words.text if answers.own_words else "",
            child_said=answers.said.quote if answers.said else "",
        ),
        told=ToldPart((*_statements(answers.whereabouts), *_signs(answers.concern), *_signs(answers.observed))),
        background=_background(answers),
        travel=_travel(answers),
        family=FamilyPart(siblings=_siblings(answers)),
    )


def with_case(content: ReportContent, facts: CaseFacts, unit: SchoolUnit | None) -> ReportContent:
    """Return a report that begins with what the case holds; its claims replace those of a single answer."""
    case, child = facts.case, facts.case.child
    base = content.child or ChildPart(school=unit.name if unit else "", school_class=case.school_class or "")
    concern = content.concern or ConcernPart(
        what_happened=_absence(LastSeenAnswers(last_present_on=case.last_present_on))
    )
    background, travel = content.background or BackgroundPart(), content.travel or TravelPart()
    return ReportContent(
        child=ChildPart(
            kind=child.identity_kind,
            number=child.identity_number,
            name=child.name,
            birth_date=child.birth_date,
            home_municipality_code=child.home_municipality_code,
            gender=base.gender,
            school=base.school,
            school_form=base.school_form,
            grade=base.grade,
            school_class=base.school_class,
        ),
        danger=content.danger,
        concern=concern,
        told=ToldPart(tuple(_claimed(claim) for claim in facts.claims)) if facts.claims else content.told,
        background=BackgroundPart(
            earlier_concern=background.earlier_concern,
            earlier_text=background.earlier_text,
            measures=background.measures,
            effect=background.effect,
            considerations=_contact(case.contact_safety, case.contact_safety_by),
        ),
        travel=TravelPart(
            suspicion=travel.suspicion,
            last_seen_on=case.last_present_on,
            last_seen=sentence("seen_at_school") if case.last_present_on else "",
            destination=travel.destination,
            expected_return=travel.expected_return,
        ),
        family=content.family,
    )


def _child(answers: PupilAnswers, unit: SchoolUnit | None) -> ChildPart:
    told = answers.identity
    if told is None:
        return ChildPart(school=unit.name if unit else "")
    return ChildPart(
        kind=told.kind,
        number=told.number,
        name=told.name,
        birth_date=told.birth_date,
        home_municipality_code=told.home_municipality_code,
        school=unit.name if unit else "",
        school_form=told.school_form,
        grade=told.grade,
        school_class=told.school_class,
    )


def _danger(answers: PupilAnswers) -> DangerPart:
    signs = answers.urgent.signs if answers.urgent else ()
    where = answers.whereabouts
    return DangerPart(
        is_acute=AnyYesNo.YES if signs else None,
        danger="\n".join(answer_word(sign) for sign in signs),
        called=_called(answers.urgent.calls) if answers.urgent and answers.urgent.calls else "",
        place=where.place if where else None,
        place_text=where.country if where else "",
    )


def _called(calls: CallAnswers) -> str:
    when = f" {clock.local(calls.called_at):%Y-%m-%d %H.%M}" if calls.called_at else ""
    return sentence("called", names=", ".join(calls.called), when=when, answered=calls.answered_by).strip()


def _absence(seen: LastSeenAnswers | None) -> str:
    if seen is None:
        return ""
    known = seen.absence_start is not AbsenceStart.UNKNOWN
    start = answer_word(seen.absence_start).lower() if known else ""
    absent = sentence("absent_since", start=start) if start else sentence("absent")
    return (
        " ".join((absent, sentence("last_present", day=_day(seen.last_present_on)))) if seen.last_present_on else absent
    )


def _statements(told: WhereaboutsAnswers | None) -> tuple[StatementPart, ...]:
    """Return the claim about where the pupil is; nothing was said while the place is unknown and nobody has said it."""
    if told is None or (told.place is Place.UNKNOWN and not told.explanation_text):
        return ()
    place = ": ".join(part for part in (answer_word(told.place), told.country) if part)
    said = (place, answer_word(told.explanation), told.explanation_text)
    evidence = (*(answer_word(each) for each in told.evidence), told.evidence_text)
    return (
        StatementPart(
            text=". ".join(part for part in said if part),
            source=answer_word(told.source),
            said_on=told.said_on,
            evidence=". ".join(part for part in evidence if part),
        ),
    )


def _signs(told: ConcernAnswers | ObservedAnswers | None) -> tuple[StatementPart, ...]:
    return tuple(
        StatementPart(
            text=". ".join(part for part in (answer_word(each.sign), each.text) if part),
            source=each.seen_by,
            said_on=each.on,
        )
        for each in (told.signs if told else ())
    )


def _background(answers: PupilAnswers) -> BackgroundPart:
    concern, contacts, guardians = answers.concern, answers.contacts, answers.guardians
    return BackgroundPart(
        earlier_concern=concern.earlier_concern if concern else None,
        earlier_text=concern.earlier_text if concern else "",
        measures="\n".join(_attempt(each) for each in (contacts.attempts if contacts else ())),
        effect=_spoken(contacts) if contacts else "",
        considerations=_contact(guardians.contact, guardians.because) if guardians else "",
    )


def _attempt(attempt: ContactAttempt) -> str:
    way = answer_word(attempt.way) if attempt.way else ""
    result = attempt.result
    if attempt.with_whom:
        result = sentence("attempt_with", with_whom=attempt.with_whom, result=result).strip()
    text = sentence("attempt", day=_day(attempt.on), way=way.lower(), result=result).strip()
    return sentence("made_by", text=text, by=attempt.made_by) if attempt.made_by else text


def _spoken(contacts: ContactsAnswers) -> str:
    answer = answer_word(contacts.spoken_with_child)
    return sentence("spoken", answer=", ".join(part for part in (answer, _day(contacts.spoken_on)) if part))


def _contact(safety: ContactSafety, because: str | None) -> str:
    if safety is ContactSafety.UNKNOWN:
        return ""
    said = sentence("contact", answer=word(safety))
    return "\n".join(part for part in (said, because) if part)


def _travel(answers: PupilAnswers) -> TravelPart:
    where, leave = answers.whereabouts, answers.leave
    if answers.travel is not None and where is None:
        return _journey(answers.travel, _suspicion(answers))
    returns = leave.expected_return_on if leave else None
    return TravelPart(
        suspicion=_suspicion(answers),
        last_seen_on=answers.last_seen.last_present_on if answers.last_seen else None,
        last_seen=sentence("seen_at_school") if answers.last_seen and answers.last_seen.last_present_on else "",
        destination=where.country if where and where.place is Place.ABROAD else "",
        expected_return=sentence("expected", day=_day(returns)) if returns else "",
    )


def _journey(told: TravelAnswers, suspicion: TravelSuspicion | None) -> TravelPart:
    """A journey that a school knew of before a break. The day it is to begin is no day somebody has travelled."""
    leaves = _day(told.leaves_on) if told.leaves_on else ""
    return TravelPart(
        suspicion=suspicion,
        destination=told.where,
        journey=", ".join(part for part in (leaves, told.with_whom) if part),
        told_by=told.told_by,
        expected_return=sentence("expected", day=_day(told.back_on)) if told.back_on else "",
    )


def _suspicion(answers: PupilAnswers) -> TravelSuspicion | None:
    """Return what a school has said in so many words; nothing is concluded for it."""
    signs = frozenset(answers.urgent.signs if answers.urgent else ())
    if _HELD_ABROAD & signs or (answers.concern_level is not None and answers.concern_level.opens_case):
        return TravelSuspicion.TAKEN
    is_feared = answers.observed is not None and answers.observed.suspects is AnyYesNo.YES
    return TravelSuspicion.PLANNED if is_feared or UrgentSign.LEAVING_SOON in signs else None


def _siblings(answers: PupilAnswers) -> str:
    rows = answers.siblings.siblings if answers.siblings else ()
    return "\n".join(
        ", ".join(part for part in (each.name, each.age, each.place_text or answer_word(each.place)) if part)
        for each in rows
    )


def _claimed(claim: Claim) -> StatementPart:
    evidence = (word(claim.evidence), claim.evidence_text, sentence("verified") if claim.is_verified else "")
    return StatementPart(
        text=claim.text,
        source=word(claim.claimed_by),
        said_on=claim.claimed_on,
        evidence=". ".join(part for part in evidence if part),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
