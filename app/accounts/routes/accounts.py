"""The administrator's pages about accounts."""

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.accounts import pages, queries, service
from app.accounts.forms import EmptyForm
from app.accounts.routes.blueprint import bp
from app.accounts.types import LinkPurpose
from app.kernel import clock
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.accounts.models import Account


@bp.get("/administration/konton")
@requires(Permission.ACCOUNT_MANAGE)
def list_accounts() -> ResponseReturnValue:
    """Show the municipality's accounts."""
    accounts = queries.list_accounts(db_session(), visible_to=current_actor())
    return render_template("accounts/list_accounts.html", accounts=accounts, words=pages.ROLE_WORDS, on=clock.today())


@bp.route("/administration/konton/<uuid:account_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, on=queries.get_account)
def make_link(account: "Account") -> ResponseReturnValue:
    """Show an account, and make a one-time link that is shown this once."""
    form, link = EmptyForm(), None
    if form.validate_on_submit():
        purpose = LinkPurpose.RENEWAL if account.activated_at else LinkPurpose.ACTIVATION
        link = service.make_link(db_session(), current_actor(), account, purpose)
    url = f"{current_app.config['PUBLIC_URL']}/aktivera/{link.token}" if link else None
    return render_template(
        "accounts/make_link.html", account=account, words=pages.ROLE_WORDS, on=clock.today(), url=url, form=form
    )


@bp.post("/administration/konton/<uuid:account_id>/stang")
@requires(Permission.ACCOUNT_MANAGE, on=queries.get_account)
def disable_account(account: "Account") -> ResponseReturnValue:
    """Close an account; whoever uses it is signed out at the next request."""
    service.disable_account(db_session(), current_actor(), account)
    flash(pages.ACCOUNT_CLOSED)
    return redirect(url_for("accounts.make_link", account_id=account.id), 303)


@bp.post("/administration/konton/<uuid:account_id>/oppna")
@requires(Permission.ACCOUNT_MANAGE, on=queries.get_account)
def enable_account(account: "Account") -> ResponseReturnValue:
    """Open a closed account."""
    service.enable_account(db_session(), current_actor(), account)
    flash(pages.ACCOUNT_OPENED)
    return redirect(url_for("accounts.make_link", account_id=account.id), 303)
