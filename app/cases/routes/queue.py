"""The queue: narrowing it, searching it, giving its rows away."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases import pages, queries, service
from app.cases.forms import AssignCasesForm, ListCasesForm, SearchCasesForm, address_of, read_tab
from app.cases.forms.words import REFUSALS
from app.cases.queries import QueueRow
from app.cases.routes.blueprint import OK, UNPROCESSABLE, bp
from app.kernel.errors import Refused
from app.web.guards import requires
from app.web.requests import current_actor, db_session, trace_shown

_LONGEST_PAGE_NUMBER = 6


@bp.get("")
@requires(Permission.CASE_LIST)
def list_cases() -> ResponseReturnValue:
    """Show a tab of the queue."""
    return _list_cases(AssignCasesForm())


@bp.post("/tilldela")
@requires(Permission.CASE_CHANGE)
def assign_cases() -> ResponseReturnValue:
    """Give the chosen rows to somebody; the tab they were chosen in stands in the address."""
    session, actor = db_session(), current_actor()
    chosen = queries.list_cases_by_id(session, _posted_ids(), visible_to=actor)
    form = AssignCasesForm()
    form.offer([(case.id, case.reference) for case in chosen], pages.list_coordinators(session, actor))
    if not form.validate():
        return _list_cases(form), UNPROCESSABLE
    try:
        given = service.assign_cases(session, actor, chosen, form.assignee_id.data)
    except Refused as refusal:
        form.form_errors.append(REFUSALS[refusal.reason])
        return _list_cases(form), UNPROCESSABLE
    flash(pages.compose_assigned(given, len(chosen)))
    return redirect(url_for("cases.list_cases", **_address()), 303)


@bp.route("/sok", methods=["GET", "POST"])
@requires(Permission.CASE_LIST)
def search_cases() -> ResponseReturnValue:
    """Show the cases that a reference, a number or a name leads to; without one, go to the list asked for."""
    session, actor, form = db_session(), current_actor(), SearchCasesForm()
    form.skola.choices = pages.list_units(session, actor)
    is_right = form.validate_on_submit()
    if is_right and not form.words.data:
        return redirect(url_for("cases.list_cases", flik=form.flik.data, **address_of(form)), 303)
    rows = queries.list_found_cases(session, form.words.data, visible_to=actor) if is_right else ()
    trace_shown(AuditAction.CASES_LISTED, _shown(rows))
    status = UNPROCESSABLE if form.errors else OK
    return render_template(
        "cases/search_cases.html", form=form, lines=pages.make_lines(rows), is_searched=is_right
    ), status


def _list_cases(assign: AssignCasesForm) -> str:
    session, actor = db_session(), current_actor()
    tab, narrow = read_tab(request.args.get("flik")), ListCasesForm()
    narrow.skola.choices = pages.list_units(session, actor)
    narrow.validate()
    rows = queries.list_queue(session, visible_to=actor, tab=tab, narrow=narrow.to_filter(), number=_page_number())
    page = pages.make_queue_page(session, actor, tab, rows, address_of(narrow))
    trace_shown(AuditAction.CASES_LISTED, _shown(rows.items))
    assign.offer([(row.case.id, row.case.reference) for row in rows.items], page.coordinators)
    known = {"skola": narrow.skola.data, "lage": narrow.lage.data, "tid": narrow.tid.data, "flik": page.word}
    search = SearchCasesForm(formdata=None, data=known)
    search.skola.choices = page.units
    return render_template("cases/list_cases.html", page=page, search=search, assign=assign)


def _shown(rows: Sequence[QueueRow]) -> list[UUID]:
    """Return the cases that rows show: their own, and those they may be the same as."""
    return [shown.id for row in rows for shown in (row.case, *(other for other, _ in row.suggestions))]


def _address() -> dict[str, Any]:
    """Return what of the address says which rows were shown; anything else in it is dropped."""
    return {name: request.args[name] for name in ("flik", "skola", "lage", "tid", "sida") if name in request.args}


def _posted_ids() -> list[UUID]:
    found = []
    for text in request.form.getlist("case_ids"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # What is no id is not among the choices either, and the form says so.
    return found


def _page_number() -> int:
    text = request.args.get("sida", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_PAGE_NUMBER else 1
