"""Two municipalities with one of everything, for guards that ask the whole app the same question.

A `Corner` is what stands at one school unit: its invitation and answer, a missing pupil, the case, the reports.
`own` and `submitted` belong to the units that the municipality's respondent and staff answer for, `other` to another
unit of the same municipality, `foreign` to another municipality. A report is one's own in the first two, somebody
else's in the others, and in `colleague`, which is `own` but for that. `reported` is what one's own unit has told at a
time of its own, outside rounds. Each child has a name that stands nowhere else.

The round that is open stands in every corner but `submitted`, where a page is asked about the round it is made for:
one that is planned, closed or called off; a follow-up asks about the child of that answer again.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.access.actor import Role
from app.accounts import service as accounts
from app.accounts.models import Account, Membership
from app.accounts.types import Duty, GrantDuty, LinkPurpose, SendInvitation
from app.cases import service as cases
from app.cases.models import CaseNote, Claim
from app.cases.types import AddNote, NoteKind, OpenCase, OpenReason
from app.kernel import clock, installation
from app.kernel.clock import STOCKHOLM
from app.kernel.identity_number import IdentityKind
from app.referrals import service as referrals
from app.referrals.models import Receiver, ReceiverLink
from app.referrals.queries import get_report
from app.referrals.types import (
    ChildPart,
    ConcernPart,
    HandOverChannel,
    HandOverReport,
    ReporterPart,
    ReportPage,
    SaveReportPage,
    StartReport,
)
from app.responses import service as responses
from app.responses.models import Response
from app.responses.types import (
    AddMissingPupil,
    AdoptQuestions,
    IdentityAnswers,
    PupilPage,
    SaveFigures,
    SavePupilPage,
    SchoolForm,
    SubmitResponse,
    UrgentAnswers,
)
from app.responses.types.absence_lists import AbsentPupils, PreviewAbsenceList
from app.rosters.queries import find_connection
from app.rosters.service import order_fetch, save_connection
from app.routine.models import RoutineVersion
from app.schools.models import EmergencyNumber, Municipality, SchoolUnit
from app.summaries.service import freeze_term
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.queries import get_invitation
from app.surveys.types import Asks, RoundState, WaveDays
from tests.factories.accounts import make_account
from tests.factories.cases import make_claim
from tests.factories.pupils import make_number
from tests.factories.registers import make_connection
from tests.factories.responses import complete_answers
from tests.factories.rosters import make_upload, pupils_of, stage_classes
from tests.factories.routine import make_routine
from tests.factories.schools import make_municipality, make_school_year, make_unit
from tests.factories.surveys import DAYS, MOMENTS, make_invitation, make_plan, make_round

NOW = datetime(2026, 8, 25, 10, tzinfo=STOCKHOLM)
ACCOUNTS = (Role.STAFF, Role.RESPONDENT, Role.COORDINATOR, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)
SENT_IN = "Ebba Klarvik"
"""The child of the answer that has been sent in."""
WRITERS = (Role.STAFF, Role.RESPONDENT, Role.COORDINATOR)
LATER_DAYS = WaveDays(open=20, reminders=(22,), due=24, escalate=26, call=27, close=30)
PLANNED_PAGES = (
    "surveys.change_round_days",
    "surveys.confirm_round",
    "surveys.copy_last_year",
    "surveys.edit_round_letter",
    "surveys.show_dry_run",
)
"""The pages about a round that has not opened."""
WORRY_PAGES = ("responses.save_observed", "responses.save_said", "responses.save_travel")
"""The pages that are asked about a pupil whom somebody worries about before a break."""


@dataclass
class Corner:
    """What stands at one school unit."""

    child_name: str
    unit: SchoolUnit
    accounts: dict[Role, Account]
    ids: dict[str, UUID] = field(default_factory=dict)
    """By the name an address gives them."""
    ids_of: dict[str, dict[str, UUID]] = field(default_factory=dict)
    """The same for a view that is asked about something else, by endpoint."""
    reports: dict[Role, UUID] = field(default_factory=dict)
    """Handed over, by who wrote them."""
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """All of it."""

    municipality: Municipality
    corners: dict[str, Corner]
    accounts: dict[Role, Account]

    def values(self, rule: Rule, corner: str, role: Role) -> dict[str, Any]:
        """Return what fills in the address of a rule, for a role that asks for a corner's object."""
        found = self.corners["own" if corner == "colleague" else corner]
        is_own = corner in ("own", "submitted") and role in found.reports
        other_author = Role.STAFF if role is Role.RESPONDENT else Role.RESPONDENT
        own_ids = found.ids | found.ids_of.get(rule.endpoint, {})
        report_id = found.reports.get(role if is_own else other_author)
        ids: dict[str, Any] = {**own_ids, "report_id": report_id}
        plain = {"number": 1, "token": found.tokens.get(rule.endpoint, "")}
        return {name: ids[name] if name in ids else plain[name] for name in rule.arguments}


def make_world(session: Session) -> World:
    """Make both municipalities."""
    installation.set_clock(session, NOW)
    municipality, survey_round = _make_municipality(session)
    units = [make_unit(session, municipality, name=name) for name in ("Egna skolan", "Klara skolan")]
    own_accounts = {
        role: make_account(session, municipality, role, *(units if role in (Role.STAFF, Role.RESPONDENT) else ()))
        for role in ACCOUNTS
    }
    other_unit = make_unit(session, municipality, name="Andra skolan")
    other_accounts = own_accounts | {
        role: make_account(session, municipality, role, other_unit) for role in (Role.STAFF, Role.RESPONDENT)
    }
    abroad, foreign_round = _make_municipality(session)
    foreign_unit = make_unit(session, abroad, name="Främmande skolan")
    foreign_accounts = {role: make_account(session, abroad, role, foreign_unit) for role in ACCOUNTS}
    corners = {
        "own": _fill(session, Corner("Tuva Egenmark", units[0], own_accounts), survey_round),
        "submitted": _fill(session, Corner(SENT_IN, units[1], own_accounts), survey_round),
        "other": _fill(session, Corner("Olle Granndal", other_unit, other_accounts), survey_round),
        "foreign": _fill(session, Corner("Nils Fjärran", foreign_unit, foreign_accounts), foreign_round),
    }
    _send(session, corners["submitted"])
    _ask_again(session, corners["submitted"], survey_round)
    for corner in corners.values():
        corner.ids["snapshot_id"] = freeze_term(session, corner.unit.municipality_id, survey_round.term, clock.now()).id
        _wait_for_lists(session, corner)
    corners["reported"] = _report(session, Corner("Rut Rapport", units[0], own_accounts))
    _adopt_questions(session, own_accounts[Role.COORDINATOR])
    return World(municipality, corners, own_accounts)


def _make_municipality(session: Session) -> tuple[Municipality, SurveyRound]:
    municipality = make_municipality(session)
    make_routine(session, municipality)
    session.add(
        Receiver(
            municipality_id=municipality.id,
            municipality_code=municipality.code,
            municipality_name=municipality.name,
            board_name="Socialnämnden",
            email="barn@socialnamnd.example",
            phone="08-465 004 60",
            address="Torget 1",
        )
    )
    session.add(
        EmergencyNumber(
            municipality_id=municipality.id, label="Fara just nu", number="112", note="", is_urgent=True, position=1
        )
    )
    return municipality, make_round(session, make_plan(session, municipality, waves=(DAYS, LATER_DAYS)))


def _fill(session: Session, corner: Corner, survey_round: SurveyRound) -> Corner:
    invitation = make_invitation(session, survey_round, corner.unit)
    _answer(session, corner, invitation)
    _hand_over_lists(session, corner, invitation)
    _follow_up(session, corner, survey_round)
    municipality_id = corner.unit.municipality_id
    for name, table in (
        ("receiver_id", Receiver),
        ("number_id", EmergencyNumber),
        ("plan_id", SurveyPlan),
        ("routine_version_id", RoutineVersion),
        ("note_id", CaseNote),
        ("claim_id", Claim),
    ):
        wanted = select(table.id).where(table.municipality_id == municipality_id)
        if hasattr(table, "case_id"):
            wanted = wanted.where(table.case_id == corner.ids["case_id"])
        if (found := session.scalar(wanted.limit(1))) is not None:
            corner.ids[name] = found
    corner.ids |= {"round_id": survey_round.id, "school_unit_id": corner.unit.id, "unit_id": corner.unit.id}
    corner.ids["account_id"] = corner.accounts[Role.DIRECTOR].id
    _lend(session, corner)
    for role in WRITERS:
        _write_report(session, corner, role)
    return corner


def _lend(session: Session, corner: Corner) -> None:
    """Let the unit have a school year of its own, a delegation and somebody who has been invited to answer for it."""
    today, unit_id = clock.today(), corner.unit.id
    year = make_school_year(session, corner.unit)
    corner.ids |= {"owner_id": unit_id, "school_year_id": year.id}
    principal = corner.accounts[Role.RESPONDENT]
    away = Membership(
        municipality_id=corner.unit.municipality_id,
        account_id=principal.id,
        school_unit_id=unit_id,
        duty=Duty.DELEGATE,
        starts_on=today,
        ends_on=today,
    )
    session.add(away)
    session.flush()
    duty = GrantDuty(Duty.DELEGATE, (unit_id,), today, today)
    command = SendInvitation("Nora Ny", "", f"nora.{unit_id}@alvhaga.example", duty)
    invitation = accounts.send_invitation(session, principal.as_actor(today), command)
    assert invitation is not None
    corner.ids |= {"membership_id": away.id, "account_invitation_id": invitation.id}
    new = make_account(session, session.get_one(Municipality, principal.municipality_id), Role.STAFF)
    link = accounts.make_link(session, principal.as_actor(today), new, LinkPurpose.ACTIVATION)
    corner.tokens |= {
        "accounts.accept_invitation": invitation.token,
        "accounts.choose_password": link.token,
        "accounts.renew_invitation": invitation.token,
    }


def _answer(session: Session, corner: Corner, invitation: Invitation) -> None:
    actor = corner.accounts[Role.RESPONDENT].as_actor(clock.today())
    response = responses.start_response(session, actor, invitation)
    responses.save_figures(session, actor, response, SaveFigures(enrolled=412, present=411, known_absence=0))
    _add_pupil(session, corner, response)


def _add_pupil(session: Session, corner: Corner, response: Response) -> None:
    actor = corner.accounts[Role.RESPONDENT].as_actor(clock.today())
    pupil = responses.add_missing_pupil(session, actor, response, AddMissingPupil(UrgentAnswers()))
    identity = IdentityAnswers(
        kind=IdentityKind.PERSONAL,
        number=make_number(),
        name=corner.child_name,
        birth_date=date(2015, 4, 12),
        school_form=SchoolForm.COMPULSORY,
        grade="5",
        school_class="5 B",
        home_municipality_code="0199",
    )
    answers = complete_answers(identity=identity)
    for page in PupilPage:
        if (values := answers.page(page)) is not None and page is not PupilPage.URGENT:
            responses.save_pupil_page(session, actor, pupil, SavePupilPage(page, values))
    corner.ids |= {
        "invitation_id": response.invitation_id,
        "response_id": response.id,
        "pupil_id": pupil.id,
        "entry_id": pupil.entry_id,
    }


def _hand_over_lists(session: Session, corner: Corner, invitation: Invitation) -> None:
    """Stage a class, and keep an absence list of the respondent's that waits to be confirmed; the child is on both."""
    actor = corner.accounts[Role.RESPONDENT].as_actor(clock.today())
    (school_class,) = stage_classes(session, invitation, {"5 B": [corner.child_name]})
    absent = AbsentPupils((IdentityAnswers(name=corner.child_name, is_confirmed=False),), corner.child_name)
    kept = responses.preview_absence_list(session, actor, invitation, PreviewAbsenceList(absent, 0))
    corner.ids |= {"class_id": school_class.id, "absence_list_id": kept.id}


def _follow_up(session: Session, corner: Corner, survey_round: SurveyRound) -> None:
    actor = corner.accounts[Role.RESPONDENT].as_actor(clock.today())
    coordinator = corner.accounts[Role.COORDINATOR].as_actor(clock.today())
    identity = IdentityAnswers(kind=IdentityKind.PERSONAL, number=make_number(), name=corner.child_name)
    case = cases.open_case(
        session,
        actor,
        OpenCase(
            identity=identity.to_child_identity(),
            reason=OpenReason.UNEXPLAINED,
            school_unit_id=corner.unit.id,
            entry_id=corner.ids["entry_id"],
            school_class="5 B",
            round_id=survey_round.id,
            claims=(make_claim(),),
        ),
    )
    cases.add_note(session, coordinator, case, AddNote(NoteKind.NOTE, NOW, "Ringde skolan."))
    corner.ids["case_id"] = case.id


def _write_report(session: Session, corner: Corner, role: Role) -> None:
    """Begin a report where the role begins one: at the case, at the pupil of its answer, or with nothing."""
    actor = corner.accounts[role].as_actor(clock.today())
    begun_from = {
        Role.COORDINATOR: StartReport(case_id=corner.ids["case_id"]),
        Role.RESPONDENT: StartReport(entry_id=corner.ids["pupil_id"]),
    }
    report = referrals.start_report(session, actor, begun_from.get(role, StartReport()))
    child, reporter = report.told.child or ChildPart(), report.told.reporter or ReporterPart()
    parts = {
        ReportPage.CHILD: replace(child, name=corner.child_name),
        ReportPage.CONCERN: ConcernPart(what_happened="Har inte kommit till skolan."),
        ReportPage.REPORTER: replace(reporter, workplace=corner.unit.name, phone="08-465 004 31"),
    }
    for page, part in parts.items():
        command = SaveReportPage(page, part, report.version, corner.unit.id, corner.ids["receiver_id"])
        referrals.save_report(session, actor, report, command)
    corner.reports[role] = report.id


def _send(session: Session, corner: Corner) -> None:
    """Submit the answer and hand the reports over, each from rows read anew as a request would."""
    session.flush()
    session.expunge_all()
    actor = corner.accounts[Role.RESPONDENT].as_actor(clock.today())
    invitation = get_invitation(session, corner.ids["invitation_id"], visible_to=actor)
    response = responses.start_response(session, actor, invitation)
    responses.submit_response(session, actor, response, SubmitResponse("Karin Lövdahl"))
    for role, report_id in corner.reports.items():
        writer = corner.accounts[role].as_actor(clock.today())
        report = get_report(session, report_id, visible_to=writer)
        command = HandOverReport((HandOverChannel.MAIL_LINK, HandOverChannel.DOWNLOAD), report.version)
        referrals.hand_over(session, writer, report, command)
        session.flush()
    link = session.scalars(select(ReceiverLink).where(ReceiverLink.report_id == corner.reports[Role.RESPONDENT])).one()
    corner.tokens["referrals.acknowledge_report"] = link.token


def _ask_again(session: Session, corner: Corner, survey_round: SurveyRound) -> None:
    """Follow an answer up in the next wave, and plan, close and call off rounds for the pages about such."""
    plan = session.get_one(SurveyPlan, survey_round.plan_id)
    follow_up = _wave(session, plan, 1)
    asked = make_invitation(
        session, follow_up, session.get_one(SchoolUnit, corner.unit.id), opens_at=follow_up.opens_at
    )
    by_state = {
        RoundState.PLANNED: PLANNED_PAGES,
        RoundState.CLOSED: ("surveys.reopen_round",),
        RoundState.CANCELLED: ("surveys.restore_round",),
    }
    for number, (state, endpoints) in enumerate(by_state.items(), 2):
        moments = (
            {"opened_at": MOMENTS.opens_at, "closed_at": NOW} if state is RoundState.CLOSED else {"opened_at": None}
        )
        made = _wave(session, plan, number, state=state, **moments)
        corner.ids_of |= {endpoint: {"round_id": made.id} for endpoint in endpoints}
    corner.ids_of["responses.answer_carried"] = {"invitation_id": asked.id}


def _wave(session: Session, plan: SurveyPlan, number: int, **values: Any) -> SurveyRound:
    return make_round(
        session,
        plan,
        **{
            "wave": number,
            "days": LATER_DAYS,
            "title": f"{plan.title} 2026, uppföljning {number}",
            "occurrence_key": f"{plan.kind}:2026:{number}",
            "opens_at": NOW - timedelta(days=1),
        }
        | values,
    )


def _wait_for_lists(session: Session, corner: Corner) -> None:
    """Let a list of the unit's and one of the municipality's wait to be confirmed, and order a trial at a register."""
    actor, administrator = (
        corner.accounts[role].as_actor(clock.today()) for role in (Role.RESPONDENT, Role.ADMINISTRATOR)
    )
    survey_round = session.get_one(SurveyRound, corner.ids["round_id"])
    lists = {corner.unit.id: pupils_of("6 A", [corner.child_name])}
    if corner.child_name != SENT_IN:
        corner.ids["upload_id"] = make_upload(session, actor, survey_round, lists, school_unit_id=corner.unit.id)
        make_upload(session, actor, survey_round, lists)
    if find_connection(session, visible_to=administrator) is None:
        save_connection(session, administrator, make_connection())
        order_fetch(session, administrator, survey_round, is_dry_run=True)


def _adopt_questions(session: Session, coordinator: Account) -> None:
    """Ask about travel no longer, in answers to come."""
    command = AdoptQuestions(PupilPage.TRAVEL, is_asked=False, fields_off=frozenset(), hints={}, retired={}, number=0)
    responses.adopt_questions(session, coordinator.as_actor(clock.today()), command)


def _report(session: Session, corner: Corner) -> Corner:
    actor = corner.accounts[Role.RESPONDENT].as_actor(clock.today())
    _add_pupil(session, corner, responses.start_report(session, actor, corner.unit.id, Asks.WORRY))
    worried = corner.ids
    corner.ids = {f"worried_{name}": value for name, value in worried.items()}
    corner.ids_of = {endpoint: {"pupil_id": worried["pupil_id"]} for endpoint in WORRY_PAGES}
    _add_pupil(session, corner, responses.start_report(session, actor, corner.unit.id, Asks.REPORT))
    return corner
