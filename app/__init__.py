"""Aterkomst: no child who does not come back after a school break goes unnoticed."""

from functools import partial

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from app import cli, scheduler
from app.accounts import routes as accounts
from app.cases import routes as cases
from app.help import routes as help_pages
from app.kernel.database import Database
from app.kernel.encryption import new_key_ring, use_key_ring
from app.kernel.installation import Readiness, check, is_rehearsal
from app.kernel.rendering import TEMPLATES
from app.referrals import routes as referrals
from app.rehearsal import routes as rehearsal
from app.responses import routes as responses
from app.rosters import routes as rosters
from app.routine import routes as routine
from app.schools import routes as schools
from app.summaries import routes as summaries
from app.surveys import routes as surveys
from app.web import errors, logs, requests, security, status, templating
from config import Config

BLUEPRINTS = (
    accounts.bp,
    schools.bp,
    routine.bp,
    surveys.bp,
    rosters.bp,
    cases.bp,
    responses.bp,
    referrals.bp,
    summaries.bp,
    help_pages.bp,
    rehearsal.bp,
    status.bp,
)


def create_app(config: Config) -> Flask:
    """Assemble the application; it decides nothing.

    Raises `WrongKey` when the database was written with other keys than those at hand.
    """
    app = Flask(__name__, template_folder=str(TEMPLATES), instance_path=str(config.instance.resolve()))
    database = Database(config.database_url)
    app.extensions["database"], app.extensions["settings"] = database, config
    readiness = check(database, config.keys)
    app.config.update(IS_REHEARSAL=_is_practice(database, readiness), PUBLIC_URL=config.public_url)
    is_plain_http = app.config["IS_REHEARSAL"] and config.is_plain_loopback
    logs.init_app(app)
    security.init_app(app, is_plain_http=is_plain_http)
    if readiness is not Readiness.READY:
        app.before_request(_refuse)
    requests.init_app(app)
    templating.init_app(app)
    errors.init_app(app)
    accounts.init_app(app, is_plain_http=is_plain_http)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["tick"] = partial(scheduler.run_quick, database, config)
    cli.init_app(app)
    return app


def _is_practice(database: Database, readiness: Readiness) -> bool:
    if readiness is Readiness.READY:
        with database.reading() as session:
            return is_rehearsal(session)
    if readiness is Readiness.EMPTY:
        use_key_ring(new_key_ring())  # Kept nowhere: enough for the commands that set the database up.
    return False


def _refuse() -> ResponseReturnValue | None:
    """Serve no page from a database that is not ready."""
    return None if request.endpoint == "static" else abort(503)
