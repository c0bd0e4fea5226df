"""Aterkomst: no child who does not come back after a school break goes unnoticed."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config

# While the capabilities land one by one, those that are not there yet are left out; the final version names them all.
PARTS = ("accounts", "schools", "routine", "surveys", "cases", "responses", "referrals", "summaries", "help", "rehearsal")


def create_app(config: "Config") -> "Flask":
    """Assemble the application; it decides nothing."""
    from flask import Flask, abort, request

    from app.accounts import routes as accounts
    from app.kernel.database import Database
    from app.kernel.encryption import new_key_ring, use_key_ring
    from app.kernel.installation import Readiness, check, is_rehearsal
    from app.kernel.rendering import TEMPLATES
    from app.web import errors, logs, requests, security, templating

    app = Flask(__name__, template_folder=str(TEMPLATES), instance_path=str(config.instance.resolve()))
    database = Database(config.database_url)
    app.extensions["database"], app.extensions["settings"] = database, config
    readiness = check(database, config.keys)
    app.config.update(IS_REHEARSAL=False, PUBLIC_URL=config.public_url)
    if readiness is Readiness.EMPTY:
        use_key_ring(new_key_ring())
    elif readiness is Readiness.READY:
        with database.reading() as session:
            app.config["IS_REHEARSAL"] = is_rehearsal(session)
    is_plain_http = app.config["IS_REHEARSAL"] and config.is_plain_loopback
    logs.init_app(app)
    security.init_app(app, is_plain_http=is_plain_http)
    requests.init_app(app)
    templating.init_app(app)
    errors.init_app(app)
    accounts.init_app(app, is_plain_http=is_plain_http)
    for part in PARTS:
        if find_spec(f"app.{part}") and find_spec(f"app.{part}.routes"):
            if blueprint := getattr(import_module(f"app.{part}.routes"), "bp", None):
                app.register_blueprint(blueprint)
    try:
        from app import cli

        cli.init_app(app)
    except ImportError as error:
        print("cli not yet:", error)
    return app
