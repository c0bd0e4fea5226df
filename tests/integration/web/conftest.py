"""A few views of no product, behind the product's guards, to see what those do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from flask import Blueprint, Flask, Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.access.actor import Role
from app.access.permissions import Permission
from app.accounts import queries as accounts
from app.accounts.models import Account
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import InvalidTransition, Refused
from app.kernel.scheduling import JobRun
from app.schools.models import Municipality
from app.web.guards import open_to_all, requires
from app.web.requests import after_commit, db_session, trace_shown
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality
from tests.pages import Browser


@dataclass
class Trial:
    """What the views do and saw, besides answering."""

    meanwhile: Callable[[], None] = lambda: None
    """Done within the view, after it has done its own work."""
    afterwards: list[str] = field(default_factory=list)


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, mimetype="text/plain")


def _make_views(trial: Trial) -> Blueprint:  # noqa: C901 - many small views are not one large thing
    bp = Blueprint("trial", __name__, url_prefix="/prov")

    @bp.route("/<uuid:account_id>", methods=["GET", "POST"])
    @requires(Permission.CASE_READ, on=accounts.get_account, trace=AuditAction.CASE_READ)
    def show(account: Account) -> ResponseReturnValue:
        what = request.form.get("what", "")
        if request.method == "POST":
            account.title = what
            if what == "refused":
                raise Refused("round_closed")
            if what == "transition":
                raise InvalidTransition("case", "closed", "open")
            if what == "wrong":
                return _plain("fel", 422)
        trial.meanwhile()
        if request.method == "POST" and what != "page":
            return redirect(f"/prov/{account.id}", 303)
        return _plain(f"seen {account.id}")

    @bp.route("/skriv", methods=["GET", "POST"])
    @requires(Permission.CASE_LIST)
    def write() -> ResponseReturnValue:
        session = db_session()
        session.add(JobRun(job=str(uuid4()), started_at=clock.wall()))
        after_commit(lambda: trial.afterwards.append("done"))
        session.flush()
        trial.meanwhile()
        if request.form.get("what") == "wrong":
            return _plain("fel", 422)
        return redirect(request.form.get("to", "/prov/skriv"), 303)

    @bp.post("/ladda-upp")
    @requires(Permission.CASE_LIST)
    def upload() -> ResponseReturnValue:
        db_session().add(JobRun(job=str(uuid4()), started_at=clock.wall()))
        return _plain("tack")

    @bp.get("/lista")
    @requires(Permission.CASE_LIST)
    def list_shown() -> ResponseReturnValue:
        trace_shown(AuditAction.CASES_LISTED, [UUID(text) for text in request.args.getlist("id")])
        trial.meanwhile()
        return _plain("lista")

    @bp.get("/fel/<int:code>")
    @open_to_all("a trial")
    def fail(code: int) -> ResponseReturnValue:
        if code:
            abort(code)
        raise RuntimeError("about Elin Sandhage")

    @bp.route("/alla", methods=["GET", "POST"])
    @open_to_all("a trial")
    def anyone() -> ResponseReturnValue:
        if request.method == "POST":
            db_session().add(JobRun(job=str(uuid4()), started_at=clock.wall()))
        return _plain("alla")

    return bp


@pytest.fixture
def trial() -> Trial:
    """What the views are to do meanwhile."""
    return Trial()


@pytest.fixture
def app(new_app: Callable[[], Flask], trial: Trial) -> Flask:
    """The application with the views of the trial, whose forms carry no token."""
    app = new_app()
    app.register_blueprint(_make_views(trial))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def municipality(database: Database) -> Municipality:
    """A municipality."""
    with database.transaction() as session:
        return make_municipality(session)


@pytest.fixture
def coordinator(database: Database, municipality: Municipality) -> Account:
    """One who may."""
    with database.transaction() as session:
        return make_account(session, municipality, Role.COORDINATOR, title="samordnare")


@pytest.fixture
def browser(sign_in: SignIn, coordinator: Account) -> Browser:
    """A browser where the one who may is signed in."""
    return sign_in(coordinator)


def actions(database: Database) -> list[str]:
    """Return what is in the audit after the signing in."""
    with database.reading() as session:
        found = session.scalars(select(AuditRow.action).order_by(AuditRow.municipality_id, AuditRow.sequence)).all()
    return [action for action in found if action != AuditAction.SIGNED_IN]


def count_effects(database: Database) -> int:
    """Return how often a view that writes has done so."""
    with database.reading() as session:
        return len(session.scalars(select(JobRun.id)).all())


def title_of(database: Database, account: Account) -> str:
    """Return the title that is stored."""
    with database.reading() as session:
        return str(session.get_one(Account, account.id).title)
