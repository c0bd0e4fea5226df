"""Templates compile, use what they import, and a page is called after its view."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import Environment, TemplateError, nodes

from app.kernel import rendering
from app.responses import documents
from tests.guards.source import TEMPLATES, short, templates

SHARED = {"layouts", "components", "errors", "mail", "documents"}
"""Folders of templates that are no view's own."""
TEXTS = {"mail": rendering._environment, "responses": documents._environment}
"""Which environment reads the plain texts of a folder."""


def _name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def _read(app: Flask) -> Iterator[tuple[Path, Environment, str]]:
    for path in templates("*.html") + templates("*.txt"):
        environment = app.jinja_env if path.suffix == ".html" else TEXTS[Path(_name(path)).parts[0]]
        yield path, environment, path.read_text(encoding="utf-8")


def test_templates_compile(app: Flask) -> None:
    faults = []
    for path, environment, source in _read(app):
        try:
            environment.compile(source, name=_name(path), filename=str(path))
        except TemplateError as error:
            faults.append(f"{short(path)}: {error}")
    assert not faults, "\n".join(faults)


def test_templates_use_what_they_import(app: Flask) -> None:
    faults = []
    for path, environment, source in _read(app):
        parsed = environment.parse(source)
        used = {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "load"}
        imported = {
            name if isinstance(name, str) else name[1]
            for statement in parsed.find_all(nodes.FromImport)
            for name in statement.names
        } | {statement.target for statement in parsed.find_all(nodes.Import)}
        if imported - used:
            faults.append(f"{short(path)}: {sorted(imported - used)}")
    assert not faults, "\n".join(faults)


def test_every_template_named_exists(app: Flask) -> None:
    faults = []
    for path, environment, source in _read(app):
        folder = TEMPLATES / "responses" if path.suffix == ".txt" else TEMPLATES
        for node in environment.parse(source).find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)):
            named = getattr(node, "template", None)
            if isinstance(named, nodes.Const) and not (folder / str(named.value)).exists():
                faults.append(f"{short(path)}: {named.value}")
    assert not faults, "\n".join(faults)


def test_a_page_is_called_after_its_view(app: Flask) -> None:
    pages = [path for path in templates("*.html") if not any(part.startswith("_") for part in Path(_name(path)).parts)]
    own = [path for path in pages if Path(_name(path)).parts[0] not in SHARED]
    endpoints = {endpoint.replace(".", "/") + ".html" for endpoint in app.view_functions}
    assert not [short(path) for path in own if _name(path) not in endpoints], "rename, or begin a part with _"


def test_a_component_is_one_macro_in_one_file(app: Flask) -> None:
    for path in templates("components/*.html"):
        macros = [node.name for node in app.jinja_env.parse(path.read_text("utf-8")).find_all(nodes.Macro)]
        public = [name for name in macros if not name.startswith("_")]
        assert public == [path.stem], f"{short(path)} defines {public}"
