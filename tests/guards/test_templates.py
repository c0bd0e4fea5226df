"""Templates compile, use what they import, and a page is called after its view."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from app.kernel import rendering
from app.responses import documents
from tests.guards.source import TEMPLATES, short, templates

SHARED = {"layouts", "components", "errors", "mail", "documents"}
"""Folders of templates that are no view's own."""
TEXTS = {"mail": rendering._environment, "responses": documents._environment}
"""Which environment reads the plain texts of a folder."""


def _name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", templates("*.html") + templates("*.txt"), ids=short)
def test_it_compiles_and_uses_what_it_imports(app: Flask, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    environment = app.jinja_env if path.suffix == ".html" else TEXTS[Path(_name(path)).parts[0]]
    environment.compile(source, name=_name(path), filename=str(path))
    parsed = environment.parse(source)
    used = {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "load"}
    for imported in parsed.find_all(nodes.FromImport):
        names = {name if isinstance(name, str) else name[1] for name in imported.names}
        assert names <= used, f"imports {sorted(names - used)} for nothing"
    for module in parsed.find_all(nodes.Import):
        assert module.target in used, f"imports {module.target} for nothing"


@pytest.mark.parametrize("path", templates("*.html"), ids=short)
def test_every_template_it_names_exists(app: Flask, path: Path) -> None:
    parsed = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    for node in parsed.find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)):
        named = getattr(node, "template", None)
        if isinstance(named, nodes.Const) and isinstance(named.value, str):
            assert (TEMPLATES / named.value).exists(), named.value


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
