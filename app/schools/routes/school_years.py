"""The pages where coordinator and administrator set the school years."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.kernel.csv_files import FilesRefused
from app.kernel.errors import Refused
from app.schools import forms, pages, queries, service
from app.schools.forms import ChooseUnitForm, ConfirmSchoolYearsForm, SchoolYearForm, UploadSchoolYearsForm
from app.schools.routes.blueprint import bp
from app.schools.types import move_a_year
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.schools.models import SchoolYear
    from app.schools.types import CalendarOwner


@bp.get("/planera/lasar")
@requires(Permission.SURVEY_PLAN)
def list_school_years() -> ResponseReturnValue:
    """Show the school years of every organiser, and of the units that differ."""
    session, actor = db_session(), current_actor()
    owners = queries.list_calendar_owners(session, visible_to=actor)
    years = queries.list_school_years(session, visible_to=actor)
    return render_template("schools/list_school_years.html", page=pages.make_calendar_page(owners, years))


@bp.route("/planera/lasar/nytt/<uuid:owner_id>", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_calendar_owner)
def add_school_year(owner: "CalendarOwner") -> ResponseReturnValue:
    """Add a school year of an organiser or a unit; for a unit its organiser's latest days are there to change."""
    days = queries.list_days_by_owner(db_session(), current_actor().municipality_id)
    theirs = [*days.get(owner.organiser_id, {}).values()] if owner.is_unit else []
    return _add(owner, SchoolYearForm(days=theirs[-1] if theirs else None))


@bp.route("/planera/lasar/<uuid:school_year_id>/kopiera", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_school_year)
def copy_school_year(year: "SchoolYear") -> ResponseReturnValue:
    """Add the year after one, its days moved to the corresponding weekdays for somebody to check."""
    owner = queries.get_calendar_owner(db_session(), year.owner_id, visible_to=current_actor())
    days = move_a_year(year.days)
    return _add(owner, SchoolYearForm(days=days, name=days.name), copied_from=year.name)


def _add(owner: "CalendarOwner", form: SchoolYearForm, *, copied_from: str | None = None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            service.add_school_year(db_session(), current_actor(), owner, form.to_command())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(forms.YEAR_ADDED)
            return redirect(url_for("schools.list_school_years"), 303)
    page = render_template("schools/add_school_year.html", form=form, owner=owner, copied_from=copied_from)
    return page, 422 if form.errors else 200


@bp.route("/planera/lasar/<uuid:school_year_id>", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=queries.get_school_year)
def edit_school_year(year: "SchoolYear") -> ResponseReturnValue:
    """Give a school year other days."""
    owner = queries.get_calendar_owner(db_session(), year.owner_id, visible_to=current_actor())
    form = SchoolYearForm(days=year.days, name=year.name, data={"version": year.version})
    if form.validate_on_submit():
        try:
            service.edit_school_year(db_session(), current_actor(), year, form.to_command())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(forms.YEAR_SAVED)
            return redirect(url_for("schools.list_school_years"), 303)
    page = render_template("schools/edit_school_year.html", form=form, owner=owner, year=year)
    return page, 422 if form.errors else 200


@bp.post("/planera/lasar/<uuid:school_year_id>/ta-bort")
@requires(Permission.SURVEY_PLAN, on=queries.get_school_year)
def remove_school_year(year: "SchoolYear") -> ResponseReturnValue:
    """Take away a school year that has not begun."""
    service.remove_school_year(db_session(), current_actor(), year)
    flash(forms.YEAR_REMOVED)
    return redirect(url_for("schools.list_school_years"), 303)


@bp.route("/planera/lasar/skolenhet", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN)
def choose_unit() -> ResponseReturnValue:
    """Ask which unit has a school year of its own."""
    form = ChooseUnitForm(list(queries.list_calendar_owners(db_session(), visible_to=current_actor()).values()))
    if form.validate_on_submit():
        return redirect(url_for("schools.add_school_year", owner_id=form.unit.data), 303)
    return render_template("schools/choose_unit.html", form=form), 422 if form.errors else 200


@bp.route("/planera/lasar/fil", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN)
def plan_school_years() -> ResponseReturnValue:
    """Take a file, and show what it would set or everything that is wrong with it. Nothing is saved."""
    form = UploadSchoolYearsForm()
    if not form.validate_on_submit() or form.file.data is None:
        return render_template("schools/plan_school_years.html", form=form, faults=()), 422 if form.errors else 200
    content = form.file.data.read()
    try:
        planned = service.plan_school_years(db_session(), current_actor(), content)
    except FilesRefused as refused:
        return _refuse_file(refused)
    rows = pages.make_planned_rows(planned)
    return render_template("schools/import_school_years.html", form=ConfirmSchoolYearsForm.carrying(content), rows=rows)


@bp.post("/planera/lasar/fil/bekrafta")
@requires(Permission.SURVEY_PLAN)
def import_school_years() -> ResponseReturnValue:
    """Set the school years of the file that was shown: all or none."""
    form = ConfirmSchoolYearsForm()
    if not form.validate_on_submit():
        return redirect(url_for("schools.plan_school_years"), 303)
    try:
        count = service.import_school_years(db_session(), current_actor(), form.file_content)
    except FilesRefused as refused:
        return _refuse_file(refused)
    flash(pages.taken_in(count))
    return redirect(url_for("schools.list_school_years"), 303)


def _refuse_file(refused: FilesRefused) -> ResponseReturnValue:
    form = UploadSchoolYearsForm(formdata=None)
    form.refuse(len(refused.problems))
    rows = pages.make_problem_rows(refused.problems)
    return render_template("schools/plan_school_years.html", form=form, faults=rows), 422
