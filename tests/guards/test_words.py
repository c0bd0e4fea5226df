"""Swedish stands where people read it; a thing has one English name."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.guards.source import ROOT, defined_names, layer, python, short, templates, tree

SWEDISH = re.compile("[\u00e5\u00e4\u00f6\u00c5\u00c4\u00d6]")
SPEAKS_SWEDISH = {"forms", "mails", "pages"}
"""The layers whose words a person reads, besides templates."""

GLOSSARY = {
    "person_number": "personal_identity_number",
    "personnummer": "personal_identity_number",
    "social_security": "personal_identity_number",
    "ssn": "personal_identity_number",
    "co_ordination": "coordination",
    "samordningsnummer": "coordination_number",
    "custodian": "guardian",
    "caregiver": "guardian",
    "vardnadshavare": "guardian",
    "concern_report": "report_of_concern",
    "orosanmalan": "report_of_concern",
    "student": "pupil",
    "elev": "pupil",
    "headmaster": "principal",
    "head_teacher": "principal",
    "rektor": "principal",
    "huvudman": "school_organiser",
    "school_organizer": "school_organiser",
    "organizer": "organiser",
    "skolenhet": "school_unit",
    "skolenhetskod": "school_unit_code",
    "kommun": "municipality",
    "hemkommun": "home_municipality",
    "arende": "case",
    "login": "sign_in",
    "log_in": "sign_in",
    "logout": "sign_out",
    "log_out": "sign_out",
    "user": "account",
    "purge": "dispose_of",
    "gallring": "disposal",
    "questionnaire_round": "survey_round",
    "survey_wave": "survey_round",
    "invite": "invitation",
    "paminnelse": "reminder",
    "kidnapped": "taken_abroad",
    "abducted": "taken_abroad",
    "protected_id": "protected_identity",
    "secret_identity": "protected_identity",
    "travel_ban": "exit_ban",
    "principal_organiser": "school_organiser",
    "social_welfare_committee": "social_welfare_board",
    "legal_basis_ref": "legal_reference",
    "holiday_break": "school_break",
    "academic_year": "school_year",
}
"""What a thing is not called, and what it is called."""

VAGUE = {"common", "core", "utils", "util", "helpers", "helper", "misc", "manager", "handler", "base", "lib", "shared"}
"""What no module is called: a line that fits nowhere has not been understood yet."""

QUERY_NAME = re.compile(r"^((get|find|list|count|exists)_.+|claim(_.+)?|[a-z_]+_by_[a-z_]+)$")
VIEW_NAMES_THAT_SAY_NOTHING = re.compile(r"^(index|detail|details|handle_.*|process_.*|manage_.*|view)$")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("path", [*python("app"), ROOT / "config.py", ROOT / "wsgi.py"], ids=short)
def test_swedish_stands_only_where_people_read_it(path: Path) -> None:
    if path.is_relative_to(ROOT / "app") and layer(path) in SPEAKS_SWEDISH:
        return
    found = [
        f"{short(path)}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SWEDISH.search(line)
    ]
    assert not found, "move these words to a template, forms.py, mails.py or pages.py"


def test_a_thing_has_one_name() -> None:
    wrong = [
        f"{short(path)}:{line}: {name} - say {right}"
        for path in python("app", "migrations", "tests")
        for line, name in defined_names(tree(path))
        for word, right in GLOSSARY.items()
        if f"_{word}_" in f"_{_snake(name).strip('_')}_" and right not in _snake(name)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_is_called_something_vague() -> None:
    assert not [short(path) for path in python("app", "tests") if path.stem in VAGUE]
    assert not [short(path) for path in (ROOT / "app").rglob("*") if path.is_dir() and path.name in VAGUE]


def test_queries_say_what_they_give() -> None:
    wrong = [
        f"{short(path)}: {node.name}"
        for path in python("app")
        if layer(path) == "queries"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and _asks_the_database(node) and not QUERY_NAME.match(node.name)
    ]
    assert not wrong, f"a query is called get_, find_, list_, count_, exists_ or <values>_by_<key>: {wrong}"


def _asks_the_database(node: ast.FunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg == "session" and not node.name.startswith("_")


def test_views_say_what_they_do() -> None:
    wrong = [
        f"{short(path)}: {node.name}"
        for path in python("app")
        if layer(path) == "routes"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and VIEW_NAMES_THAT_SAY_NOTHING.match(node.name)
    ]
    assert not wrong, f"call a view after its verb: {wrong}"


def visible(source: str) -> str:
    """Return what a template says itself: no Jinja, no tags, no script."""
    parts = [
        value if kind == "data" else " " if kind in {"raw_begin", "raw_end"} else "\x00"
        for _line, kind, value in Environment(autoescape=True).lex(source)
    ]
    text = re.sub("\x00+", "x", "".join(parts))
    text = re.sub(r"(?s)<!--.*?-->|<(script|style|svg)\b.*?</\1>", " ", text)
    return re.sub(r"<[^>]*>", " ", text)


@pytest.mark.parametrize("path", templates("*.html") + templates("*.txt"), ids=short)
def test_quotes_are_swedish(path: Path) -> None:
    lines = [line.strip() for line in visible(path.read_text(encoding="utf-8")).splitlines() if '"' in line]
    assert not lines, f"write ” on both sides: {lines}"
