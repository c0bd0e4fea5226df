"""The questions themselves: which are asked, in which words, among which options."""

from typing import TYPE_CHECKING, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.accounts.queries import names_by_id
from app.kernel.errors import Refused
from app.responses import service
from app.responses.forms.question_set import FORMS, apply, make_edit_form
from app.responses.forms.rows import RowsForm
from app.responses.pages import question_set as pages
from app.responses.pages.summary import ENDPOINTS, question
from app.responses.queries.question_sets import get_asked_page, list_question_versions
from app.responses.routes.blueprint import OK, UNPROCESSABLE, bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.responses.queries.question_sets import AskedPage
    from app.responses.types import PupilPage, QuestionSet

PREVIEW: Final = "preview"
"""The button that shows a change and saves nothing."""


@bp.get("/planera/fragor")
@requires(Permission.SURVEY_PLAN)
def list_questions() -> ResponseReturnValue:
    """Show every question page, what the municipality has changed, and every version."""
    actor = current_actor()
    versions = list_question_versions(db_session(), visible_to=actor)
    names = names_by_id(db_session(), {each.by_id for each in versions if each.by_id}, visible_to=actor)
    return render_template("responses/list_questions.html", page=pages.make_questions_page(versions, names))


@bp.route("/planera/fragor/<int:number>", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=get_asked_page)
def edit_question(asked: "AskedPage") -> ResponseReturnValue:
    """Change how a page is asked; what is saved is a new version. It can be looked at first."""
    form = make_edit_form(asked.page, asked.question_set, asked.number)
    form.take_current_version()
    if form.validate_on_submit():
        if PREVIEW in request.form:
            return _preview(asked.page, form.to_command().change(asked.question_set)), UNPROCESSABLE
        try:
            service.adopt_questions(db_session(), current_actor(), form.to_command())
        except Refused:
            flash(pages.UNCHANGED)
        else:
            flash(pages.ADOPTED)
        return redirect(url_for("responses.list_questions"), 303)
    status = UNPROCESSABLE if form.is_submitted() else OK
    return render_template("responses/edit_question.html", form=form, title=question(asked.page)), status


@bp.route("/planera/fragor/<int:number>/forhandsvisning", methods=["GET", "POST"])
@requires(Permission.SURVEY_PLAN, on=get_asked_page)
def preview_question(asked: "AskedPage") -> ResponseReturnValue:
    """Show a question page as a school meets it. Its button saves nothing."""
    if request.method == "POST":
        flash(pages.PREVIEWED)
        return redirect(url_for("responses.list_questions"), 303)
    return _preview(asked.page, asked.question_set)


def _preview(page: "PupilPage", question_set: "QuestionSet") -> str:
    form = FORMS[page](formdata=None)
    form.is_kept = False  # type: ignore[misc]
    if isinstance(form, RowsForm):
        form.show_spare_row()
    apply(form, page, question_set)
    template = f"{ENDPOINTS[page].replace('.', '/')}.html"
    return render_template(
        template, question=pages.make_preview(page, question_set), answer=pages.PreviewAnswer(), form=form
    )
