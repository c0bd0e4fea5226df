"""The files that the guards read."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


def tracked() -> list[Path]:
    """Return what git keeps or would keep: everything that is not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return sorted({ROOT / name for name in said.split("\0") if name and (ROOT / name).is_file()})


def python(*folders: str) -> list[Path]:
    """Return the Python files under folders of the repository, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def templates(pattern: str = "*.*") -> list[Path]:
    """Return the templates, in order."""
    return sorted(path for path in TEMPLATES.rglob(pattern) if path.is_file())


def layer(path: Path) -> str:
    """Return the layer of a module in a capability: `forms` for cases/forms.py and for cases/forms/close.py alike."""
    return Path(*path.relative_to(ROOT / "app").parts[1:2]).stem


def short(path: Path) -> str:
    """Return a path as a person would name it."""
    return str(path.relative_to(ROOT))


def defined_names(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every name that a module gives to something, with its line; names it only uses belong to others."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
