"""`set-up`: a municipality out of a folder of files, all of it or nothing."""

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import Account
from app.kernel.database import Database, Installation
from app.schools.models import Municipality

INVENTED = Path(__file__).parents[2] / "app" / "rehearsal" / "municipality"


@pytest.fixture
def kind() -> str:
    """Each import is tested on both databases; what they come to together needs one."""
    return "sqlite"


@pytest.fixture(autouse=True)
def _in_earnest(database: Database) -> None:
    """The tests' databases are rehearsals, which take no municipality of one's own."""
    with database.transaction() as session:
        session.execute(update(Installation).values(is_rehearsal=False))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the invented municipality, to be spoilt."""
    return shutil.copytree(INVENTED, tmp_path / "files")


def set_up(app: Flask, folder: Path) -> Result:
    """Run the command as an operator does."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=["set-up", str(folder)])


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Replace something in a file."""
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_each_account_gets_a_link_and_the_same_municipality_is_not_made_twice(
    app: Flask, database: Database, folder: Path
) -> None:
    done = set_up(app, folder)
    assert done.exit_code == 0, done.output
    with database.reading() as session:
        emails = {account.email for account in session.scalars(select(Account))}
    told, *links = done.output.splitlines()
    assert told == f"Älvhaga kommun: {len(emails)} accounts. Each link works once, for 14 days:"
    assert {line.split("\t")[0] for line in links} == emails
    again = set_up(app, folder)
    assert (again.exit_code, "municipality_exists" in again.output) == (1, True)


def test_what_is_wrong_in_plans_accounts_and_receivers_is_told_at_once_and_nothing_is_left(
    app: Flask, database: Database, folder: Path
) -> None:
    spoil(folder, "plans.csv", "3 6", "6 3")
    spoil(folder, "accounts.csv", "maria.ekblad@alvhaga.example", "maria.ekblad")
    spoil(folder, "receivers.csv", "0199", "199")
    done = set_up(app, folder)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "plans.csv, row 2, column oppnar: days_are_not_in_order",
        "accounts.csv, row 2, column email: not_an_email",
        "receivers.csv, row 2, column municipality_code: not_a_municipality_code",
        "Error: nothing was imported: 3 problems",
    ]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Municipality)) == 0
