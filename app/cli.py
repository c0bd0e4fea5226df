"""The flask commands of an installation."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app import scheduler
from app.access.actor import Actor
from app.accounts import service as accounts
from app.accounts.types import LinkPurpose
from app.audit import queries as audit
from app.audit import service as audit_service
from app.audit.types import AuditAction
from app.kernel import clock, installation
from app.kernel.csv_files import FilesRefused
from app.kernel.database import Database
from app.kernel.delivery_reports import LARGEST, read_delivery_report
from app.kernel.encryption import WrongKey
from app.kernel.errors import DomainError, NotFound
from app.kernel.installation import NotReady, Readiness
from app.outbox import service as outbox
from app.rehearsal import service as rehearsal
from app.schools.models import Municipality
from app.serving import serve
from app.setting_up import set_up_municipality
from app.web import logs
from config import Config

audit_commands = AppGroup("audit", help="The record of who did and saw what.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(audit_commands)
    for command in (migrate, set_up, run_demo, rehearse, tick, run_scheduler, take_back_bounces):
        app.cli.add_command(command)


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _config() -> Config:
    config: Config = current_app.extensions["settings"]
    return config


def speaks_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end with a line that says what to do, instead of with a traceback."""

    @wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except FilesRefused as refused:
            for problem in refused.problems:
                click.echo(str(problem), err=True)
            raise click.ClickException(f"nothing was imported: {len(refused.problems)} problems") from None
        except (DomainError, WrongKey, OSError) as error:
            raise click.ClickException(str(error) or type(error).__name__) from None

    return wrapped


def _require_ready() -> Database:
    database = _database()
    if (readiness := installation.check(database, _config().keys)) is not Readiness.READY:
        raise NotReady(f"the database is {readiness}: run flask --app wsgi migrate, or set-up DIR for a new one")
    return database


@click.command("migrate")
@speaks_plainly
def migrate() -> None:
    """Bring the database to this version; a new one gets its tables and keys."""
    installation.prepare(_database(), _config().keys)
    click.echo("The database is up to date.")


@click.command("set-up")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@speaks_plainly
def set_up(folder: Path) -> None:
    """Make a municipality of one's own from the CSV files in FOLDER, and print each account's activation link once."""
    database, config = _database(), _config()
    installation.prepare(database, config.keys)
    with database.transaction() as session:
        if installation.is_rehearsal(session):
            raise NotReady("this database is a rehearsal, for good: use another DATABASE_URL")
        municipality, added = set_up_municipality(session, folder)
        actor = Actor.system(municipality.id)
        links = [(account, accounts.make_link(session, actor, account, LinkPurpose.ACTIVATION)) for account in added]
    click.echo(f"{municipality.name}: {len(links)} accounts. Each link works once, for 14 days:")
    for account, link in links:
        click.echo(f"{account.email}\t{config.public_url}/aktivera/{link.token}")


@click.command("run-demo")
@speaks_plainly
def run_demo() -> None:
    """Serve pages and scheduler in one process, with the invented municipality in a database that is empty."""
    database, config = _database(), _config()
    installation.prepare(database, config.keys)
    rehearsal.seed_if_empty(database)
    with database.reading() as session:
        lines = rehearsal.describe(session)
    click.echo(f"\n  {config.public_url}\n")
    for line in lines:
        click.echo(f"  {line}")
    sys.stdout.flush()
    from app import create_app  # noqa: PLC0415 - the application of this command was made before the database was

    logs.configure()
    serve(create_app(config), database, config)


@click.command("rehearse")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where documents go.")
@speaks_plainly
def rehearse(out: Path) -> None:
    """Play a school year in the invented municipality; the last line is one JSON object."""
    began = time.monotonic()
    database, config = _database(), _config()
    installation.prepare(database, config.keys)
    rehearsal.seed_if_empty(database)
    with database.reading() as session:
        installation.require_rehearsal(session)
    out.mkdir(parents=True, exist_ok=True)
    rehearsal.play(database, lambda: scheduler.run_all(database, config), click.echo)
    with database.transaction() as session:
        result = rehearsal.gather_figures(session, database, out.resolve())
    with database.snapshot() as session:
        breaks = list(audit.find_breaks(session))
        result |= {"audit_rows": audit.count_rows(session), "audit_verified": not breaks}
    result["seconds"] = round(time.monotonic() - began, 1)
    click.echo(json.dumps(result, ensure_ascii=False))


@click.command("tick")
@click.option("--at", "at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]), help="Swedish time.")
@speaks_plainly
def tick(at: datetime | None) -> None:
    """Do what is due now; in a rehearsal, with --at, after moving the clock forward."""
    database = _require_ready()
    if at is not None:
        with database.transaction() as session:
            installation.move_clock(session, clock.at(at.date(), at.time()))
            for municipality_id in session.scalars(select(Municipality.id)):
                actor = Actor.system(municipality_id)
                audit_service.record(session, actor, AuditAction.CLOCK_MOVED, to=at.isoformat())
    scheduler.run_all(database, _config())
    with database.reading():
        click.echo(f"The clock shows {clock.local(clock.now()):%Y-%m-%d %H:%M}. What was due is done.")


@click.command("scheduler")
@speaks_plainly
def run_scheduler() -> None:
    """Do what is due, again and again, in a process of its own. Any number of them is harmless."""
    logs.configure()
    ticker = scheduler.start(_require_ready(), _config())
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        ticker.shutdown()


@click.command("bounces")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@speaks_plainly
def take_back_bounces(paths: Sequence[Path]) -> None:
    """Mark the mails that have come back, and show schools and reports whose mail it was as not reached.

    PATHS are what mail servers have sent back to the sender's address: files, maildirs, or - for standard input. Other
    mail among it is passed over; a report of a mail that did not leave here, or a file that cannot be opened, ends with
    exit code 1 when all have been read. Nothing is removed.
    """
    database = _require_ready()
    found = Counter(_take_back(database, content) for content in _read_mails(paths))
    click.echo(
        f"Mails that did not arrive, new: {found['new']}. Files that are no delivery report: {found['no report']}."
    )
    faults = {"strange": "delivery reports are about no mail that left here", "shut": "files could not be opened"}
    if told := [f"{found[what]} {words}" for what, words in faults.items() if found[what]]:
        raise click.ClickException(", ".join(told))


def _take_back(database: Database, content: bytes | None) -> str:
    """Mark the mail that a file is about, and return in a word what the file was."""
    if content is None:
        return "shut"
    if (report := read_delivery_report(content)) is None:
        return "no report"
    try:
        with database.transaction() as session:
            if (message := outbox.take_back(session, report)) is None:
                return "known"
            actor = Actor.system(message.municipality_id)
            audit_service.record(session, actor, AuditAction.MAIL_BOUNCED, message.id, kind=message.kind)
    except NotFound:
        return "strange"
    return "new"


def _read_mails(paths: Sequence[Path]) -> Iterator[bytes | None]:
    """Yield the mails, None for one that cannot be opened. What a mail program moves meanwhile is there next time."""
    for path in paths:
        if str(path) == "-":
            yield sys.stdin.buffer.read(LARGEST)
            continue
        folders = [path / "new", path / "cur"] if path.is_dir() else []
        listed = [each for folder in folders for each in sorted(folder.iterdir())]
        yield from map(_read_mail, filter(Path.is_file, listed) if folders else [path])


def _read_mail(file: Path) -> bytes | None:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST)
    except OSError:
        return None


@audit_commands.command("verify")
@speaks_plainly
def verify_audit() -> None:
    """Check every chain of the audit; exit with 1 and say where when one does not hold."""
    with _require_ready().snapshot() as session:
        breaks, rows = list(audit.find_breaks(session)), audit.count_rows(session)
        heads = audit.list_heads(session)
    for broken in breaks:
        click.echo(f"municipality {broken.municipality_id}, row {broken.sequence}: {broken.what}", err=True)
    if breaks:
        raise click.ClickException(f"the audit does not hold: {len(breaks)} breaks in {rows} rows")
    for head in heads:
        click.echo(f"municipality {head.municipality_id}: {head.sequence} rows, head {head.hash}")
    click.echo(f"The audit holds: {rows} rows.")
