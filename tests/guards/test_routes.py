"""Every view says who may use it, resolves the ids in its address, and has an address that reads."""

import inspect
import re
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from app.web.guards import Access

TYPED = (UUIDConverter, IntegerConverter, AnyConverter)
TOKENS = {"token"}
"""Parts that are neither ids nor words: what a one-time link carries."""
ADDRESS = re.compile(r"^/$|^(/([a-z0-9]+(-[a-z0-9]+)*|<[^>]+>)(\.(csv|pdf|txt))?)+$")

OPEN = {
    "accounts.accept_invitation": "whoever was invited has no account yet",
    "accounts.renew_invitation": "whoever was invited has no account yet",
    "accounts.choose_password": "a one-time link",
    "accounts.request_renewal": "who has forgotten has no password",
    "accounts.show_start": "leads to where one belongs",
    "accounts.sign_in": "the way in",
    "referrals.acknowledge_report": "the receiver has no account",
    "help.show_accessibility": "everyone may read it",
    "help.show_help": "who cannot sign in needs it most",
    "help.show_numbers": "nobody signs in before ringing 112",
    "help.show_storage": "everyone may read it",
    "status.show_status": "says that the machine works, and nothing else",
}
"""The views that need no account, and why; the only ones."""


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def _access(app: Flask, rule: Rule) -> Access:
    access = getattr(app.view_functions[rule.endpoint], "access", None)
    assert isinstance(access, Access), rule.endpoint
    return access


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "access")]
    assert not silent, f"{silent}: add @requires(Permission.…) or @open_to_all('reason')"


def test_only_these_views_are_open(app: Flask) -> None:
    open_views = {rule.endpoint for rule in _rules(app) if _access(app, rule).permission is None}
    assert open_views == set(OPEN)
    assert all(_access(app, rule).reason for rule in _rules(app) if rule.endpoint in OPEN)


def test_an_id_in_the_address_is_resolved_within_what_the_actor_may_see(app: Flask) -> None:
    for rule in _rules(app):
        if rule.arguments - TOKENS:
            resolve = _access(app, rule).on
            assert resolve is not None, f"{rule.endpoint}: add on="
            assert "visible_to" in inspect.signature(resolve).parameters, f"{rule.endpoint}: scope {resolve.__name__}"


def test_every_part_of_an_address_has_a_type(app: Flask) -> None:
    for rule in _rules(app):
        for name in rule.arguments - TOKENS:
            assert isinstance(rule._converters[name], TYPED), f"{rule.rule}: <uuid:{name}>"


def test_an_address_is_lower_case_words_with_hyphens(app: Flask) -> None:
    wrong = [rule.rule for rule in _rules(app) if not ADDRESS.match(re.sub(r"<[^>]+>", "<x>", rule.rule))]
    assert not wrong


def test_a_view_only_reads_and_posts(app: Flask) -> None:
    for rule in _rules(app):
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.endpoint


def test_an_address_leads_to_one_view(app: Flask) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in _rules(app):
        for method in (rule.methods or set()) & {"GET", "POST"}:
            shape = re.sub(r"<[^>]+>", "<>", rule.rule)
            assert seen.setdefault((shape, method), rule.endpoint) == rule.endpoint, rule.rule


def test_a_view_has_one_name(app: Flask) -> None:
    for endpoint, view in _views(app):
        assert endpoint.rpartition(".")[2] == view, f"{endpoint} is {view} in the code"


def _views(app: Flask) -> Iterator[tuple[str, str]]:
    for endpoint, view in app.view_functions.items():
        if endpoint != "static":
            yield endpoint, inspect.unwrap(view).__name__
