"""Where a municipality's register is. The secret goes in and never comes out on a page again."""

from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import require_version
from app.kernel.errors import Conflict, Refused
from app.rosters import queries
from app.rosters.models import RegisterConnection
from app.rosters.types.fetching import SaveConnection, find_address_problem

FIELDS: Final = ("base_url", "token_url", "client_id", "scope", "omits_unmarked")


def save_connection(session: Session, actor: Actor, command: SaveConnection) -> RegisterConnection:
    """Say where the register is. What was known of its units is forgotten: it may be another register.

    Raises `Conflict`; `Refused("register_address")` for an address that is not safe; `Refused("secret_required")` when
    there is no secret yet, or the one there is would be sent to another machine than it was typed for.
    """
    if any(find_address_problem(url) for url in (command.base_url, command.token_url) if url) or not command.base_url:
        raise Refused("register_address")
    connection = queries.find_connection(session, visible_to=actor)
    if connection is None and command.version is not None:
        raise Conflict("RegisterConnection")
    if command.secret is None and (connection is None or _leads_elsewhere(connection, command)):
        raise Refused("secret_required")
    if connection is None:
        connection = _add_connection(session, actor, command)
        changed = [*FIELDS, "secret"]
    else:
        changed = _edit_connection(connection, command)
    session.flush()
    if changed:
        audit.record(session, actor, AuditAction.REGISTER_CHANGED, connection.id, fields=changed)
    return connection


def _add_connection(session: Session, actor: Actor, command: SaveConnection) -> RegisterConnection:
    values = {name: getattr(command, name) for name in FIELDS}
    own = RegisterConnection(
        municipality_id=actor.municipality_id, secret=command.secret or "", known_units={}, **values
    )
    session.add(own)
    return own


def _edit_connection(connection: RegisterConnection, command: SaveConnection) -> list[str]:
    if command.version is None:
        raise Conflict("RegisterConnection")
    require_version(connection, command.version)
    changed = [name for name in FIELDS if getattr(connection, name) != getattr(command, name)]
    for name in changed:
        setattr(connection, name, getattr(command, name))
    if command.secret is not None:
        connection.secret = command.secret
        changed.append("secret")
    connection.known_units = {}
    return changed


def _leads_elsewhere(connection: RegisterConnection, command: SaveConnection) -> bool:
    """Whether the secret would go to another place: whoever can change an address must not learn the secret by it."""
    return _place(connection.token_url or connection.base_url) != _place(command.token_url or command.base_url) or (
        bool(connection.token_url) != bool(command.token_url)
    )


def _place(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
