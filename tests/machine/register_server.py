"""A real server in a thread that speaks what is needed of SS 12000, and misbehaves as it is told.

`python -m tests.machine.register_server --port 8090` serves the schools of the rehearsal's municipality until stopped.
"""

import argparse
import csv
import json
import ssl
import threading
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from tests.machine.register_data import Plain, RegisterData, make_register

CLIENT_ID, SECRET = "aterkomst", "hemligt-ordval-åäö"
UNITS = Path(__file__).parents[2] / "app" / "rehearsal" / "municipality" / "units.csv"
NOUNS = ("organisations", "persons", "groups")
HUGE = 1 << 20
"""Bytes of a chunk of a body without end."""


@dataclass
class RegisterServer:
    """What the server holds and how it behaves; the answers it gave are counted by path."""

    data: RegisterData
    port: int = 0
    page_size: int = 50
    speaks_by_name: bool = False
    """Puts organisations under their own name and not under `data`."""
    ignores_filters: bool = False
    refuses_filters: bool = False
    wants_secret_in_form: bool = False
    statuses: dict[str, list[int]] = field(default_factory=dict)
    """By path, what the next answers are instead of 200; the last is repeated when the list ends with -1."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every answer that is no success."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    """By path, sent as they stand instead of an answer."""
    silent: set[str] = field(default_factory=set)
    """Paths that never get an answer."""
    hangs_up: set[str] = field(default_factory=set)
    trickles: set[str] = field(default_factory=set)
    """Paths whose headers come a byte at a time and never end."""
    endless: set[str] = field(default_factory=set)
    """Paths whose pages begin again, each time with a token of its own."""
    repeats_token: set[str] = field(default_factory=set)
    huge: set[str] = field(default_factory=set)
    changes_ids_of: str = ""
    """A noun whose things have other ids each time they are asked for."""
    lives_of_token: int = 1_000_000
    """How many requests a token is good for."""
    asked: list[str] = field(default_factory=list)
    """Paths and queries, in order."""
    tokens: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def base_url(self) -> str:
        """What a connection is set to."""
        return f"http://127.0.0.1:{self.port}/ss12000/v2.0"

    @property
    def token_url(self) -> str:
        """Where tokens are given."""
        return f"http://127.0.0.1:{self.port}/token"

    def count(self, noun: str) -> int:
        """Return how often a kind of thing was asked for."""
        return sum(urlsplit(path).path.endswith(noun) for path in self.asked)

    def next_status(self, noun: str) -> int:
        """Return what the next answer is."""
        waiting = self.statuses.get(noun, [])
        if not waiting:
            return 200
        return waiting[0] if waiting[1:] == [-1] else waiting.pop(0)

    def page(self, noun: str, query: dict[str, str]) -> Plain:
        """Return a page of things."""
        if noun in self.repeats_token:
            return {"data": self._things(noun, {})[:1], "pageToken": "om igen"}
        start, _, filters = query.get("pageToken", "0").partition("~")
        if filters:
            query = query | {key: value[0] for key, value in parse_qs(filters).items()}
        things, first = self._things(noun, query), int(start)
        size = min(self.page_size, int(query.get("limit", self.page_size)))
        token = None if first + size >= len(things) else f"{first + size}~{_kept(query)}"
        if noun in self.endless:
            token, first = f"0~{_kept(query)}&x={uuid4().hex}", 0
        name = noun if self.speaks_by_name and noun == "organisations" else "data"
        return {name: things[first : first + size], "pageToken": token}

    def _things(self, noun: str, query: dict[str, str]) -> list[Plain]:
        things: list[Plain] = getattr(self.data, noun)
        if not self.ignores_filters:
            responsible = self._responsible() if noun == "persons" else set()
            things = [thing for thing in things if _passes(noun, thing, query, responsible)]
        if self.changes_ids_of == noun:
            things = [thing | {"id": str(uuid4())} for thing in things]
        return things

    def _responsible(self) -> set[str]:
        return {
            each["person"]["id"]
            for person in self.data.persons
            for each in person.get("responsibles") or ()
            if isinstance(each, dict) and isinstance(each.get("person"), dict)
        }


def _kept(query: dict[str, str]) -> str:
    return "&".join(f"{key}={value}" for key, value in query.items() if key not in ("pageToken", "limit", "x"))


def _passes(noun: str, thing: Plain, query: dict[str, str], responsible: set[str]) -> bool:
    if noun == "groups":
        return "groupType" not in query or thing.get("groupType") == query["groupType"]
    kind = query.get("relationship.entity.type") if noun == "persons" else None
    if kind == "enrolment":
        return bool(thing.get("enrolments"))
    return kind != "responsibleFor" or thing["id"] in responsible


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    register: ClassVar[RegisterServer]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Give a token to whoever knows the secret."""
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if self._misbehaves("token"):
            return
        if not self._knows_secret({key: value[0] for key, value in form.items()}):
            self._answer(401, b'{"error": "invalid_client"}')
            return
        token = uuid4().hex
        self.register.tokens[token] = self.register.lives_of_token
        self._say({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def do_GET(self) -> None:
        """Give a page."""
        parts = urlsplit(self.path)
        noun = parts.path.rpartition("/")[2]
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        if self._misbehaves(noun):
            return
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if self.register.tokens[token] <= 0:
            self._answer(401, b'{"code": "401", "message": "No."}')
        elif self.register.refuses_filters and set(query) - {"limit", "pageToken"}:
            self._answer(400, b'{"code": "400", "message": "Unknown filter."}')
        elif noun not in NOUNS:
            self._answer(404, b"{}")
        else:
            self.register.tokens[token] -= 1
            self._say(self.register.page(noun, query))

    def _misbehaves(self, noun: str) -> bool:
        own = self.register
        own.asked.append(self.path)
        if noun in own.silent:
            own.stopping.wait(30)
            self.close_connection = True
        elif noun in own.hangs_up:
            self.close_connection = True
        elif noun in own.trickles:
            self._trickle()
        elif noun in own.huge:
            self._pour()
        elif (status := own.next_status(noun)) != 200:
            self._answer(status, b'{"code": "x", "message": "No."}')
        elif noun in own.bodies:
            self._answer(200, own.bodies[noun])
        else:
            return False
        return True

    def _knows_secret(self, form: dict[str, str]) -> bool:
        if "client_secret" in form:
            return (form.get("client_id"), form["client_secret"]) == (CLIENT_ID, SECRET)
        kind, _, pair = (self.headers.get("Authorization") or "").partition(" ")
        if kind != "Basic" or self.register.wants_secret_in_form:
            return False
        said = parse_qs("pair=" + b64decode(pair).decode())["pair"][0]
        return said == f"{CLIENT_ID}:{SECRET}"

    def _pour(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self._go_on(b" " * HUGE, 0)

    def _trickle(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self._go_on(b"a", 0.01)

    def _go_on(self, piece: bytes, pause: float) -> None:
        self.close_connection = True
        with suppress(OSError):
            while not self.register.stopping.wait(pause):
                self.wfile.write(piece)

    def _say(self, plain: Any) -> None:
        self._answer(200, json.dumps(plain, ensure_ascii=False).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status != 200:
            for name, value in self.register.headers.items():
                self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running(register: RegisterServer, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[RegisterServer]:
    """Let a register listen on a port of this machine, a free one unless told otherwise."""
    handler = type("Handler", (_Handler,), {"register": register})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    register.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield register
    finally:
        register.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def rehearsal_units() -> dict[str, str]:
    """Return name by code of the municipality's own units in the rehearsal."""
    rows = csv.DictReader(UNITS.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    return {row["skolenhetskod"]: row["skolenhet"] for row in rows if row["huvudman"] == "Älvhaga kommun"}


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="A pupil register of an invented municipality, by SS 12000.")
    parser.add_argument("--port", type=int, default=8090)
    with running(RegisterServer(make_register(rehearsal_units(), pupils=24)), parser.parse_args().port) as register:
        print(f"{register.base_url}  token: {register.token_url}  {CLIENT_ID} / {SECRET}", flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
