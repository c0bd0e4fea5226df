"""The flask commands of an installation."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import scheduler
from app.accounts import service as accounts
from app.accounts.types import LinkPurpose
from app.access.actor import Actor
from app.audit import queries as audit
from app.kernel import clock, installation
from app.kernel.csv_files import FilesRefused
from app.kernel.database import Database
from app.kernel.errors import DomainError
from app.kernel.installation import NotReady
from app.rehearsal import service as rehearsal
from app.serving import serve
from config import Config

audit_commands = AppGroup("audit", help="The record of who did and saw what.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(audit_commands)
    for command in (migrate, set_up, run_demo, rehearse, tick, run_scheduler):
        app.cli.add_command(command)


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _config() -> Config:
    config: Config = current_app.extensions["settings"]
    return config
