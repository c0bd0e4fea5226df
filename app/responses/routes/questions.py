"""The question pages about a pupil. Each is a form on the server, saved when it is sent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.audit.types import AuditAction
from app.cases.types import ContactSafety
from app.kernel.errors import Conflict, NotFound
from app.responses import service
from app.responses.forms.absence import LastSeenForm, LeaveForm, WhereaboutsForm
from app.responses.forms.concern import ConcernForm, OwnWordsForm
from app.responses.forms.family import ContactsForm, GuardiansForm, SiblingsForm
from app.responses.forms.identity import IdentityForm
from app.responses.forms.question_set import apply
from app.responses.forms.rows import RowsForm
from app.responses.forms.urgent import UrgentForm
from app.responses.forms.worry import ObservedForm, SaidForm, TravelForm
from app.responses.pages import messages
from app.responses.pages.question import QuestionPage, make_question
from app.responses.pages.summary import ENDPOINTS
from app.responses.queries import get_missing_pupil
from app.responses.routes.blueprint import (
    CHECK,
    CONFLICT,
    OK,
    UNPROCESSABLE,
    answer_of,
    bp,
    carry_out,
    not_now,
    unless_written,
)
from app.responses.types import ProtectedIdentity, PupilPage, SavePupilPage
from app.schools.queries import get_municipality, list_swedish_municipalities
from app.surveys.types import Asks
from app.web import conflicts
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.responses.models import MissingPupil

LATER = "later"
"""The button that saves and leaves for the absence list."""

View = Callable[["MissingPupil"], ResponseReturnValue]


def question(path: str) -> Callable[[View], View]:
    """Register a question page about a pupil, for those who answer for the unit."""

    def register(view: View) -> View:
        guarded = requires(Permission.RESPONSE_CHANGE, on=get_missing_pupil, trace=AuditAction.RESPONSE_PUPIL_READ)(
            view
        )
        bp.add_url_rule(f"/elever/<uuid:pupil_id>/{path}", view_func=guarded, methods=["GET", "POST"])
        return view

    return register


@question("akut")
def save_urgent(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page a: is anything urgent?"""
    return _ask(pupil, PupilPage.URGENT, UrgentForm)


@question("vem")
def save_identity(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page b: who the pupil is; nothing is kept when personal data are protected, or may be."""
    return _ask(pupil, PupilPage.IDENTITY, IdentityForm)


@question("senast")
def save_last_seen(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page c: when the pupil was last there."""
    return _ask(pupil, PupilPage.LAST_SEEN, LastSeenForm)


@question("var")
def save_whereabouts(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page d: what is said about where the pupil is."""
    return _ask(pupil, PupilPage.WHEREABOUTS, WhereaboutsForm)


@question("ledighet")
def save_leave(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page e: leave."""
    return _ask(pupil, PupilPage.LEAVE, LeaveForm)


@question("kontakter")
def save_contacts(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page f: attempts to reach the family and the child."""
    return _ask(pupil, PupilPage.CONTACTS, ContactsForm)


@question("syskon")
def save_siblings(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page g: siblings."""
    return _ask(pupil, PupilPage.SIBLINGS, SiblingsForm)


@question("oro")
def save_concern(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page h: the judgement."""
    return _ask(pupil, PupilPage.CONCERN, ConcernForm)


@question("vardnadshavare")
def save_guardians(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page i: may guardians be contacted?"""
    return _ask(pupil, PupilPage.GUARDIANS, GuardiansForm)


@question("egna-ord")
def save_own_words(pupil: "MissingPupil") -> ResponseReturnValue:
    """Page j: own words."""
    return _ask(pupil, PupilPage.OWN_WORDS, OwnWordsForm)


@question("iakttagelser")
def save_observed(pupil: "MissingPupil") -> ResponseReturnValue:
    """Before a break: what somebody has seen or heard."""
    return _ask(pupil, PupilPage.OBSERVED, ObservedForm)


@question("elevens-ord")
def save_said(pupil: "MissingPupil") -> ResponseReturnValue:
    """Before a break: what the child has said."""
    return _ask(pupil, PupilPage.SAID, SaidForm)


@question("resa")
def save_travel(pupil: "MissingPupil") -> ResponseReturnValue:
    """Before a break: a journey that somebody knows of."""
    return _ask(pupil, PupilPage.TRAVEL, TravelForm)


def _ask(pupil: "MissingPupil", page: PupilPage, form_class: type[Any]) -> ResponseReturnValue:
    answer = answer_of(pupil.response.invitation)
    if (instead := not_now(answer) or unless_written(answer, pupil)) is not None:
        return instead
    if page not in pupil.questions.pages:
        raise NotFound("question")
    values = pupil.told.page(page)
    shown = form_class.data_of(values) if values else _beginning(pupil, page)
    form = form_class(data={**shown, "version": pupil.version})
    form.take_current_version()
    apply(form, page, pupil.response.question_set)
    if isinstance(form, IdentityForm):
        _offer_municipalities(form, pupil, is_new=not pupil.told.is_answered(page))
    question_page = make_question(answer, pupil, page)
    if isinstance(form, RowsForm) and form.is_submitted() and form.is_reshaping():
        form.reshape()
        return _render(question_page, form, UNPROCESSABLE)
    if form.validate_on_submit():
        return _keep(question_page, form)
    if isinstance(form, RowsForm):
        form.show_spare_row()
    return _render(question_page, form, UNPROCESSABLE if form.is_submitted() else OK)


def _beginning(pupil: "MissingPupil", page: PupilPage) -> dict[str, Any]:
    """Before a break a call home may be what sets off the journey: nobody phones unless somebody chooses it."""
    if page is PupilPage.GUARDIANS and pupil.response.asks is Asks.WORRY:
        return {"contact": ContactSafety.RAISES_RISK}
    return {}


def _keep(question_page: QuestionPage, form: Any) -> ResponseReturnValue:
    pupil, page = question_page.pupil, question_page.page
    if isinstance(form, IdentityForm) and form.stops:
        return _stop(question_page, form)
    command = SavePupilPage(page, form.to_values(pupil.told.page(page)), form.version.data)
    is_first, session, actor = not pupil.told.is_answered(page), db_session(), current_actor()
    try:
        instead = carry_out(question_page.answer, lambda: service.save_pupil_page(session, actor, pupil, command))
    except Conflict:
        return _conflict(question_page, form)
    return instead or _go_on(question_page, is_first=is_first)


def _stop(question_page: QuestionPage, form: IdentityForm) -> ResponseReturnValue:
    """Protected: count the pupil and keep nothing. Not known: keep nothing, and say how to find out."""
    pupil, invitation = question_page.pupil, question_page.answer.invitation
    if form.is_protected.data is ProtectedIdentity.UNKNOWN:
        return redirect(url_for("responses.withhold_pupil", pupil_id=pupil.id), 303)
    session, actor = db_session(), current_actor()
    instead = carry_out(question_page.answer, lambda: service.withhold_pupil(session, actor, pupil))
    return instead or redirect(url_for("responses.show_protected", invitation_id=invitation.id), 303)


def _go_on(question_page: QuestionPage, *, is_first: bool = False) -> ResponseReturnValue:
    """Lead to the next question; to *Ring nu* when something is urgent; back to where one came from.

    Pupils of a list are asked about one by one before anything else: who comes next is then said by the list.
    """
    pupil, page, answer = question_page.pupil, question_page.page, question_page.answer
    if page is PupilPage.URGENT and pupil.is_urgent:
        return redirect(url_for("responses.save_calls", pupil_id=pupil.id), 303)
    _tell_of_case(question_page)
    if request.args.get("fran") == CHECK:
        return redirect(url_for("responses.submit_response", invitation_id=answer.invitation.id), 303)
    following = question_page.following_url
    if page is PupilPage.URGENT and is_first and (row := answer_of(answer.invitation).next_asked) is not None:
        following = row.next_url
    return redirect(question_page.list_url if following is None or LATER in request.form else following, 303)


def _tell_of_case(question_page: QuestionPage) -> None:
    """Say that the case has been opened, when this page opened it."""
    before, after = question_page.reference, question_page.find_reference(db_session(), current_actor())
    if after is not None and before is None:
        flash(messages.case_opened(after))


def _conflict(question_page: QuestionPage, form: Any) -> ResponseReturnValue:
    """Show what was typed beside what somebody else has saved; what holds is then chosen, question by question."""
    pupil, page = question_page.pupil, question_page.page
    values = pupil.told.page(page)
    known = form.data_of(values) if values else {}
    if not conflicts.note(form, type(form)(formdata=None, data={**known, "version": pupil.version})):
        return _go_on(question_page)  # Both gave the same answer.
    return _render(make_question(answer_of(question_page.answer.invitation), pupil, page), form, CONFLICT)


def _render(question_page: QuestionPage, form: Any, status: int) -> ResponseReturnValue:
    apply(form, question_page.page, question_page.pupil.response.question_set)  # Rows may have been added.
    template = f"{ENDPOINTS[question_page.page].replace('.', '/')}.html"
    return render_template(template, question=question_page, answer=question_page.answer, form=form), status


def _offer_municipalities(form: IdentityForm, pupil: "MissingPupil", *, is_new: bool) -> None:
    """Let the own municipality be first and chosen; most pupils live there."""
    own = get_municipality(db_session(), pupil.municipality_id)
    others = [row for row in list_swedish_municipalities() if row[0] != own.code]
    form.offer([(own.code, own.name), *others])
    if is_new and form.home_municipality.raw_data is None:
        form.home_municipality.data = own.code
