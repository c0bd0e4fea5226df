"""The report as its receiver gets it: who sends it to whom, by which law, what it says, and its form as PDF."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.typesetting import typeset
from app.referrals.documents.layout import ReportSection, list_sections
from app.referrals.models import ReportOfConcern
from app.referrals.types import (
    ChildPart,
    GuardianInformed,
    HandOverChannel,
    ReportContent,
    ReporterPart,
    TravelSuspicion,
    TypedReceiver,
)
from app.routine.queries import get_reference, list_references
from app.schools.models import Municipality, SchoolUnit
from app.schools.queries import get_municipality, list_swedish_municipalities
from app.schools.types import OrganiserKind

TEMPLATE: Final = "referrals/_report_of_concern.typ"

DUTY: Final = "sol-19-1"
FEEDBACK: Final = "sol-19-6"
ASSESSMENT: Final = ("sol-20-1", "sol-20-2")
SECRECY_OF_REPORTS: Final = "osl-40-7g"
SECRECY_AT_SCHOOL: Final = "osl-23-2"
"""Keys of legal references; what they say, and since when, is data."""


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """A legal reference as it read on the day of the report."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True, repr=False)
class ReportFrame:
    """What stands around the answers: who sends to whom, by which law, and under what secrecy."""

    reference: str
    sender: str
    sender_detail: str
    receiver: str
    receiver_detail: str
    coordinator: str
    signed_by: str
    signed_detail: str
    written_at: datetime
    duty: CitedLaw
    secrecy: CitedLaw
    other_laws: tuple[CitedLaw, ...]
    corrects_reference: str | None = None
    home_municipality: str = ""
    is_draft: bool = False
    has_link: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ReportDocument:
    """Everything the receiver gets, in order; the preview shows it and `set_report` sets it."""

    frame: ReportFrame
    is_acute: bool
    is_taken: bool
    guardians_unaware: bool
    """No guardian knows of the report: the first thing the receiver must see, since a call home may harm the child."""
    do_not_reveal: str
    wants_feedback: bool
    sections: tuple[ReportSection, ...]


def compose_report(content: ReportContent, frame: ReportFrame) -> ReportDocument:
    """Return the report as its receiver gets it."""
    travel, guardians = content.travel, content.family.guardians if content.family else ()
    return ReportDocument(
        frame=frame,
        is_acute=content.is_acute,
        is_taken=travel is not None and travel.suspicion in (TravelSuspicion.TAKEN, TravelSuspicion.PLANNED),
        guardians_unaware=not any(each.informed is GuardianInformed.YES for each in guardians),
        do_not_reveal=travel.do_not_reveal if travel else "",
        wants_feedback=(content.reporter or ReporterPart()).wants_feedback,
        sections=list_sections(content, frame.home_municipality),
    )


def make_document(
    session: Session,
    report: ReportOfConcern,
    *,
    visible_to: Actor,
    at: datetime,
    channels: tuple[HandOverChannel, ...] = (),
) -> ReportDocument:
    """Return a report as its receiver gets it when handed over at a moment, by the law in force on that day.

    Without channels it is still a draft. Raises `NotFound` when no duty to report was in force then.
    """
    laws = _laws(session, report.told, clock.local(at).date())
    municipality = get_municipality(session, visible_to.municipality_id)
    frame = _frame(report, municipality, laws, at)
    return compose_report(
        report.told,
        replace(frame, is_draft=not channels, has_link=HandOverChannel.MAIL_LINK in channels),
    )


def _frame(
    report: ReportOfConcern, municipality: Municipality, laws: tuple[CitedLaw, ...], at: datetime
) -> ReportFrame:
    content = report.told
    reporter, child = content.reporter or ReporterPart(), content.child or ChildPart()
    sender, *sender_details = _sender(municipality, report.school_unit)
    receiver, *receiver_details = receiver_lines(report)
    place = ", ".join(part for part in (reporter.title, reporter.workplace) if part)
    return ReportFrame(
        reference=report.reference,
        sender=sender,
        sender_detail="\n".join(sender_details),
        receiver=receiver,
        receiver_detail="\n".join(receiver_details),
        coordinator=f"{municipality.coordinator_name}, {municipality.coordinator_phone}",
        signed_by=report.author.name,
        signed_detail="\n".join(part for part in (place, reporter.phone) if part),
        written_at=at,
        duty=laws[0],
        secrecy=laws[1],
        other_laws=laws[2:],
        corrects_reference=report.corrects.reference if report.corrects else None,
        home_municipality=_home(municipality, child.home_municipality_code),
    )


def _laws(session: Session, content: ReportContent, on: date) -> tuple[CitedLaw, ...]:
    """Return the duty to report, the secrecy, then what the board must do, all as they read on a day."""
    feedback = (FEEDBACK,) if (content.reporter or ReporterPart()).wants_feedback else ()
    wanted = (SECRECY_OF_REPORTS, *feedback, *ASSESSMENT)
    found = list_references(session, wanted, on)
    first = get_reference(session, DUTY, on)
    secrecy = found.get(SECRECY_OF_REPORTS) or get_reference(session, SECRECY_AT_SCHOOL, on)
    rest = (found[key] for key in (*feedback, *ASSESSMENT) if key in found)
    return tuple(CitedLaw(each.title, each.summary) for each in (first, secrecy, *rest))


def receiver_lines(report: ReportOfConcern) -> tuple[str, ...]:
    """Return the board, then how it is reached: from the register, or as typed; an empty line before one is chosen."""
    if report.receiver is not None:
        row = report.receiver
        return (f"{row.board_name}, {row.municipality_name}", *(part for part in (row.address, row.phone) if part))
    reporter = report.told.reporter
    typed = (reporter and reporter.receiver) or TypedReceiver()
    name = ", ".join(part for part in (typed.board_name, typed.municipality_name) if part)
    return (name, *(part for part in (typed.address, typed.phone) if part))


def set_report(document: ReportDocument) -> bytes:
    """Return the report as PDF. Neither its title nor its name says whom it is about."""
    written = clock.local(document.frame.written_at)
    data = asdict(document) | {"day": written.date().isoformat(), "time": f"{written:%H.%M}"}
    data["frame"] = {**data["frame"], "written_at": written.isoformat()}
    return typeset(TEMPLATE, data, document.frame.written_at)


def fingerprint(document: bytes) -> str:
    """Return what the receipt says of a document: SHA-256, by which anyone can tell that a copy is the same."""
    return sha256(document).hexdigest()


def file_name(reference: str) -> str:
    """Return the name the PDF is saved under: the reference and nothing else."""
    return f"{reference}.pdf"


def _home(municipality: Municipality, code: str | None) -> str:
    """Return name and code of a home municipality; the own one first, since an invented one is in no list."""
    if not code:
        return ""
    name = municipality.name if code == municipality.code else dict(list_swedish_municipalities()).get(code, "")
    return f"{name} ({code})" if name else code


def _sender(municipality: Municipality, unit: SchoolUnit | None) -> tuple[str, ...]:
    """Return in whose name the report goes: the municipality's, or that of the organiser of the school."""
    if unit is None:
        return (municipality.name, municipality.department)
    if unit.organiser.kind is OrganiserKind.MUNICIPAL:
        return (municipality.name, municipality.department, unit.name)
    return (unit.organiser.name, unit.name)
