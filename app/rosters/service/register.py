"""Where a municipality's register is. The secret goes in and never comes out on a page again."""

from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import require_version
from app.kernel.errors import Conflict, Refused
from app.kernel.installation import is_rehearsal
from app.rosters import queries
from app.rosters.models import RegisterConnection
from app.rosters.service.fetching import end_unfinished
from app.rosters.types.fetching import SaveConnection, find_address_problem, is_loopback

FIELDS: Final = ("base_url", "token_url", "client_id", "scope", "omits_unmarked")


def save_connection(session: Session, actor: Actor, command: SaveConnection) -> RegisterConnection:
    """Say where the register is. What was known of its units is forgotten: it may be another register.

    Raises `Conflict`; `Refused("register_address")` for an address that is not safe, "register_is_here" for one on this
    machine; and "secret_required" when there is no secret yet, or the one there is was typed for another machine.
    """
    addresses = [command.base_url, *filter(None, [command.token_url])]
    if any(find_address_problem(address) for address in addresses):
        raise Refused("register_address")
    # Whoever keeps the connection must not reach what listens behind the server's own firewall.
    if any(is_loopback(address) for address in addresses) and not is_rehearsal(session):
        raise Refused("register_is_here")
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


def remove_connection(session: Session, actor: Actor, connection: RegisterConnection, version: int) -> None:
    """Forget where the register is, and its secret. What has been fetched already stays; what is ordered has failed.

    Raises `Conflict` when somebody else changed the connection meanwhile.
    """
    require_version(connection, version)
    end_unfinished(session, actor)  # First, as a worker does: it locks its order before it touches the connection.
    session.delete(connection)
    session.flush()
    audit.record(session, actor, AuditAction.REGISTER_REMOVED, connection.id)


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
    """Whether the secret, or the token it gives, would go to another place.

    Whoever can change an address must not get into the register by it.
    """
    own, wanted = (connection.base_url, connection.token_url), (command.base_url, command.token_url)
    return [_place(address) for address in own] != [_place(address) for address in wanted]


def _place(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
