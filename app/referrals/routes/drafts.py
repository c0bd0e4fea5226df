"""Beginning a report and writing it, a question page at a time. Each is a form on the server, saved when it is sent."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.kernel.errors import Conflict, NotFound
from app.referrals import pages, queries, service
from app.referrals.forms.child import ChildForm
from app.referrals.forms.concern import BackgroundForm, ConcernForm, DangerForm, ToldForm
from app.referrals.forms.people import FamilyForm, ReporterForm
from app.referrals.forms.sending import CHANGED, WithdrawReportForm
from app.referrals.forms.travel import TravelForm
from app.referrals.routes.blueprint import CHECK, CONFLICT, OK, UNPROCESSABLE, bp, to_report, view_of
from app.referrals.types import ChildPart, ReportPage, SaveReportPage, StartReport
from app.responses.forms.rows import RowsForm
from app.schools.queries import get_municipality, list_emergency_numbers
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace

if TYPE_CHECKING:
    from app.referrals.models import ReportOfConcern

LATER = "later"
"""The button that saves and leaves for the report's own page."""


@bp.route("/orosanmalningar/ny", methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def start_report() -> ResponseReturnValue:
    """Begin: who is the child? Nothing is kept before it is known that the personal data are not protected."""
    session, actor, command = db_session(), current_actor(), _asked_for()
    beginning = service.find_beginning(session, actor, command)
    _trace_beginning(command)
    child = beginning.content.child
    form = ChildForm(data=_blank_child() if child is None else _known_child(child))
    _offer(form, child, is_unit_known=beginning.school_unit_id is not None)
    if form.validate_on_submit():
        if form.stops:
            return _stop(form)
        page = SaveReportPage(ReportPage.CHILD, form.to_part(child), 0, school_unit_id=form.school_unit.data)
        report = service.start_report(session, actor, command, page)
        return redirect(url_for("referrals.edit_danger", report_id=report.id), 303)
    numbers = list_emergency_numbers(session, actor.municipality_id)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template(
        "referrals/start_report.html",
        form=form,
        numbers=numbers,
        action=request.full_path,
        is_correction=command.corrects_id is not None,
    ), status


@bp.route("/orosanmalningar/<uuid:report_id>/barnet", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_child(report: "ReportOfConcern") -> ResponseReturnValue:
    """Who is the child? Should the personal data turn out to be protected, the draft is given up and forgotten."""
    child = report.told.child
    form = ChildForm(
        data=(ChildForm.data_of_part(child, report.school_unit_id) if child else _blank_child())
        | {"version": report.version}
    )
    _offer(form, child, is_unit_known=report.case_id is not None or report.entry_id is not None)
    if report.is_draft and form.validate_on_submit() and form.stops:
        service.withdraw_report(db_session(), current_actor(), report, report.version)
        return _stop(form)
    return _ask(report, ReportPage.CHILD, form, child, school_unit_id=form.school_unit.data)


@bp.route("/orosanmalningar/<uuid:report_id>/akut", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_danger(report: "ReportOfConcern") -> ResponseReturnValue:
    """Is it urgent? Then the numbers to ring come next."""
    part = report.told.danger
    return _ask(report, ReportPage.DANGER, DangerForm(data=_data(report, DangerForm, part)), part)


@bp.route("/orosanmalningar/<uuid:report_id>/oron", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_concern(report: "ReportOfConcern") -> ResponseReturnValue:
    """What has happened, and what the reporter has seen."""
    part = report.told.concern
    return _ask(report, ReportPage.CONCERN, ConcernForm(data=_data(report, ConcernForm, part)), part)


@bp.route("/orosanmalningar/<uuid:report_id>/berattat", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_told(report: "ReportOfConcern") -> ResponseReturnValue:
    """What others have told, each with its source."""
    part = report.told.told
    return _ask(report, ReportPage.TOLD, ToldForm(data=_data(report, ToldForm, part)), part)


@bp.route("/orosanmalningar/<uuid:report_id>/bakgrund", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_background(report: "ReportOfConcern") -> ResponseReturnValue:
    """What was known before, and what the school has done."""
    part = report.told.background
    return _ask(report, ReportPage.BACKGROUND, BackgroundForm(data=_data(report, BackgroundForm, part)), part)


@bp.route("/orosanmalningar/<uuid:report_id>/resan", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_travel(report: "ReportOfConcern") -> ResponseReturnValue:
    """Whether the child may have been taken abroad."""
    part = report.told.travel
    return _ask(report, ReportPage.TRAVEL, TravelForm(data=_data(report, TravelForm, part)), part)


@bp.route("/orosanmalningar/<uuid:report_id>/familjen", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_family(report: "ReportOfConcern") -> ResponseReturnValue:
    """Guardians and siblings."""
    part = report.told.family
    return _ask(report, ReportPage.FAMILY, FamilyForm(data=_data(report, FamilyForm, part)), part)


@bp.route("/orosanmalningar/<uuid:report_id>/anmalaren", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report, trace=AuditAction.REPORT_READ)
def edit_reporter(report: "ReportOfConcern") -> ResponseReturnValue:
    """Who reports, and to which board."""
    part = report.told.reporter
    known = ReporterForm.data_of(part, report.receiver_id) if part else {}
    form = ReporterForm(data={**known, "version": report.version})
    form.offer(pages.receiver_choices(db_session(), current_actor()))
    return _ask(report, ReportPage.REPORTER, form, part, receiver_id=form.receiver_id)


@bp.get("/orosanmalningar/<uuid:report_id>/ring-nu")
@requires(Permission.REPORT_CHANGE, on=queries.get_report)
def call_now(report: "ReportOfConcern") -> ResponseReturnValue:
    """Show whom to ring first, before anything more is written."""
    numbers = list_emergency_numbers(db_session(), current_actor().municipality_id)
    return render_template("referrals/call_now.html", report=report, numbers=numbers)


@bp.route("/orosanmalningar/<uuid:report_id>/ta-bort", methods=["GET", "POST"])
@requires(Permission.REPORT_CHANGE, on=queries.get_report)
def withdraw_report(report: "ReportOfConcern") -> ResponseReturnValue:
    """Give up a draft, after asking once."""
    if not report.is_draft:
        return to_report(report)
    form = WithdrawReportForm(data={"version": report.version})
    if form.validate_on_submit():
        service.withdraw_report(db_session(), current_actor(), report, form.version.data or 0)
        return redirect(url_for("referrals.list_reports"), 303)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("referrals/withdraw_report.html", form=form, report=report), status


def _ask(
    report: "ReportOfConcern", page: ReportPage, form: Any, before: Any, **chosen: UUID | None
) -> ResponseReturnValue:
    if not report.is_draft:
        return to_report(report)
    if isinstance(form, RowsForm) and form.is_submitted() and form.is_reshaping():
        form.reshape()
        return _render(report, page, form, UNPROCESSABLE)
    if form.validate_on_submit():
        command = SaveReportPage(page, form.to_part(before), form.version.data or 0, **chosen)
        try:
            service.save_report(db_session(), current_actor(), report, command)
        except Conflict:
            form.version.raw_data, form.version.data = None, report.version
            form.form_errors.append(CHANGED)
            return _render(report, page, form, CONFLICT)
        return _go_on(report, page)
    if isinstance(form, RowsForm):
        form.show_spare_row()
    return _render(report, page, form, UNPROCESSABLE if form.is_submitted() else OK)


def _go_on(report: "ReportOfConcern", page: ReportPage) -> ResponseReturnValue:
    """Lead to the next question; to the numbers when it is urgent; back to the preview when one came from there."""
    if page is ReportPage.DANGER and report.told.is_acute:
        return redirect(url_for("referrals.call_now", report_id=report.id), 303)
    if LATER in request.form:
        return to_report(report)
    if page.following is None or request.args.get("fran") == CHECK:
        return redirect(url_for("referrals.preview_report", report_id=report.id), 303)
    return redirect(url_for(pages.ENDPOINTS[page.following], report_id=report.id), 303)


def _render(report: "ReportOfConcern", page: ReportPage, form: Any, status: int) -> ResponseReturnValue:
    back = page.preceding
    return render_template(
        f"referrals/edit_{page.value}.html",
        view=view_of(report),
        page=page,
        form=form,
        action=request.full_path if request.args else request.path,
        back_title=pages.TITLES[back] if back else pages.WHOLE,
        back_url=url_for(pages.ENDPOINTS[back] if back else "referrals.show_report", report_id=report.id),
    ), status


def _data(report: "ReportOfConcern", form_class: Any, part: Any) -> dict[str, Any]:
    return {**(form_class.data_of(part) if part is not None else {}), "version": report.version}


def _stop(form: ChildForm) -> ResponseReturnValue:
    """Say what to do instead; nothing has been kept."""
    session, actor = db_session(), current_actor()
    return render_template(
        "referrals/_protected.html",
        is_unknown=form.is_unknown,
        municipality=get_municipality(session, actor.municipality_id),
        numbers=list_emergency_numbers(session, actor.municipality_id),
    )


def _offer(form: ChildForm, child: ChildPart | None, *, is_unit_known: bool) -> None:
    session, actor = db_session(), current_actor()
    form.offer(pages.municipality_choices(session, actor, child.home_municipality_code if child else None))
    form.offer_units([] if is_unit_known else pages.unit_choices(session, actor))


def _blank_child() -> dict[str, Any]:
    return {"home_municipality": get_municipality(db_session(), current_actor().municipality_id).code}


def _known_child(child: ChildPart) -> dict[str, Any]:
    """Return what is known; whether the data are protected is asked anew, since that may have changed."""
    known = ChildForm.data_of_part(child, None) if child.is_known else _blank_child()
    return {**known, "is_protected": None}


def _asked_for() -> StartReport:
    """Return what the address asks the report to begin from. Raises `NotFound` for what cannot be an id."""
    return StartReport(case_id=_id("arende"), entry_id=_id("elev"), corrects_id=_id("rattar"))


def _id(name: str) -> UUID | None:
    text = request.args.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(name) from None


def _trace_beginning(command: StartReport) -> None:
    """Leave a trace of the child that the first page shows."""
    for action, object_id in (
        (AuditAction.REPORT_READ, command.corrects_id),
        (AuditAction.CASE_READ, command.case_id),
        (AuditAction.RESPONSE_PUPIL_READ, command.entry_id),
    ):
        if object_id is not None:
            trace(action, object_id)
            return
