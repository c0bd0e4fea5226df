"""What is typed survives a crash, a lost connection and an expired session, and is given back where it was typed.

A page saves by itself with the same POST as its button, under a header that no form can set: the page's own guard
decides who may, and then keeps what was typed instead of carrying it out. A POST that meets an expired session is kept
the same way, for the account that the old session belonged to. Nothing here ever counts as saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.access.actor import Actor
from app.access.permissions import Permission
from app.kernel import clock, typed_forms
from app.web import idempotency, requests

HEADER: Final = "X-Autosave"
DISCARD: Final = "discard_typed"
"""The button that throws away what was typed; its value is the id of what was shown."""
SHOWN: Final = "typed_form"
"""The hidden field with the id of what was shown, so that saving the form also drops a colleague's unsaved words."""
SEEN: Final = "saved_digest"
KEPT_WHEN: Final = "kept_when"
"""The hidden field by which a form says that it is kept only when personal data are unprotected, or never."""
UNPROTECTED: Final = "unprotected"
LONGEST: Final = 200_000
"""Characters of one form. More is not typed but pasted or made up."""
SHARED: Final = frozenset({Permission.RESPONSE_CHANGE})
"""What belongs to the unit and not to the person: colleagues go on where somebody stopped."""
_NEW = "/ny"
"""How the address of a page ends that makes something new: two people there are writing two different things."""
_WAYS = {"fran", "flik", "sida"}
"""What an address says of where one came from, not of what the page is about."""
_LONGEST_DIGEST = 16
OWN: Final = frozenset({"signed_name", "declared"})
"""What nobody can have typed for somebody else."""
_CARRIED = {"csrf_token", idempotency.FIELD, SHOWN, DISCARD, KEPT_WHEN}
_UNTYPED = {"version", SEEN}
_SAME_ORIGIN = {None, "same-origin"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at this page's address and never saved. `by` is empty when it is one's own."""

    id: UUID
    fields: MultiDict[str, str]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Something typed at another address and never saved. `by` is empty when it is one's own."""

    id: UUID
    path: str
    at: datetime
    by: str


def is_autosave() -> bool:
    """Whether a page saves by itself. Only its own script can say so."""
    return requests.is_writing() and request.headers.get(HEADER) == "1"


def is_discarding() -> bool:
    """Whether somebody throws away what was typed."""
    return requests.is_writing() and DISCARD in request.form


def keep(actor: Actor, permission: Permission, *, has_object: bool) -> ResponseReturnValue:
    """Keep what a page saves by itself, and say since when; what may not be kept is dropped."""
    session = requests.db_session()
    if actor.account_id is None or not _is_drawn_for(actor.account_id):
        return jsonify(kept=False), 409
    if idempotency.is_claimed(session, actor.account_id):
        return jsonify(kept=False), 409  # The form was carried out: this is the tail of what led to it.
    content = _read_content()
    if content is None:
        _drop(actor, None)
        return jsonify(kept=False)
    is_shared = permission in SHARED and has_object and not request.path.endswith(_NEW)
    typed_forms.keep(
        session,
        municipality_id=actor.municipality_id,
        account_id=actor.account_id,
        path=_place(),
        content=content,
        is_shared=is_shared,
    )
    return tell_kept()


def tell_kept() -> Response:
    """Tell the page's script that what it sent is kept, and since when."""
    return jsonify(kept=True, at=f"{clock.local(clock.now()):%H.%M}")


def park(actor: Actor | None) -> bool:
    """Keep what a POST carries, which cannot be carried out, for one account alone; return whether there was anything.

    In a transaction of its own, so the request's must have ended. Neither a form that somebody else's page made is
    kept, nor one that was drawn for another account, in a window from before this one signed in.
    """
    if actor is None or actor.account_id is None or not is_from_here():
        return False
    if not _is_drawn_for(actor.account_id):
        return False
    content = _read_content()
    if content is None:
        return False
    with requests.database().transaction() as session:
        typed_forms.keep(
            session,
            municipality_id=actor.municipality_id,
            account_id=actor.account_id,
            path=_place(),
            content={**content, "form": ""},
            is_shared=False,
        )
    return True


def is_from_here() -> bool:
    """Whether one of our own pages sent this request, as far as its browser says."""
    return request.headers.get("Sec-Fetch-Site") in _SAME_ORIGIN


def is_somebody_elses() -> bool:
    """Whether the form in this request was drawn for another account than the one that is signed in."""
    actor = requests.find_actor()
    return actor is not None and actor.account_id is not None and not _is_drawn_for(actor.account_id)


def _is_drawn_for(account_id: UUID) -> bool:
    return idempotency.is_key_of(account_id, request.form.get(idempotency.FIELD, ""))


def is_shown_again() -> bool:
    """Whether the address of this request can also be looked at."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _place() -> str:
    """Return where something is typed: a page begun from one child is another page than one begun from another.

    Of what an address asks for, ids stay as they are, so that what is typed about somebody can be found and dropped;
    anything else may have been written by hand and becomes a digest.
    """
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in _WAYS]
    ids = sorted(str(found) for _name, value in asked if (found := _id(value)))
    words = sorted((name, value) for name, value in asked if _id(value) is None)
    digest = [sha256(urlencode(words).encode()).hexdigest()[:_LONGEST_DIGEST]] if words else []
    return request.path + (f"?{'&'.join([*ids, *digest])}" if asked else "")


def _read_content() -> dict[str, Any] | None:
    """Return what there is to keep of the form in this request; None for nothing, too much, and what may not be."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _CARRIED]
    if not is_shown_again() or len(_place()) > typed_forms.LONGEST_PATH or not _may_be_kept(fields):
        return None
    return {
        "fields": [[_plain(name), _plain(value)] for name, value in fields],
        "form": idempotency.stored_key(cast(Actor, _whoever()).account_id, request.form.get(idempotency.FIELD, "")),
        "by": _name_of_writer(),
    }


def _may_be_kept(fields: list[tuple[str, str]]) -> bool:
    when = request.form.get(KEPT_WHEN, "")
    if when and not (when == UNPROTECTED and request.form.get("is_protected") == "no"):
        return False
    if any("password" in name for name, _ in fields) or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return False
    return any(value.strip() for name, value in fields if name not in _UNTYPED)


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _whoever() -> Actor | None:
    return requests.find_actor() or requests.find_lapsed()


def _name_of_writer() -> str:
    chrome = g.get("chrome")
    return str(getattr(chrome, "account_name", ""))


def find(names: set[str]) -> Typed | None:
    """Return what was typed at this address and not saved, when a form with fields of these names can show it."""
    if request.method != "GET":
        return None
    if "typed" not in g:
        g.typed = _load(requests.find_actor())
    typed = cast("Typed | None", g.typed)
    if typed is None or not names & {name.partition("-")[0] for name in typed.fields}:
        return None
    g.shows_typed = True
    return typed


def _load(actor: Actor | None, *, is_own: bool = False) -> Typed | None:
    if actor is None or actor.account_id is None or not is_shown_again():
        return None
    session = requests.db_session()
    rows = typed_forms.list_kept(
        session, municipality_id=actor.municipality_id, account_id=actor.account_id, path=_place()
    )
    for row in rows:
        content, mine = row.content, row.account_id == actor.account_id
        if not idempotency.is_stored(session, content["form"]) and (mine or not is_own):
            fields = [(name, value) for name, value in content["fields"] if mine or name not in OWN]
            return Typed(row.id, MultiDict(fields), row.typed_at, "" if mine else content["by"] or "?")
    return None


def find_own(actor: Actor | None) -> Typed | None:
    """Return what somebody has typed at this address and not saved, whether or not the page can show it."""
    return _load(actor, is_own=True)


def list_unsaved(actor: Actor, prefixes: Sequence[str]) -> list[Unsaved]:
    """Return what an actor would be shown of unsaved words at addresses that begin so; not what was carried out."""
    if actor.account_id is None:
        return []
    session = requests.db_session()
    rows = typed_forms.list_kept_under(
        session, municipality_id=actor.municipality_id, account_id=actor.account_id, prefixes=prefixes
    )
    unsaved = []
    for row in rows:
        content = row.content
        if not idempotency.is_stored(session, content["form"]):
            by = "" if row.account_id == actor.account_id else content["by"] or "?"
            unsaved.append(Unsaved(row.id, row.path, row.typed_at, by))
    return unsaved


def find_seen() -> str:
    """Return the digest that the page carried at which this was typed; empty when it had none."""
    typed = cast("Typed | None", g.get("typed"))
    return typed.fields.get(SEEN, "") if typed else ""


def shown() -> Typed | None:
    """Return what this page shows of what was typed and not saved, for its notice."""
    return cast("Typed | None", g.get("typed")) if g.get("shows_typed") else None


def forget_saved(actor: Actor) -> None:
    """Drop what was typed, now that the form has been carried out."""
    if is_shown_again():
        _drop(actor, _id(request.form.get(SHOWN, "")))


def discard(actor: Actor) -> None:
    """Throw away what was typed, and what was shown of a colleague's."""
    _drop(actor, _id(request.form.get(DISCARD, "")))


def _drop(actor: Actor, shown_id: UUID | None) -> None:
    if actor.account_id is not None:
        typed_forms.discard(
            requests.db_session(),
            municipality_id=actor.municipality_id,
            account_id=actor.account_id,
            path=_place(),
            shown_id=shown_id,
        )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
