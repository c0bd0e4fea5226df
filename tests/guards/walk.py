"""Asking every view of the app the same question, as everybody, about everybody's objects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.actor import Role
from app.accounts import service as accounts
from app.kernel.database import Database
from app.web import requests
from tests.guards.world import ACCOUNTS, World, make_world
from tests.pages import Browser

METHODS = ("GET", "POST")
CORNERS = ("own", "submitted", "other", "foreign")
COLLEAGUE = "colleague"
REPORTED = "reported"
WITHOUT_OBJECT = "-"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Question:
    """One view, one method, one corner whose object it is asked about."""

    rule: Rule
    method: str
    corner: str

    @property
    def name(self) -> str:
        """How the table of roles calls it."""
        return f"{self.rule.endpoint} {self.method} {self.corner}"


class Recorder(Browser):
    """A browser that goes on after a page that breaks the rules."""

    complaints: list[str]

    def complain(self, faults: str) -> None:
        """Remember."""
        self.complaints.append(faults)


class Walker:
    """Somebody of every role; what they ask for is never committed."""

    def __init__(self, app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.database = app, database
        with database.transaction() as session:
            self.world: World = make_world(session)
            self._tokens = {role.value: accounts.start_session(session, self.world.accounts[role]) for role in ACCOUNTS}
        app.testing = False  # A view that fails answers 500, and the rest of the walk goes on.
        app.config["WTF_CSRF_ENABLED"] = False  # The question is what a view answers, not whether it was forged.
        app.test_client_class = Recorder
        self.complaints: list[str] = []
        """What is wrong with the pages that were met, whatever was asked of them."""
        end = requests.end_transaction
        monkeypatch.setattr(requests, "end_transaction", lambda *, succeeded: end(succeeded=False))

    def browser(self, who: str) -> Recorder:
        """Return a browser where somebody of a role has just signed in, so that nothing asked before matters."""
        browser = cast(Recorder, self.app.test_client())
        browser.complaints = self.complaints
        if who != NOBODY:
            secure = self.app.config["SIGN_IN_COOKIE_SECURE"]
            browser.set_cookie(self.app.config["SIGN_IN_COOKIE"], self._tokens[who], secure=secure)
        return browser

    def questions(self, *methods: str) -> Iterator[Question]:
        """Yield everything that can be asked, in the order of the views' names."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
            for method in methods:
                if rule.endpoint != "static" and method in (rule.methods or ()):
                    yield from (Question(rule, method, corner) for corner in _corners(rule))

    def ask(self, question: Question, who: str) -> TestResponse:
        """Send the request; a form is sent empty."""
        role = Role(who) if who != NOBODY else Role.RESPONDENT
        values = {} if question.corner == WITHOUT_OBJECT else self.world.values(question.rule, question.corner, role)
        return self._send(question, who, values)

    def ask_for_nothing(self, question: Question, who: str) -> TestResponse:
        """Ask for an object that does not exist."""
        values = self.world.values(question.rule, "own", Role.RESPONDENT)
        strange = {name: uuid4() if name.endswith("_id") else value for name, value in values.items()}
        return self._send(question, who, strange)

    def _send(self, question: Question, who: str, values: dict[str, object]) -> TestResponse:
        with self.app.test_request_context():
            url = self.app.url_for(question.rule.endpoint, **values)  # type: ignore[arg-type]
        return self.browser(who).open(url, method=question.method)


def _corners(rule: Rule) -> tuple[str, ...]:
    if not rule.arguments:
        return (WITHOUT_OBJECT,)
    if "report_id" in rule.arguments:
        return (CORNERS[0], COLLEAGUE, *CORNERS[1:])
    return (*CORNERS, REPORTED) if rule.arguments & {"invitation_id", "pupil_id"} else CORNERS
