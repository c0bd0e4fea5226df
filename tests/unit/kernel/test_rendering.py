"""A mail's template gives a subject and a body, or fails: never a hole in a sentence."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, TemplateNotFound, UndefinedError

from app.kernel import rendering
from app.kernel.rendering import TEMPLATES, render_mail


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Templates of the test's own, by name."""
    templates: dict[str, str] = {}
    monkeypatch.setattr(rendering._environment, "loader", DictLoader(templates))
    monkeypatch.setattr(rendering._environment, "cache", None)
    return templates


def test_the_first_line_is_the_subject(given: dict[str, str]) -> None:
    given["a.txt"] = "Ämne: Kartläggningen har öppnat\n\nHej {{ name }}!\n\nVälkommen.\n"
    assert render_mail("a.txt", name="<Östen>") == ("Kartläggningen har öppnat", "Hej <Östen>!\n\nVälkommen.\n")


@pytest.mark.parametrize("text", ["Hej!\n\nText\n", "Ämne: bara ett ämne", "Subject: på engelska\n\nText\n", ""])
def test_a_template_without_one_is_a_fault(given: dict[str, str], text: str) -> None:
    given["a.txt"] = text
    with pytest.raises(ValueError, match="first line"):
        render_mail("a.txt")


def test_a_value_that_is_missing_is_a_fault(given: dict[str, str]) -> None:
    given["a.txt"] = "Ämne: x\n\nHej {{ name }}!\n"
    with pytest.raises(UndefinedError):
        render_mail("a.txt")


def test_a_template_there_is_not_is_a_fault() -> None:
    with pytest.raises(TemplateNotFound):
        render_mail("nowhere/at/all.txt")


def test_every_template_there_is_begins_with_a_subject() -> None:
    found = [path for path in (TEMPLATES / "mail").rglob("*.txt") if not path.name.startswith("_")]
    assert found
    for path in found:
        assert _starts_with_subject(path), path


def _starts_with_subject(path: Path) -> bool:
    return path.read_text(encoding="utf-8").startswith("Ämne: ")
