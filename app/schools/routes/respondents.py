"""Who answers for a school unit: the principal's page, and the coordinator's and administrator's."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.accounts import queries as accounts
from app.accounts import service
from app.kernel import clock
from app.kernel.errors import Refused
from app.outbox import queries as outbox
from app.schools import pages, queries
from app.schools import service as schools
from app.schools.forms import respondents as forms
from app.schools.forms.respondents import AppointForm, DelegateForm, SendInvitationForm
from app.schools.pages.respondents import mail_key
from app.schools.routes.blueprint import bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.accounts.models import AccountInvitation, Membership
    from app.schools.models import SchoolUnit
    from app.schools.queries import LedUnit


def _make_page(units: "Sequence[SchoolUnit]") -> list[pages.UnitRespondents]:
    session, actor = db_session(), current_actor()
    invitations = accounts.list_account_invitations(session, visible_to=actor)
    mails = outbox.states_by_key(session, [mail_key(each) for each in invitations], visible_to=actor)
    memberships = accounts.list_memberships(session, visible_to=actor, on=clock.today())
    return pages.make_respondents(units, memberships, invitations, mails)


@bp.get("/skolan/vem-svarar")
@requires(Permission.RESPONDENT_DELEGATE)
def list_own_respondents() -> ResponseReturnValue:
    """Show a principal who answers for the own units."""
    units = queries.list_led_units(db_session(), visible_to=current_actor())
    return render_template("schools/list_own_respondents.html", shown=_make_page(units))


@bp.route("/skolan/vem-svarar/<uuid:school_unit_id>", methods=["GET", "POST"])
@requires(Permission.RESPONDENT_DELEGATE, on=queries.get_led_unit)
def delegate(led: "LedUnit") -> ResponseReturnValue:
    """Let a colleague answer in the principal's place until a day."""
    memberships = accounts.list_memberships(db_session(), visible_to=current_actor(), on=clock.today())
    form = DelegateForm(pages.list_colleagues(memberships, led.school_unit_id))
    done = _try(form, partial(_grant, form, led.school_unit_id), url_for("schools.list_own_respondents"))
    return done or (render_template("schools/delegate.html", form=form, unit=led.unit), 422 if form.errors else 200)


def _try(form: DelegateForm | SendInvitationForm, grant: Callable[[], bool], back: str) -> ResponseReturnValue | None:
    """Carry out a form and lead back; None when there is nothing to carry out, or it was refused.

    `grant` tells whether somebody was invited, and not let answer at once.
    """
    if not form.validate_on_submit():
        return None
    try:
        is_sent = grant()
    except Refused as refusal:
        form.refuse(refusal)
        return None
    flash(forms.INVITATION_SENT if is_sent else forms.NOW_ANSWERS)
    return redirect(back, 303)


def _grant(form: DelegateForm, unit_id: UUID) -> bool:
    session, actor = db_session(), current_actor()
    if form.is_invitation:
        return service.send_invitation(session, actor, form.to_invitation(unit_id)) is not None
    account = accounts.get_account(session, form.account_id, visible_to=actor)
    service.grant_duty(session, actor, account, form.to_duty(unit_id))
    return False


@bp.post("/skolan/vem-svarar/uppgift/<uuid:membership_id>/ta-tillbaka")
@requires(Permission.RESPONDENT_DELEGATE, on=accounts.get_delegation)
def withdraw_delegation(membership: "Membership") -> ResponseReturnValue:
    """Take a delegation back before its last day."""
    service.withdraw_duty(db_session(), current_actor(), membership)
    flash(forms.DUTY_WITHDRAWN)
    return redirect(url_for("schools.list_own_respondents"), 303)


@bp.post("/skolan/vem-svarar/inbjudan/<uuid:account_invitation_id>/ta-tillbaka")
@requires(Permission.RESPONDENT_DELEGATE, on=accounts.get_account_invitation)
def withdraw_own_invitation(invitation: "AccountInvitation") -> ResponseReturnValue:
    """Take back an invitation to answer in the principal's place."""
    return _withdraw(invitation, url_for("schools.list_own_respondents"))


@bp.post("/skolan/vem-svarar/inbjudan/<uuid:account_invitation_id>/skicka-igen")
@requires(Permission.RESPONDENT_DELEGATE, on=accounts.get_account_invitation)
def resend_own_invitation(invitation: "AccountInvitation") -> ResponseReturnValue:
    """Send a new link to whom the principal has invited."""
    return _resend(invitation, url_for("schools.list_own_respondents"))


def _withdraw(invitation: "AccountInvitation", back: str) -> ResponseReturnValue:
    """Take an invitation back, and lead to where one sees how it is now, whoever came first."""
    with _told_when_over():
        service.withdraw_invitation(db_session(), current_actor(), invitation)
        flash(forms.INVITATION_WITHDRAWN)
    return redirect(back, 303)


def _resend(invitation: "AccountInvitation", back: str) -> ResponseReturnValue:
    """Send an invitation again, and lead to where one sees how it is now, whoever came first."""
    with _told_when_over():
        is_sent = service.send_invitation_again(db_session(), current_actor(), invitation) is not None
        flash(forms.INVITATION_SENT if is_sent else forms.NOW_ANSWERS)
    return redirect(back, 303)


@contextmanager
def _told_when_over() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        if refusal.reason != "invitation_is_over":
            raise
        flash(forms.INVITATION_IS_OVER)


@bp.get("/vem-svarar")
@requires(Permission.RESPONDENT_APPOINT)
def list_respondents() -> ResponseReturnValue:
    """Show who answers for every unit of the municipality, and for which nobody does."""
    units = [each for each in queries.list_school_units(db_session(), visible_to=current_actor()) if each.is_active]
    return render_template("schools/list_respondents.html", shown=_make_page(units))


@bp.get("/vem-svarar/<uuid:school_unit_id>")
@requires(Permission.RESPONDENT_APPOINT, on=queries.get_school_unit)
def show_respondents(unit: "SchoolUnit") -> ResponseReturnValue:
    """Show who answers for one unit."""
    return render_template("schools/show_respondents.html", one=_make_page([unit])[0])


@bp.route("/vem-svarar/<uuid:school_unit_id>/tillforordnad", methods=["GET", "POST"])
@requires(Permission.RESPONDENT_APPOINT, on=queries.get_school_unit)
def appoint_acting_principal(unit: "SchoolUnit") -> ResponseReturnValue:
    """Appoint an acting principal; the ordinary one may answer all the same."""
    everyone = accounts.list_accounts(db_session(), visible_to=current_actor())
    form = AppointForm(pages.list_substitutes(everyone, unit), data={"starts_on": clock.today()})
    done = _try(form, partial(_grant, form, unit.id), url_for("schools.show_respondents", school_unit_id=unit.id))
    if done is not None:
        return done
    page = render_template("schools/appoint_acting_principal.html", form=form, unit=unit)
    return page, 422 if form.errors else 200


@bp.route("/vem-svarar/<uuid:school_unit_id>/rektor", methods=["GET", "POST"])
@requires(Permission.RESPONDENT_APPOINT, on=queries.get_school_unit)
def send_invitation(unit: "SchoolUnit") -> ResponseReturnValue:
    """Invite a principal by mail to an account of their own, with units of one organiser only."""
    units = queries.list_school_units(db_session(), visible_to=current_actor())
    same = [each for each in units if each.organiser_id == unit.organiser_id and each.is_active]
    known = {"units": [str(unit.id)], "title": "rektor"} | _known_principal(unit)
    form = SendInvitationForm([(each.id, each.name) for each in same], data=known)
    back = url_for("schools.show_respondents", school_unit_id=unit.id)
    done = _try(form, partial(_send_principal, form, same), back)
    return done or (render_template("schools/send_invitation.html", form=form, unit=unit), 422 if form.errors else 200)


def _send_principal(form: SendInvitationForm, units: "Sequence[SchoolUnit]") -> bool:
    session, actor, command = db_session(), current_actor(), form.to_command()
    is_sent = service.send_invitation(session, actor, command) is not None
    if (replacement := form.to_replacement()) is not None:
        for unit in units:
            if unit.id in command.duty.unit_ids:
                schools.replace_principal(session, actor, unit, replacement)
    return is_sent


def _known_principal(unit: "SchoolUnit") -> dict[str, str]:
    """Return whom the municipality knows as the unit's principal, when nobody can answer for it."""
    return {"name": unit.principal_name, "email": unit.email} if _make_page([unit])[0].is_unanswered else {}


@bp.post("/vem-svarar/uppgift/<uuid:membership_id>/avsluta")
@requires(Permission.RESPONDENT_APPOINT, on=accounts.get_membership)
def withdraw_duty(membership: "Membership") -> ResponseReturnValue:
    """Let somebody answer for a unit no longer."""
    service.withdraw_duty(db_session(), current_actor(), membership)
    flash(forms.DUTY_WITHDRAWN)
    return redirect(url_for("schools.show_respondents", school_unit_id=membership.school_unit_id), 303)


@bp.post("/vem-svarar/inbjudan/<uuid:account_invitation_id>/avsluta")
@requires(Permission.RESPONDENT_APPOINT, on=accounts.get_account_invitation)
def withdraw_invitation(invitation: "AccountInvitation") -> ResponseReturnValue:
    """Take an invitation back."""
    return _withdraw(invitation, url_for("schools.show_respondents", school_unit_id=invitation.school_unit_id))


@bp.post("/vem-svarar/inbjudan/<uuid:account_invitation_id>/skicka-igen")
@requires(Permission.RESPONDENT_APPOINT, on=accounts.get_account_invitation)
def resend_invitation(invitation: "AccountInvitation") -> ResponseReturnValue:
    """Send a new link; the old one stops working."""
    return _resend(invitation, url_for("schools.show_respondents", school_unit_id=invitation.school_unit_id))
