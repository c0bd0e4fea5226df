"""Scenes about reports of concern: written, handed over, opened, acknowledged, answered."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import CaseSource
from app.kernel import clock
from app.kernel.errors import NotFound
from app.referrals import queries
from app.referrals import service as referrals
from app.referrals.models import ReceiverLink, ReportOfConcern
from app.referrals.types import (
    ConcernPart,
    DangerPart,
    HandOverChannel,
    HandOverReport,
    ReceiverAnswer,
    RecordAcknowledgement,
    RecordAnswer,
    ReporterPart,
    ReportPage,
    ReportPart,
    SaveReportPage,
    StartReport,
)
from app.rehearsal.service.scenes.people import act_as, find_case, find_entry, find_pupil
from app.responses.types import AnyYesNo

Scene = dict[str, Any]


def report(session: Session, scene: Scene) -> None:
    """Somebody writes a report of concern, from the case or from the school's answer, and hands it over at once."""
    actor = act_as(session, scene["by"])
    written = referrals.start_report(session, actor, _start(session, actor, scene))
    for page, part in _pages(written, scene):
        command = SaveReportPage(page, part, written.version, written.school_unit_id, written.receiver_id)
        referrals.save_report(session, actor, written, command)
    written = queries.get_report(session, written.id, visible_to=actor)
    channel = HandOverChannel(scene["channel"])
    referrals.hand_over(session, actor, written, HandOverReport((channel,), written.version))


def _start(session: Session, actor: Actor, scene: Scene) -> StartReport:
    if scene["prefill"] == "case":
        return StartReport(case_id=find_case(session, actor, scene["pupil"]).id)
    return StartReport(entry_id=find_pupil(session, scene["pupil"]).id)


def _pages(written: ReportOfConcern, scene: Scene) -> list[tuple[ReportPage, ReportPart]]:
    """Return the pages the reporter fills in; the rest is as prefilled."""
    told = written.told
    danger = replace(told.danger or DangerPart(), is_acute=AnyYesNo(scene["acute"]))
    concern = replace(told.concern or ConcernPart(), **scene["content"])
    reporter = replace(told.reporter or ReporterPart(), wants_feedback=scene["feedback"])
    return [(ReportPage.DANGER, danger), (ReportPage.CONCERN, concern), (ReportPage.REPORTER, reporter)]


def _latest(session: Session, scene: Scene) -> ReportOfConcern:
    case_id = select(CaseSource.case_id).where(CaseSource.entry_id == find_entry(session, scene["pupil"]))
    report = session.scalar(
        select(ReportOfConcern)
        .where(ReportOfConcern.case_id.in_(case_id))
        .order_by(ReportOfConcern.reference.desc())
        .limit(1)
    )
    if report is None:
        raise NotFound("report of concern")
    return report


def _link(session: Session, scene: Scene) -> ReceiverLink:
    report_id = _latest(session, scene).id
    link_id = session.scalar(select(ReceiverLink.id).where(ReceiverLink.report_id == report_id))
    if link_id is None:
        raise NotFound("receiver link")
    return queries.get_link(session, link_id)


def receiver_opens(session: Session, scene: Scene) -> None:
    """The board's officer follows the link in the mail."""
    referrals.note_link_opened(session, _link(session, scene))


def receiver_acknowledges(session: Session, scene: Scene) -> None:
    """The board's officer clicks that the report has arrived."""
    referrals.acknowledge_by_link(session, _link(session, scene))


def receiver_answers(session: Session, scene: Scene) -> None:
    """The board's officer gives the answer by the same link."""
    answer = ReceiverAnswer(scene["answer"])
    referrals.answer_by_link(session, _link(session, scene), answer, date.fromisoformat(scene["on"]))


def record_acknowledgement(session: Session, scene: Scene) -> None:
    """A coordinator records that the board has confirmed by phone."""
    actor, written = act_as(session, scene["by"]), _latest(session, scene)
    referrals.record_acknowledgement(session, actor, written, RecordAcknowledgement(clock.now(), written.version))


def record_answer(session: Session, scene: Scene) -> None:
    """A coordinator records the board's answer."""
    actor, written = act_as(session, scene["by"]), _latest(session, scene)
    answer = RecordAnswer(ReceiverAnswer(scene["answer"]), date.fromisoformat(scene["on"]), written.version)
    referrals.record_answer(session, actor, written, answer)
