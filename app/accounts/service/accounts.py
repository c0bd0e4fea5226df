"""Adding accounts by hand and from a file, closing and opening them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts import queries
from app.accounts.models import AT_SCHOOL, Account, Membership
from app.accounts.service.memberships import withdraw_invitations_of
from app.accounts.service.signing_in import end_sessions
from app.accounts.types import AddAccount, Duty
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.csv_files import Column, Problems, Row, read_table, require_unique
from app.kernel.errors import Refused

ACCOUNTS_FILE = "accounts.csv"
ACCOUNT_COLUMNS = (
    Column("name", ("namn",)),
    Column("title", ("titel",)),
    Column("email", ("epost", "mejl"), max_length=254),
    Column("phone", ("telefon",)),
    Column("role", ("roll",)),
    Column("units", ("skolenheter", "skolenhetskoder"), is_required=False, max_length=2000),
)
ROLES = {
    "personal": Role.STAFF,
    "uppgiftslamnare": Role.RESPONDENT,
    "samordnare": Role.COORDINATOR,
    "utbildningsdirektor": Role.DIRECTOR,
    "administrator": Role.ADMINISTRATOR,
    "granskare": Role.AUDITOR,
}
"""Folded Swedish words for the roles, as they stand in the file."""
FIRST_DAY = date(2000, 1, 1)
"""Memberships of a set-up hold from long ago: the file says who answers, not since when."""


def add_account(session: Session, actor: Actor, command: AddAccount) -> Account:
    """Add an account without a password, which its owner chooses by a link. Raises `Refused("email_is_taken")`."""
    if queries.find_by_email(session, command.email) is not None:
        raise Refused("email_is_taken")
    account = Account(
        municipality_id=actor.municipality_id,
        name=command.name,
        title=command.title,
        email=command.email.strip(),
        phone=command.phone,
        email_index=queries.email_index(command.email),
        role=command.role,
    )
    session.add(account)
    session.flush()
    for unit_id in command.unit_ids:
        session.add(_membership(account, unit_id, command))
    audit.record(session, actor, AuditAction.ACCOUNT_ADDED, account.id, role=command.role.value)
    return account


def _membership(account: Account, unit_id: UUID, command: AddAccount) -> Membership:
    return Membership(
        municipality_id=account.municipality_id,
        account_id=account.id,
        school_unit_id=unit_id,
        duty=Duty.PRINCIPAL if command.role is Role.RESPONDENT else Duty.STAFF,
        starts_on=command.starts_on or clock.today(),
    )


def import_accounts(
    session: Session, actor: Actor, folder: Path, unit_ids_by_code: Mapping[str, UUID]
) -> Sequence[Account]:
    """Add the accounts of `accounts.csv` and return them; all or none. Raises `FilesRefused`."""
    problems = Problems()
    rows = read_table(folder, ACCOUNTS_FILE, ACCOUNT_COLUMNS, problems)
    require_unique(rows, "email")
    commands = [_account_of(row, unit_ids_by_code) for row in rows]
    for row in rows:
        if queries.find_by_email(session, row.text("email")) is not None:
            row.problem("email", "account_exists")
    problems.raise_if_any()
    return [add_account(session, actor, command) for command in commands]


def _account_of(row: Row, unit_ids_by_code: Mapping[str, UUID]) -> AddAccount:
    codes = row.text("units").split()
    if any(code not in unit_ids_by_code for code in codes):
        row.problem("units", "no_such_school_unit")
    role = row.choice("role", ROLES)
    if role in AT_SCHOOL and not codes:
        row.problem("units", "school_unit_is_needed")
    return AddAccount(
        name=row.text("name"),
        title=row.text("title"),
        email=row.email("email"),
        phone=row.phone("phone"),
        role=role,
        unit_ids=tuple(dict.fromkeys(unit_ids_by_code[code] for code in codes if code in unit_ids_by_code)),
        starts_on=FIRST_DAY,
    )


def disable_account(session: Session, actor: Actor, account: Account) -> None:
    """Close an account: its sessions end now, and whom it invited is not let in. Raises `Refused` for one's own."""
    if account.id == actor.account_id:
        raise Refused("own_account")
    withdraw_invitations_of(session, actor, account.id)
    account.is_active = False
    end_sessions(session, account)
    audit.record(session, actor, AuditAction.ACCOUNT_DISABLED, account.id)


def enable_account(session: Session, actor: Actor, account: Account) -> None:
    """Open a closed account again."""
    account.is_active = True
    audit.record(session, actor, AuditAction.ACCOUNT_ENABLED, account.id)
