"""Beginning a report, writing it page by page, giving it up. Nobody approves it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.models import Account
from app.accounts.queries import get_account
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases import queries as cases
from app.kernel import clock, typed_forms
from app.kernel.database import require_version
from app.kernel.errors import InvalidTransition, Refused
from app.referrals import queries
from app.referrals.documents import DUTY
from app.referrals.models import ReportCounter, ReportOfConcern
from app.referrals.service.prefill import CaseFacts, fill_in
from app.referrals.types import (
    ChildPart,
    ReportContent,
    ReporterPart,
    ReportPage,
    ReportState,
    SaveReportPage,
    StartReport,
)
from app.responses import queries as responses
from app.responses.service import ON_WITHHELD
from app.schools.models import SchoolUnit
from app.schools.queries import get_municipality, get_school_unit, list_school_units


@dataclass(frozen=True, slots=True, repr=False)
class Beginning:
    """Where a report begins: what it is filled in with, and the rows that it comes from."""

    content: ReportContent
    case_id: UUID | None = None
    entry_id: UUID | None = None
    school_unit_id: UUID | None = None
    corrects_id: UUID | None = None
    receiver_id: UUID | None = None


def find_beginning(session: Session, actor: Actor, command: StartReport) -> Beginning:
    """Return what a report would begin with; nothing is kept.

    Raises `NotFound` when the case, the pupil or the earlier report is not the actor's to see, and `Refused` when the
    pupil's personal data are protected or the earlier report has not left.
    """
    account = _author(session, actor)
    if command.corrects_id is not None:
        return _from_earlier(session, actor, account, command.corrects_id)
    if command.case_id is not None:
        return _from_case(session, actor, account, command.case_id)
    if command.entry_id is not None:
        return _from_pupil(session, actor, account, command.entry_id)
    units = list_school_units(session, visible_to=actor)
    unit = units[0] if len(units) == 1 else None
    return Beginning(fill_in(account, unit, None, None), school_unit_id=unit.id if unit else None)


def start_report(
    session: Session, actor: Actor, command: StartReport, child: SaveReportPage | None = None
) -> ReportOfConcern:
    """Begin a report as a draft, with the child as the first page has it when that is given; see `find_beginning`."""
    beginning = find_beginning(session, actor, command)
    at = clock.now()
    report = ReportOfConcern(
        municipality_id=actor.municipality_id,
        reference=_next_reference(session, actor),
        state=ReportState.DRAFT,
        author_id=_author(session, actor).id,
        case_id=beginning.case_id,
        entry_id=beginning.entry_id,
        school_unit_id=beginning.school_unit_id,
        corrects_id=beginning.corrects_id,
        content=beginning.content.to_dict(),
        started_at=at,
        saved_at=at,
        legal_reference_key=DUTY,
        feedback_requested=True,
        receiver_id=beginning.receiver_id,
    )
    _take(session, actor, report, child)
    if report.receiver_id is None:
        report.receiver_id = _default_receiver_id(session, actor, report)
    session.add(report)
    session.flush()
    audit.record(
        session,
        actor,
        AuditAction.REPORT_STARTED,
        report.id,
        case_id=str(report.case_id) if report.case_id else None,
        entry_id=str(report.entry_id) if report.entry_id else None,
    )
    return report


def save_report(session: Session, actor: Actor, report: ReportOfConcern, command: SaveReportPage) -> None:
    """Keep one page of a draft.

    Raises `Conflict` when it has changed since the person read it, `InvalidTransition` once it is no draft.
    """
    require_version(report, command.version)
    home_before = report.told.child.home_municipality_code if report.told.child else None
    _take(session, actor, report, command)
    home = report.told.child.home_municipality_code if report.told.child else None
    if command.page is ReportPage.CHILD and home != home_before:
        report.receiver_id = _default_receiver_id(session, actor, report)
    session.flush()
    audit.record(session, actor, AuditAction.REPORT_CHANGED, report.id, fields=[command.page.value])


def withdraw_report(session: Session, actor: Actor, report: ReportOfConcern, version: int) -> None:
    """Give up a draft and forget what it said. Raises `Conflict`, or `InvalidTransition` once it has left."""
    require_version(report, version)
    report.withdraw()
    report.content, report.entry_id, report.saved_at = {}, None, clock.now()
    session.flush()
    audit.record(session, actor, AuditAction.REPORT_WITHDRAWN, report.id)


def is_about_protected(session: Session, actor: Actor, report: ReportOfConcern) -> bool:
    """Tell whether the child of a report has turned out to have protected personal data."""
    case = cases.find_case(session, actor.municipality_id, report.case_id) if report.case_id else None
    return case is not None and case.is_protected


def forget_drafts(session: Session, actor: Actor, entry_ids: Collection[UUID]) -> None:
    """Withdraw the actor's own drafts about a pupil it says has protected personal data, and forget what they said.

    Nobody takes away what somebody else is about to report: its author hears of it when handing over.
    """
    of_case = [
        case.id
        for entry_id in entry_ids
        if (case := cases.find_case_of_entry(session, actor.municipality_id, entry_id)) is not None
    ]
    drafts = select(ReportOfConcern).where(
        ReportOfConcern.municipality_id == actor.municipality_id,
        ReportOfConcern.state == ReportState.DRAFT,
        ReportOfConcern.author_id == actor.account_id,
        or_(ReportOfConcern.entry_id.in_(entry_ids), ReportOfConcern.case_id.in_(of_case)),
    )
    for draft in session.scalars(drafts.order_by(ReportOfConcern.id)).all():
        typed_forms.forget_about(session, draft.municipality_id, [draft.id])
        withdraw_report(session, actor, draft, draft.version)


ON_WITHHELD.append(forget_drafts)


def _take(session: Session, actor: Actor, report: ReportOfConcern, command: SaveReportPage | None) -> None:
    if command is None:
        return
    part = command.part
    if not report.is_draft:
        raise InvalidTransition("report of concern", report.state, ReportState.DRAFT)
    if isinstance(part, ChildPart) and command.school_unit_id is not None:
        unit = get_school_unit(session, command.school_unit_id, visible_to=actor)
        report.school_unit_id = unit.id
        part = replace(part, school=unit.name)
    if isinstance(part, ReporterPart):
        part = replace(part, name=_author(session, actor).name)
        receiver = command.receiver_id and queries.get_receiver(session, command.receiver_id, visible_to=actor)
        report.receiver_id = receiver.id if receiver else None
    report.tell(report.told.with_page(command.page, part), at=clock.now())


def _default_receiver_id(session: Session, actor: Actor, report: ReportOfConcern) -> UUID | None:
    """Return the board of the child's home municipality; of the own one when nobody has said which it is.

    A known home municipality that is not in the register has no default: a guess would send the report astray.
    """
    child = report.told.child
    code = child.home_municipality_code if child else None
    code = code or get_municipality(session, actor.municipality_id).code
    receiver = queries.find_default_receiver(session, code, visible_to=actor)
    return receiver.id if receiver else None


def _from_case(session: Session, actor: Actor, account: Account, case_id: UUID) -> Beginning:
    case = cases.get_case(session, case_id, visible_to=actor)
    if case.is_protected:
        raise Refused("identity_is_protected")
    unit = get_school_unit(session, case.school_unit_id, visible_to=actor)
    entries = [source.entry_id for source in cases.list_sources(session, case) if source.entry_id]
    pupil = responses.find_latest_pupil(session, entries[0]) if entries else None
    answers = pupil.told if pupil is not None and not pupil.is_withheld else None
    facts = CaseFacts(case, cases.list_claims(session, case))
    return Beginning(fill_in(account, unit, answers, facts), case_id=case.id, school_unit_id=unit.id)


def _from_pupil(session: Session, actor: Actor, account: Account, pupil_id: UUID) -> Beginning:
    pupil = responses.get_missing_pupil(session, pupil_id, visible_to=actor)
    if pupil.is_withheld:
        raise Refused("identity_is_protected")
    unit = get_school_unit(session, pupil.school_unit_id, visible_to=actor)
    content = fill_in(account, unit, pupil.told, None)
    case = cases.find_case_of_entry(session, actor.municipality_id, pupil.entry_id)
    case_id = case.id if case is not None and case.is_open else None
    return Beginning(content, case_id=case_id, entry_id=pupil.entry_id, school_unit_id=unit.id)


def _from_earlier(session: Session, actor: Actor, account: Account, report_id: UUID) -> Beginning:
    """Return what a correction begins with: what the earlier report said, in the name of whoever corrects it."""
    earlier = queries.get_report(session, report_id, visible_to=actor)
    if earlier.state in (ReportState.DRAFT, ReportState.WITHDRAWN):
        raise Refused("report_has_not_left")
    if is_about_protected(session, actor, earlier):
        raise Refused("identity_is_protected")
    unit: SchoolUnit | None = earlier.school_unit
    reporter = fill_in(account, unit, None, None).reporter or ReporterPart()
    typed = earlier.told.reporter.receiver if earlier.told.reporter else None
    return Beginning(
        earlier.told.with_page(ReportPage.REPORTER, replace(reporter, receiver=typed)),
        case_id=earlier.case_id,
        entry_id=earlier.entry_id,
        school_unit_id=earlier.school_unit_id,
        corrects_id=earlier.id,
        receiver_id=earlier.receiver_id,
    )


def _author(session: Session, actor: Actor) -> Account:
    if actor.account_id is None:
        raise Refused("nobody_writes")
    return get_account(session, actor.account_id, visible_to=actor)


def _next_reference(session: Session, actor: Actor) -> str:
    counter = _lock_counter(session, actor)
    counter.last += 1
    return f"O-{counter.year}-{counter.last:03}"


def _lock_counter(session: Session, actor: Actor) -> ReportCounter:
    year = clock.today().year
    wanted = (
        select(ReportCounter)
        .where(ReportCounter.municipality_id == actor.municipality_id, ReportCounter.year == year)
        .with_for_update()
    )
    if (counter := session.scalar(wanted)) is None:
        try:
            with session.begin_nested():
                session.add(ReportCounter(municipality_id=actor.municipality_id, year=year, last=0))
        except IntegrityError:
            pass  # Someone else was first this year; their row is the one to lock.
        counter = session.scalars(wanted).one()
    return counter
